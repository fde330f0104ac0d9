"""Which types a foreign key can't tie together: PostgreSQL has no `=` for them and refuses the key (42804).

Measured on 16 and 18. Of a type that stands in none of these lists nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.facts import Column, Constraint, Direction, Kind, Operation, Relation
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.domains.migrations.steps import Step
from runcrew_lint.patterns import lazily

_SIZE = lazily(r"\([^)]*\)")
_SORTS = (
    {"text", "character varying", "character", "name", "citext"},
    {"uuid"},
    {"boolean"},
    {"bytea"},
    {"json", "jsonb"},
    {"inet", "cidr"},
    {"date", "timestamp with time zone", "timestamp without time zone"},
)
_NUMBERS = len(_SORTS)
# What counts converts by itself in this order alone: a key of numeric takes an integer, not the reverse.
_COUNTS = {
    **dict.fromkeys(("smallint", "integer", "bigint"), 0),
    "numeric": 1,
    **dict.fromkeys(("real", "double precision"), 2),
}


def is_refused(column: str, key: str) -> bool:
    """Whether no column of the one type can refer to a key of the other."""
    one, other = _sort(column), _sort(key)
    if one is None or other is None:
        return False
    if one == other == _NUMBERS:
        return _COUNTS[_base(column)] > _COUNTS[_base(key)]
    return one != other


def _sort(type_: str) -> int | None:
    base = _base(type_)
    if base in _COUNTS:
        return _NUMBERS
    return next((at for at, sort in enumerate(_SORTS) if base in sort), None)


def _base(type_: str) -> str:
    """A type without its sizes: an array's brackets stay, and no list has them."""
    return " ".join(_SIZE.sub("", type_).split())


def untied(step: Step, constraint: Constraint) -> Iterator[tuple[str, str, str]]:
    """The columns of a new foreign key that can't refer to theirs: the column, and both types in words."""
    operation, schema, other = step.operation, step.schema, constraint.references
    if other is None or not _is_read(step):
        return
    for name, referred in zip(constraint.columns, _referred(constraint, schema), strict=False):
        column = _type(operation.table, name, operation, schema)
        key = _type(other, referred, operation, schema)
        if is_refused(column, key) and not _is_made_twice(
            step.lineage, (operation.table, name), (other, referred)
        ):
            yield name, column, f"{other}.{referred}, which is {key}"


def loosened(step: Step, column: Column) -> str:
    """The column on the other side of a foreign key that a column's new type can't go with; "" for none.

    Where a constraint of the two tables was dropped, it may have been this one: under a name that only the
    server knows, by CASCADE, or by this very statement, which drops first wherever it says so.
    """
    if not _is_read(step):
        return ""
    for other, said in _unequal(step.operation.table, column, step.schema):
        both = {step.operation.table.key, other.key}
        if not any(
            each.kind is Kind.DROP_CONSTRAINT and each.table.key in both
            for migration in step.lineage.migrations
            for each in migration.upgrade
        ):
            return said
    return ""


def _unequal(table: Relation, column: Column, schema: Schema) -> Iterator[tuple[Relation, str]]:
    found = schema.table(table)
    for state in found.constraints.values() if found is not None else ():
        made = state.constraint
        if made.references is not None and made.references.key != table.key:
            for name, referred in zip(made.columns, _referred(made, schema), strict=False):
                key = _standing(made.references, referred, schema)
                if name == column.name and is_refused(column.type, key):
                    yield made.references, f"it refers to {made.references}.{referred}, which is {key}"
    for other, state in schema.referencing(table):
        made = state.constraint
        for name, referred in zip(made.columns, _referred(made, schema), strict=False):
            own = _standing(other.name, name, schema)
            if referred == column.name and other.name.key != table.key and is_refused(own, column.type):
                yield other.name, f"{other.name}.{name}, which is {own}, refers to it"


def _is_made_twice(lineage: Lineage, *columns: tuple[Relation, str]) -> bool:
    """Whether the history makes a column with one type and with another: its runner leaves one out."""
    types: dict[tuple[Relation, str], set[str]] = {(table.key, name): set() for table, name in columns}
    for migration in lineage.migrations:
        for each in migration.upgrade:
            if each.kind in (Kind.CREATE_TABLE, Kind.ADD_COLUMN):
                for column in each.columns:
                    types.get((each.table.key, column.name), set()).add(column.type)
    return any(len(each) > 1 for each in types.values())


def _is_read(step: Step) -> bool:
    """Whether all before it in its revision is known: what is not may drop a key, or change a type."""
    return not any(
        each.direction is Direction.UPGRADE and each.first <= step.at for each in step.migration.unresolved
    )


def _referred(constraint: Constraint, schema: Schema) -> tuple[str, ...]:
    other = schema.table(constraint.references) if constraint.references is not None else None
    key = other.primary_key if other is not None else None
    return constraint.referred or (key.constraint.columns if key is not None else ())


def _type(table: Relation, name: str, operation: Operation, schema: Schema) -> str:
    """A column's type, where the statement itself brings it or the schema before it knows it."""
    if table.key == operation.table.key:
        for column in operation.columns:
            if column.name == name:
                return _known(column)
    return _standing(table, name, schema)


def _standing(table: Relation, name: str, schema: Schema) -> str:
    state = schema.column(table, name)
    return _known(state.column) if state is not None else ""


def _known(column: Column) -> str:
    return "" if {"*", "type"} & set(column.unknown) else column.type
