"""truncate: a table loses all its rows."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each table that TRUNCATE empties; with CASCADE it is truncate-cascade's."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.TRUNCATE):
        if step.operation.cascade or step.may_be_new_table or _is_empty(step):
            continue
        name = step.operation.table
        yield told(step, f"TRUNCATE removes every row of {name} for good while all who read it wait")


def _is_empty(step: Step) -> bool:
    """Whether this revision has emptied it already."""
    return step.table is not None and step.table.emptied_in == step.migration.revision
