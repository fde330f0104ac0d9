"""What a DROP ... CASCADE takes along, as far as the history knows it."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.facts import Kind, Relation
from runcrew_lint.domains.migrations.schema import Schema, Table
from runcrew_lint.domains.migrations.steps import Step


def taken_along(step: Step) -> tuple[str, ...] | None:
    """The other things that go, in words; None where nothing but the thing itself can go.

    An empty tuple says that it may take along what the history does not know.
    """
    operation = step.operation
    if not operation.cascade:
        return None
    together, schema = step.statement
    if operation.kind in (Kind.DROP_TABLE, Kind.DROP_VIEW):
        named = frozenset(each.table.key for each in together)
        found = tuple(_of_table(schema, operation.table, named))
        return found or (None if _is_known(schema.table(operation.table)) else ())
    if operation.kind is Kind.DROP_COLUMN:
        found = tuple(_of_column(schema, operation.table, operation.columns[0].name))
        return found or (None if _is_known(schema.table(operation.table)) else ())
    if operation.kind is Kind.DROP_CONSTRAINT:
        found = tuple(_of_key(schema, operation.table, operation.name))
        return found or (None if schema.constraint(operation.table, operation.name) is not None else ())
    if operation.kind is Kind.DROP_TYPE:
        name = _relation(operation.name)
        users = tuple(
            f"the column {table.name}.{state.column.name}" for table, state in schema.users_of(name)
        )
        return users or (None if schema.type(name) is not None else ())
    if operation.kind is Kind.DROP_SEQUENCE:
        defaults = tuple(
            f"the default of {table.name}.{state.column.name}"
            for table, state in schema.defaults_by(operation.table)
        )
        return defaults or (None if schema.sequence(operation.table) is not None else ())
    return ()


def _is_known(table: Table | None) -> bool:
    return table is not None and bool(table.made_in)


def _relation(name: str) -> Relation:
    schema, _, own = name.rpartition(".")
    return Relation(schema, own)


def _of_table(schema: Schema, table: Relation, named: frozenset[Relation]) -> Iterator[str]:
    for other, state in schema.referencing(table):
        if other.name.key not in named:
            yield f"the foreign key {state.name} of {other.name}"
    for view in schema.readers(table):
        if view.name.key not in named:
            yield f"the {view.kind} {view.name}"


def _of_column(schema: Schema, table: Relation, column: str) -> Iterator[str]:
    for other, state in schema.referencing(table):
        if column in state.constraint.referred:
            yield f"the foreign key {state.name} of {other.name}"
    for view in schema.readers(table, column):
        yield f"the {view.kind} {view.name}"


def _of_key(schema: Schema, table: Relation, name: str) -> Iterator[str]:
    key = schema.constraint(table, name)
    for other, state in schema.referencing(table):
        if key is not None and sorted(state.constraint.referred) == sorted(key.constraint.columns):
            yield f"the foreign key {state.name} of {other.name}"
