"""What a downgrade leaves: the schema after it, what of it differs from before, and what it can't find."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from runcrew_lint.domains.migrations.facts import Kind, Migration, Operation, Relation
from runcrew_lint.domains.migrations.replay.sent import sent
from runcrew_lint.domains.migrations.schema import Schema, Table
from runcrew_lint.domains.migrations.table_differences import Difference, Verdict, in_tables, in_types
from runcrew_lint.tuples import NamedTuple

__all__ = ["Absence", "Difference", "Problem", "Verdict", "absences", "differences", "undone"]

_DOWN = ""  # what a downgrade makes bears no revision: what still does was left by the upgrade


def undone(schema: Schema, migration: Migration) -> Schema:
    """The schema once a revision's downgrade has run; `schema` is the one that its upgrade has left."""
    schema = schema.entering(_DOWN)
    for operation in migration.downgrade:
        schema = schema.after(operation, _DOWN)
    return schema


def differences(before: Schema, after: Schema) -> tuple[Difference, ...]:
    """What differs between the schema before an upgrade and the one after its downgrade.

    Neither positions of columns, comments nor the validity of constraints count, and nothing that is not
    known on both sides. Only what changed is looked at, so that this costs no more than the revision.
    """
    found = list(in_tables(before, after))
    found += in_types(before, after)
    found += _names(before, after)
    return tuple(found)


def _names(before: Schema, after: Schema) -> Iterator[Difference]:
    """Sequences, functions and extensions, which are there or not."""
    for key in before.sequences.changed(after.sequences):
        one, other = before.sequence(key), after.sequence(key)
        owned = one or other
        if (one is None) != (other is None) and owned is not None and not owned.table.name:
            yield _there(one is not None, "sequence", str(key))
    for key in before.functions.changed(after.functions):
        here, there = before.function(key), after.function(key)
        if here is None or there is None:
            yield _there(here is not None, "function", f"{key}()")
        elif here.body and there.body and here.body.split() != there.body.split():
            yield Difference(Verdict.CHANGED, "function", f"{key}()", "another body", "its own body")
    for name in before.extensions.changed(after.extensions):
        if (before.extensions.get(name) is None) != (after.extensions.get(name) is None):
            yield _there(before.extensions.get(name) is not None, "extension", name)


def _there(was: bool, what: str, name: str) -> Difference:
    return Difference(Verdict.MISSING if was else Verdict.LEFT, what, name)


class Problem(StrEnum):
    """Why an operation would fail."""

    ABSENT = "does not exist"
    PRESENT = "exists already"


class Absence(NamedTuple):
    """An operation of a downgrade that the server would refuse, and what it is about."""

    operation: Operation
    what: str
    problem: Problem


def absences(schema: Schema, migration: Migration) -> Iterator[Absence]:
    """The operations of a downgrade that name what is not there, or make what is.

    Only what the history itself has made, dropped or renamed is known well enough to say so.
    """
    schema = schema.entering(_DOWN)
    for operation in migration.downgrade:
        if not operation.if_exists and not operation.conditions:
            found = _problem(schema, sent(operation))
            if found is not None:
                yield Absence(operation, *found)
        schema = schema.after(operation, _DOWN)


_ON_COLUMNS = frozenset(
    {
        Kind.DROP_COLUMN,
        Kind.RENAME_COLUMN,
        Kind.ALTER_TYPE,
        Kind.SET_NOT_NULL,
        Kind.DROP_NOT_NULL,
        Kind.SET_DEFAULT,
        Kind.DROP_DEFAULT,
    }
)
_ON_TABLES = _ON_COLUMNS | {
    Kind.DROP_TABLE,
    Kind.DROP_VIEW,
    Kind.RENAME_TABLE,
    Kind.ADD_COLUMN,
    Kind.ADD_CONSTRAINT,
    Kind.DROP_CONSTRAINT,
    Kind.CREATE_INDEX,
}


def _problem(schema: Schema, operation: Operation) -> tuple[str, Problem] | None:
    kind, name = operation.kind, operation.table
    table = schema.table(name)
    if kind in (Kind.CREATE_TABLE, Kind.CREATE_VIEW):
        known = table is not None and table.made_in and not operation.replaces
        return (f"{table.kind} {name}", Problem.PRESENT) if known and table is not None else None
    if kind in _ON_TABLES and table is None and schema.dropped_in(name):
        return f"table {name}", Problem.ABSENT
    if kind is Kind.DROP_INDEX:
        return _index(schema, operation)
    if table is None or not table.complete or table.kind.is_view:
        return None
    return _in_table(table, operation)


def _in_table(table: Table, operation: Operation) -> tuple[str, Problem] | None:
    for column in operation.columns if operation.kind in _ON_COLUMNS else ():
        if column.name not in table.columns:
            return f"column {table.name}.{column.name}", Problem.ABSENT
    if operation.kind is Kind.ADD_COLUMN:
        for column in operation.columns:
            if column.name in table.columns:
                return f"column {table.name}.{column.name}", Problem.PRESENT
    if operation.kind is Kind.DROP_CONSTRAINT and operation.name and table.made_in:
        if operation.name[:63] not in table.constraints and not operation.name.endswith("_not_null"):
            return f"constraint {operation.name} of {table.name}", Problem.ABSENT
    if operation.kind is Kind.CREATE_INDEX and operation.name in table.indexes:
        return f"index {operation.name}", Problem.PRESENT
    return None


def _index(schema: Schema, operation: Operation) -> tuple[str, Problem] | None:
    """An index that is dropped: known not to be there where the table, which the history made, has none."""
    if not operation.table.name or not operation.name:
        return None
    table = schema.table(operation.table)
    if table is None or not table.complete or not table.made_in:
        return None
    at = Relation(operation.table.schema, operation.name)
    found = schema.table_of_index(at) is not None or operation.name[:63] in table.indexes
    return None if found else (f"index {operation.name} of {table.name}", Problem.ABSENT)
