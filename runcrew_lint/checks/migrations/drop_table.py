"""drop-table: a table goes while code that was deployed before still uses it."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._cascades import taken_along
from runcrew_lint.checks.migrations._told import stands_afterwards, told
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each DROP TABLE of a table that others use.

    A table that another takes the place of in this revision is swapped, not dropped; one that CASCADE
    takes others along with is drop-cascade's.
    """
    for step in judged_steps(repository.derive(history_of), policy, Kind.DROP_TABLE):
        table = step.table
        if step.may_be_new_table or (table is not None and table.temporary) or _is_gone(step):
            continue
        if taken_along(step) is not None or stands_afterwards(step):
            continue
        name = step.operation.table
        yield told(
            step, f"dropping {name} takes its rows for good, and code that still reads it fails at once"
        )


def _is_gone(step: Step) -> bool:
    """Whether IF EXISTS leaves nothing to drop: the history has dropped the table before, or the revision
    makes it only now, so that nothing but what an earlier try has left can be there.
    """
    operation = step.operation
    if step.table is not None or not operation.if_exists:
        return False
    made = (each.table for each in step.migration.upgrade if each.kind is Kind.CREATE_TABLE)
    return bool(step.schema.dropped_in(operation.table)) or operation.table in made
