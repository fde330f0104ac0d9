"""The schema that a history builds, replayed one operation at a time; a schema never changes.

A table that no operation made exists all the same, with columns that are not known. What the replay
follows today is what the rules ask: tables, columns with their nullability, default and comment, indexes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from runcrew_lint.domains.migrations.facts import Column, ConstraintKind, Kind, Operation, Relation
from runcrew_lint.domains.migrations.shelves import Shelves


@dataclass(frozen=True, slots=True)
class ColumnState:
    """A column as it stands; `made_in` and `comment_in` are revisions, "" where none is known."""

    column: Column
    made_in: str = ""
    comment_in: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table (or a view) as it stands.

    Arguments:
        made_in: the revision that made it, "" for one that no operation made.
        emptied_in: the revision that last removed all its rows.
        filled: whether rows were put in since it was made or emptied.
    """

    name: Relation
    made_in: str = ""
    columns: Mapping[str, ColumnState] = field(default_factory=dict)
    partitioned: bool = False
    temporary: bool = False
    emptied_in: str = ""


@dataclass(frozen=True, slots=True)
class Schema:
    """All tables and indexes at one point of the history."""

    tables: Shelves[Relation, Table] = field(default_factory=Shelves)
    indexes: Shelves[Relation, Relation] = field(default_factory=Shelves)

    def table(self, name: Relation) -> Table | None:
        """The table of that name, or None where no operation made or named it."""
        return self.tables.get(name.key)

    def column(self, table: Relation, name: str) -> ColumnState | None:
        """The column, or None where nothing is known of it."""
        found = self.table(table)
        return found.columns.get(name) if found is not None else None

    def table_of_index(self, name: Relation) -> Relation | None:
        """The table that an index is on, or None where that is not known."""
        return self.indexes.get(name.key)

    def after(self, operation: Operation, revision: str) -> Schema:
        """The schema once the operation has run."""
        change = _CHANGES.get(operation.kind)
        return change(self, operation, revision) if change else self

    def _with(self, table: Table) -> Schema:
        return replace(self, tables=self.tables.put(table.name.key, table))

    def _some(self, name: Relation) -> Table:
        return self.table(name) or Table(name)


def _create_table(schema: Schema, operation: Operation, revision: str) -> Schema:
    if operation.if_exists and schema.table(operation.table) is not None:
        return schema
    keys = {
        name
        for constraint in operation.constraints
        if constraint.kind is ConstraintKind.PRIMARY_KEY
        for name in constraint.columns
    }
    columns = {
        each.name: ColumnState(
            replace(each, nullable=False) if each.name in keys else each, revision, _commented(each, revision)
        )
        for each in operation.columns
    }
    made = Table(
        operation.table, revision, columns, operation.partitioned, operation.temporary, emptied_in=revision
    )
    return schema._with(made)


def _commented(column: Column, revision: str) -> str:
    return revision if column.comment is not None else ""


def _drop_table(schema: Schema, operation: Operation, revision: str) -> Schema:
    del revision
    return replace(schema, tables=schema.tables.without(operation.table.key))


def _rename_table(schema: Schema, operation: Operation, revision: str) -> Schema:
    del revision
    if operation.target is None:
        return schema
    table = schema._some(operation.table)
    moved = replace(table, name=operation.target)
    return replace(schema, tables=schema.tables.without(operation.table.key))._with(moved)


def _column(schema: Schema, operation: Operation, name: str, state: ColumnState | None) -> Schema:
    table = schema._some(operation.table)
    columns = {kept: each for kept, each in table.columns.items() if kept != name}
    if state is not None:
        columns[state.column.name] = state
    return schema._with(replace(table, columns=columns))


def _add_column(schema: Schema, operation: Operation, revision: str) -> Schema:
    (column,) = operation.columns
    if operation.if_exists and schema.column(operation.table, column.name) is not None:
        return schema
    state = ColumnState(column, revision, _commented(column, revision))
    return _column(schema, operation, column.name, state)


def _drop_column(schema: Schema, operation: Operation, revision: str) -> Schema:
    del revision
    return _column(schema, operation, operation.columns[0].name, None)


def _altered(
    change: Callable[[ColumnState, Operation, str], ColumnState],
) -> Callable[[Schema, Operation, str], Schema]:
    def apply(schema: Schema, operation: Operation, revision: str) -> Schema:
        name = operation.columns[0].name
        before = schema.column(operation.table, name) or ColumnState(Column(name, unknown=("*",)))
        return _column(schema, operation, name, change(before, operation, revision))

    return apply


def _renamed(state: ColumnState, operation: Operation, revision: str) -> ColumnState:
    del revision
    return replace(state, column=replace(state.column, name=operation.name))


def _typed(state: ColumnState, operation: Operation, revision: str) -> ColumnState:
    del revision
    return replace(state, column=replace(state.column, type=operation.columns[0].type))


def _nullable(state: ColumnState, operation: Operation, revision: str) -> ColumnState:
    del revision
    nullable = operation.kind is Kind.DROP_NOT_NULL
    return replace(state, column=replace(state.column, nullable=nullable))


def _defaulted(state: ColumnState, operation: Operation, revision: str) -> ColumnState:
    del revision
    default = operation.columns[0].default if operation.kind is Kind.SET_DEFAULT else None
    return replace(state, column=replace(state.column, default=default))


def _comment(state: ColumnState, operation: Operation, revision: str) -> ColumnState:
    told = operation.columns[0]
    unknown = tuple(each for each in state.column.unknown if each != "comment")
    column = replace(state.column, comment=told.comment, unknown=(*unknown, *told.unknown))
    return replace(state, column=column, comment_in=revision)


def _create_index(schema: Schema, operation: Operation, revision: str) -> Schema:
    del revision
    if not operation.name:
        return schema
    index = Relation(operation.table.schema, operation.name).key
    return replace(schema, indexes=schema.indexes.put(index, operation.table))


def _drop_index(schema: Schema, operation: Operation, revision: str) -> Schema:
    del revision
    index = Relation(operation.table.schema, operation.name).key
    return replace(schema, indexes=schema.indexes.without(index))


def _rename_index(schema: Schema, operation: Operation, revision: str) -> Schema:
    table = schema.table_of_index(Relation(operation.table.schema, operation.name))
    gone = _drop_index(schema, operation, revision)
    if table is None or operation.target is None:
        return gone
    return replace(gone, indexes=gone.indexes.put(operation.target.key, table))


def _emptied(schema: Schema, operation: Operation, revision: str) -> Schema:
    if operation.kind is Kind.DELETE and not operation.whole:
        return schema
    if not operation.table.name:
        return schema
    return schema._with(replace(schema._some(operation.table), emptied_in=revision))


def _filled(schema: Schema, operation: Operation, revision: str) -> Schema:
    del revision
    table = schema.table(operation.table)
    return schema._with(replace(table, emptied_in="")) if table is not None else schema


_CHANGES: Mapping[Kind, Callable[[Schema, Operation, str], Schema]] = {
    Kind.CREATE_TABLE: _create_table,
    Kind.CREATE_VIEW: _create_table,
    Kind.DROP_TABLE: _drop_table,
    Kind.DROP_VIEW: _drop_table,
    Kind.RENAME_TABLE: _rename_table,
    Kind.SET_SCHEMA: _rename_table,
    Kind.ADD_COLUMN: _add_column,
    Kind.DROP_COLUMN: _drop_column,
    Kind.RENAME_COLUMN: _altered(_renamed),
    Kind.ALTER_TYPE: _altered(_typed),
    Kind.SET_NOT_NULL: _altered(_nullable),
    Kind.DROP_NOT_NULL: _altered(_nullable),
    Kind.SET_DEFAULT: _altered(_defaulted),
    Kind.DROP_DEFAULT: _altered(_defaulted),
    Kind.COMMENT_COLUMN: _altered(_comment),
    Kind.CREATE_INDEX: _create_index,
    Kind.DROP_INDEX: _drop_index,
    Kind.RENAME_INDEX: _rename_index,
    Kind.TRUNCATE: _emptied,
    Kind.DELETE: _emptied,
    Kind.INSERT: _filled,
    Kind.UPDATE: lambda schema, operation, revision: schema,
}
