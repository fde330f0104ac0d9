"""lock-table: a revision locks a table by hand."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._order import behind
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, is_small, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each LOCK TABLE on a table that others use, in a mode that they wait for."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.LOCK):
        if step.may_be_new_table or is_small(step.operation.table, policy):
            continue
        mode = step.effect.lock(step.operation.table)
        if mode is not None and mode.blocks_writes:
            yield told(step, f"LOCK TABLE holds {step.operation.table} in {mode} until {_end(step)}")


def _end(step: Step) -> str:
    """When the lock is given back: at the end of the transaction, be it the tool's or the revision's own."""
    later = behind(step.operation, step.migration.upgrade)
    if any(each.kind in (Kind.COMMIT, Kind.ROLLBACK) for each in later):
        return "its transaction is over"
    return "the whole revision is done"
