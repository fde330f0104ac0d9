"""Whether a new key takes the place of another one, so that the two can't be made and dropped apart."""

from __future__ import annotations

from runcrew_lint.checks.migrations._moves import words_of
from runcrew_lint.checks.migrations._together import key_columns
from runcrew_lint.domains.migrations.facts import (
    ConstraintKind,
    Direction,
    Kind,
    Migration,
    Operation,
    Relation,
)
from runcrew_lint.domains.migrations.schema import Schema, Table
from runcrew_lint.domains.migrations.steps import Step
from runcrew_lint.domains.migrations.vocabulary import SAID_KINDS

_KEYS = (ConstraintKind.UNIQUE, ConstraintKind.PRIMARY_KEY)


def takes_over(step: Step, words: set[str]) -> bool:
    """Whether the revision takes a key of these columns away, too: its transaction keeps doubles out.

    A primary key that takes another one's place stays with it, of whatever columns: without one a table has
    no replica identity. What can't be read may take away each key that the table has, and so may what comes
    before the revision gives the table its name.
    """
    table = step.operation.table.key
    if any(_gives_name(each, table) for each in step.migration.upgrade):
        return True
    steps = step.lineage.steps(step.migration)
    words = _by_all_names(step.migration, table, words)
    if any(each.kind is ConstraintKind.PRIMARY_KEY for each in step.operation.constraints):
        words = words.union(*(_primary(schema.table(table)) for _, schema in steps))
    if any(each.direction is Direction.UPGRADE for each in step.migration.unresolved):
        before = step.lineage.before(step.migration.revision).table(step.operation.table)
        if before is None or not before.complete or _is_in_key(before, words):
            return True
    return any(
        taken is None or bool(words & taken)
        for operation, schema in steps
        if (taken := _taken_key(operation, schema, table)) != set()
    )


def _gives_name(operation: Operation, table: Relation) -> bool:
    """Whether the table had another name, or stood in another schema, before the operation."""
    is_move = operation.kind in (Kind.RENAME_TABLE, Kind.SET_SCHEMA)
    return is_move and operation.target is not None and operation.target.key == table


def _by_all_names(migration: Migration, table: Relation, words: set[str]) -> set[str]:
    """The words, and what their columns were called before the revision renamed them."""
    found = set(words)
    for each in reversed(migration.upgrade):
        if each.kind is Kind.RENAME_COLUMN and each.table.key == table and each.name in found:
            found.add(each.columns[0].name)
    return found


def _is_in_key(table: Table, words: set[str]) -> bool:
    """Whether a key of the table, which has an index, is about one of them."""
    unique = [each.index for each in table.indexes.values() if each.index.unique]
    return any(not words.isdisjoint(words_of(*each.keys)) for each in unique)


def _primary(table: Table | None) -> set[str]:
    key = table.primary_key if table is not None else None
    return set(key.constraint.columns) if key is not None else set()


def _taken_key(operation: Operation, schema: Schema, table: Relation) -> set[str] | None:
    """The columns of a key that an operation takes away from the table; none for no key, None for unknown."""
    if operation.kind is Kind.DROP_INDEX:
        on = schema.table_of_index(operation.table._replace(name=operation.name)) or operation.table
        if on.key not in (table, Relation("", "")):
            return set()
        known = schema.table(on)
        index = known.indexes.get(operation.name) if known is not None else None
        if index is None:
            return None
        return words_of(*index.index.keys) if index.index.unique else set()
    known = schema.table(operation.table)
    if operation.kind is Kind.DROP_COLUMN and operation.table.key == table:
        return key_columns(known, operation.columns[0].name)
    if operation.kind is not Kind.DROP_CONSTRAINT or operation.table.key != table:
        return set()
    state = known.constraints.get(operation.name) if known is not None else None
    if state is not None:
        return set(state.constraint.columns) if state.kind in _KEYS else set()
    kind = SAID_KINDS.get(operation.option("type"))
    return None if kind is None or kind in _KEYS else set()
