"""refresh-not-concurrent: a materialized view can't be read while it is filled."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, is_small, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each plain REFRESH of a materialized view that others read."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.REFRESH):
        if step.operation.concurrently or step.may_be_new_table or is_small(step.operation.table, policy):
            continue
        yield told(step, f"nobody can read {step.operation.table} while it is filled anew", help=_help(step))


def _help(step: Step) -> str:
    """What is missing, where the history knows: CONCURRENTLY needs a unique index over plain columns."""
    table = step.table
    if table is None or not table.made_in:
        return ""
    fit = any(each.index.unique and not each.index.where for each in table.indexes.values())
    return (
        ""
        if fit
        else f"give {table.name} a unique index on plain columns first, then refresh it CONCURRENTLY"
    )
