"""rename-column: a column changes its name under the code that uses it."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._order import before
from runcrew_lint.checks.migrations._standing import is_made_here
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each older column whose name is gone once its revision has run."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.RENAME_COLUMN):
        operation = step.operation
        old, new = operation.columns[0].name, operation.name
        if old == new or step.may_be_new_table or not _is_missed(step, old):
            continue
        yield told(
            step, f"code that runs during the deploy asks {operation.table} for {old}, which is {new} now"
        )


def _is_missed(step: Step, name: str) -> bool:
    """Whether the column was there before, and neither it nor another of its name is afterwards."""
    table = step.operation.table
    if is_made_here(step, step.schema.column(table, name)) or _is_in_between(step, name):
        return False
    after = step.lineage.after(step.migration.revision)
    return after.table(table) is not None and after.column(table, name) is None


def _is_in_between(step: Step, name: str) -> bool:
    """Whether this revision itself gave the column that name."""
    return any(
        each.kind is Kind.RENAME_COLUMN and each.name == name and each.table.key == step.operation.table.key
        for each in before(step.operation, step.migration.upgrade)
    )
