"""The mends of unique constraints and primary keys: where they stand, or in a revision of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from runcrew_lint.checks.migrations._constraints import is_there_already
from runcrew_lint.checks.migrations._mends import is_buildable, key_mend, key_statements
from runcrew_lint.checks.migrations._moves import (
    Unit,
    can_move,
    is_needed,
    mends,
    undone_by,
)
from runcrew_lint.checks.migrations._swaps import swapped_key
from runcrew_lint.checks.migrations._taken_keys import takes_over
from runcrew_lint.domains.migrations.facts import Constraint, ConstraintKind, Kind, Operation
from runcrew_lint.domains.migrations.quoting import qualified, quoted
from runcrew_lint.domains.migrations.steps import Step
from runcrew_lint.domains.migrations.vocabulary import SAID_KINDS
from runcrew_lint.model.mend import MendRequest


def key_mends(found: Sequence[tuple[Step, Constraint]]) -> Mapping[tuple[str, int], MendRequest]:
    """The mend of each key, by its path and place."""
    constraints = {(step.migration.path, step.at): _named(step, constraint) for step, constraint in found}

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


def _named(step: Step, constraint: Constraint) -> Constraint:
    """A key with the name that it gets where it is given none; as it is where that is not known."""
    table = step.lineage.after(step.migration.revision).table(step.operation.table)
    unsure = not step.lineage.names_are_known
    if constraint.name or constraint.include or unsure or table is None or not table.complete:
        return constraint
    if is_there_already(step.table, constraint):
        return constraint
    names = [
        each.name
        for each in table.constraints.values()
        if each.kind is constraint.kind
        and each.constraint.columns == constraint.columns
        and each.made_in == step.migration.revision
    ]
    return replace(constraint, name=names[0]) if len(names) == 1 else constraint


def _unit(step: Step, constraint: Constraint) -> Unit | None:
    """A key as a part of a revision of its own; None where it can't be."""
    operation, migration, name = step.operation, step.migration, constraint.name
    after = step.lineage.after(migration.revision).table(operation.table)
    columns = set(constraint.columns)
    if not can_move(step) or not is_buildable(after, constraint) or takes_over(step, columns):
        return None
    if constraint.kind is ConstraintKind.PRIMARY_KEY and not is_buildable(step.table, constraint):
        return None  # the key itself would make a column NOT NULL, and search every row for it
    if is_needed(step, name, columns, is_key=True):
        return None
    dropped = [
        each
        for each in migration.downgrade
        if each.kind is Kind.DROP_CONSTRAINT and each.table.key == operation.table.key
    ]
    # A drop that names nothing fails as it stands: it is meant for the one key that is given no name.
    is_given = bool(operation.constraints[0].name)
    nameless = [each for each in dropped if not (each.name or is_given) and _may_be(each, constraint)]
    strangers = [each for each in dropped if after is None or each.name not in after.constraints]
    if strangers not in ([], nameless):
        return None  # one of them may be this one, by the name that a convention gave it
    back = undone_by(migration, lambda each: each in dropped and (each.name == name or each in nameless))
    if back is None:
        return None
    *built, taken = key_statements(operation.table, constraint)
    undo = f"ALTER TABLE {qualified(operation.table)} DROP CONSTRAINT {quoted(name)}"
    return Unit(step, block=tuple(built), plain=(taken,), undo=(undo,), back=back)


def _may_be(drop: Operation, constraint: Constraint) -> bool:
    """Whether a drop says the constraint's kind, or none."""
    return SAID_KINDS.get(drop.option("type"), constraint.kind) is constraint.kind
