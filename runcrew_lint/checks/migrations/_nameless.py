"""The names of constraints that downgrade() drops by None: the server gave them to what upgrade() made."""

from __future__ import annotations

from dataclasses import replace

from runcrew_lint.checks.migrations._constraints import is_there_already
from runcrew_lint.domains.migrations.facts import (
    UNNAMED,
    ConstraintKind,
    Direction,
    Kind,
    Migration,
    Operation,
)
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.schema import ConstraintState, Schema, Table
from runcrew_lint.domains.migrations.vocabulary import SAID_KINDS
from runcrew_lint.model.mend import MendRequest, Plain


def is_nameless(operation: Operation) -> bool:
    """Whether it drops a constraint by None."""
    return operation.kind is Kind.DROP_CONSTRAINT and operation.words == UNNAMED and not operation.conditions


def naming_mend(lineage: Lineage, migration: Migration) -> MendRequest | None:
    """The mend that says the names in downgrade(); None where one is not sure.

    What upgrade() leaves without a name, or else all that it makes, has to be just what downgrade() drops
    without one. Another database names otherwise, and a convention may change a name that is given.
    """
    renames = any("%(constraint_name)" in pattern for pattern in lineage.naming.values())
    if lineage.others or renames or migration.tool != "alembic":
        return None
    schema = lineage.after(migration.revision).entering(migration.revision, lineage.settings)
    calls: list[Plain] = []
    for at, operation in enumerate(migration.downgrade):
        if is_nameless(operation):
            name = _name(operation, migration.downgrade[at:], schema, migration)
            if not name or operation.repeats:
                return None
            calls.append((operation.call.start, operation.call.end, name))
            operation = replace(operation, name=name, words="")
        schema = schema.after(operation, migration.revision)
    first = next(each for each in migration.downgrade if is_nameless(each))
    place = migration.place(first.call, Direction.DOWNGRADE)
    return MendRequest("python_columns.dropped_by_name", place, (("calls", tuple(calls)),))


def _name(drop: Operation, rest: tuple[Operation, ...], schema: Schema, migration: Migration) -> str:
    """The name of what a drop is about, the first of the `rest` of downgrade(); "" where it is not sure."""
    table = schema.table(drop.table)
    if table is None:
        return ""
    dropped = {each.name for each in migration.downgrade if each.kind is Kind.DROP_CONSTRAINT}
    given = {each.name for operation in migration.upgrade for each in operation.constraints}
    kind = SAID_KINDS.get(drop.option("type"))

    def is_meant(state: ConstraintState) -> bool:
        is_of_kind = state.kind is kind or (kind is None and state.kind is not ConstraintKind.NOT_NULL)
        return is_of_kind and state.made_in == migration.revision and state.name not in dropped

    to_go = [
        each
        for each in rest
        if is_nameless(each) and each.table.key == drop.table.key and each.options == drop.options
    ]
    meant = [each for each in table.constraints.values() if is_meant(each)]
    # Somebody may have given the name in upgrade() since, as another fix does.
    for found in ([each for each in meant if each.name not in given], meant):
        if found and len(found) == len(to_go):
            if is_there_already(table, found[-1].constraint, but=migration.revision):
                return ""
            return found[-1].name if table.complete or _was_free(found[-1], table, migration) else ""
    return ""


def _was_free(state: ConstraintState, table: Table, migration: Migration) -> bool:
    """Whether no older constraint can have had the name: its columns are new, or it went by that name."""
    gone = {each.name for each in migration.upgrade if each.kind is Kind.DROP_CONSTRAINT}
    columns = [table.columns.get(name) for name in state.constraint.columns]
    are_new = all(each is not None and each.made_in == migration.revision for each in columns)
    return state.name in gone or (bool(columns) and are_new)
