"""The mends of unique constraints and primary keys: where they stand, or in a revision of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from runcrew_lint.checks.migrations._mends import is_buildable, key_mend, key_statements
from runcrew_lint.checks.migrations._moves import (
    Unit,
    can_move,
    is_needed,
    mends,
    takes_over,
    undone_by,
)
from runcrew_lint.checks.migrations._swaps import swapped_key
from runcrew_lint.domains.migrations.facts import Constraint, Kind
from runcrew_lint.domains.migrations.quoting import qualified, quoted
from runcrew_lint.domains.migrations.steps import Step
from runcrew_lint.model.mend import MendRequest


def key_mends(found: Sequence[tuple[Step, Constraint]]) -> Mapping[tuple[str, int], MendRequest]:
    """The mend of each key, by its path and place."""
    constraints = {(step.migration.path, step.at): constraint for step, constraint in found}

    def of(step: Step) -> Constraint:
        return constraints[step.migration.path, step.at]

    title = "builds its index CONCURRENTLY, and takes it over, in a new revision right after this one: {path}"
    return mends(
        (step for step, _ in found),
        (lambda step: key_mend(step, of(step)), lambda step: swapped_key(step, of(step))),
        lambda step: _unit(step, of(step)),
        title,
        "key of {tables}",
    )


def _unit(step: Step, constraint: Constraint) -> Unit | None:
    """A key as a part of a revision of its own; None where it can't be."""
    operation, migration, name = step.operation, step.migration, constraint.name
    after = step.lineage.after(migration.revision).table(operation.table)
    columns = set(constraint.columns)
    if not can_move(step) or not is_buildable(after, constraint) or takes_over(step, columns):
        return None
    if is_needed(step, name, columns, is_key=True):
        return None
    dropped = [
        each
        for each in migration.downgrade
        if each.kind is Kind.DROP_CONSTRAINT and each.table.key == operation.table.key
    ]
    if after is None or any(each.name not in after.constraints for each in dropped):
        return None  # one of them may be this one, by the name that a convention gave it
    back = undone_by(migration, lambda each: each in dropped and each.name == name)
    if back is None:
        return None
    *built, taken = key_statements(operation.table, constraint)
    undo = f"ALTER TABLE {qualified(operation.table)} DROP CONSTRAINT {quoted(name)}"
    return Unit(step, block=tuple(built), plain=(taken,), undo=(undo,), back=back)
