"""Tables as a revision builds them, and the names of what SQLAlchemy's objects stand for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from runcrew_lint.domains.migrations.arguments import Arguments, Change
from runcrew_lint.domains.migrations.columns import column_of
from runcrew_lint.domains.migrations.enums import labels_of, made_with
from runcrew_lint.domains.migrations.facts import (
    Column,
    Constraint,
    ConstraintKind,
    Form,
    Kind,
    Relation,
)
from runcrew_lint.domains.migrations.naming import cut
from runcrew_lint.domains.migrations.said import is_call, text_or_empty
from runcrew_lint.domains.migrations.table_parts import constraint_of, index_of, is_constraint, names_of
from runcrew_lint.domains.migrations.types import enum_name
from runcrew_lint.domains.migrations.values import STAR, Built, Instance, LocalClass, Member, Unclear, Value


def table_changes(table: Relation, items: Sequence[Value], call: Arguments) -> Iterator[Change]:
    """CREATE TABLE from its columns and constraints, and the indexes that its columns bring along.

    Errors:
        Unclear, after the table, where one of its parts can't be read: the table exists all the same.
    """
    columns: list[Column] = []
    constraints: list[Constraint] = []
    indexes: list[Change] = []
    missed = Unclear("a part", call.given[STAR].why) if STAR in call.given else None
    keys = _keys_of(items)
    foreign = frozenset(
        name
        for item in items
        if is_call(item, "ForeignKeyConstraint") and is_constraint(item)
        for name in constraint_of(item).columns
    )
    for item in items:
        if is_call(item, "PrimaryKeyConstraint") and not item.args and STAR not in item.kwargs:
            if keys:  # without columns of its own it takes those that say so, and without any it is left out
                constraints.append(replace(constraint_of(item), columns=tuple(keys)))
        elif is_constraint(item):
            if not _is_added_apart(item):
                constraints.append(constraint_of(item))
        elif is_call(item, "Index") and item.args:
            name = text_or_empty(item.args[0])
            index = index_of(tuple(item.args[1:]), dict(item.kwargs))
            indexes.append((Kind.CREATE_INDEX, {"table": table, "name": name, "index": index}))
        elif not is_call(item, "MetaData"):
            try:
                column, inline = column_of(item, call.place, frozenset(keys), foreign)
            except Unclear as unclear:
                missed = missed or unclear
                continue
            if inline and any(_is_added_apart(each) for each in item.args):
                column = replace(column, references=None)
                inline = [each for each in inline if each.kind is not ConstraintKind.FOREIGN_KEY]
            columns.append(column)
            constraints += inline
            if column.index:
                indexes.append(inline_index(table, column))
    if keys and not any(each.kind is ConstraintKind.PRIMARY_KEY for each in constraints):
        constraints.insert(0, Constraint(ConstraintKind.PRIMARY_KEY, columns=tuple(keys)))
    prefixes, parted = call.get("prefixes"), call.get("postgresql_partition_by")
    enums = {enum_name(each): labels_of(each) for item in items for each in made_with(item)}
    for name, labels in enums.items():
        yield Kind.CREATE_TYPE, {"name": name, "words": "enum", "values": labels, "form": Form.INLINE}
    yield (
        Kind.CREATE_TABLE,
        {
            "table": table,
            "columns": tuple(columns),
            "constraints": tuple(constraints),
            "partitioned": isinstance(parted, str),
            "options": (("partition by", text_or_empty(parted)),) if isinstance(parted, str) else (),
            "temporary": isinstance(prefixes, (list, tuple))
            and any(str(each).lower() in ("temp", "temporary") for each in prefixes),
            "if_exists": call.flag("if_not_exists"),
        },
    )
    for kind, fields in indexes:
        yield kind, fields | {"form": Form.INLINE}
    if missed is not None:
        raise missed


def _is_added_apart(value: Value) -> bool:
    """Whether it is a foreign key that CREATE TABLE leaves to an ALTER TABLE, which Alembic does not send."""
    return isinstance(value, Built) and value.kwargs.get("use_alter") is True


def _keys_of(items: Sequence[Value]) -> list[str]:
    """The names of the primary key's columns."""
    names: list[str] = []
    for item in items:
        if is_call(item, "PrimaryKeyConstraint"):
            names += names_of(item.args)
        elif isinstance(item, Built) and item.kwargs.get("primary_key") is True:
            names.append(text_or_empty(item.args[0] if item.args else item.kwargs.get("name")))
    return names


def inline_index(table: Relation, column: Column) -> Change:
    index = index_of((column.name,), {"unique": column.unique})
    name = index_name(table, column.name)
    return Kind.CREATE_INDEX, {"table": table, "name": name, "index": index}


def index_name(table: Relation, column: str) -> str:
    """An index's name where none is given, and no naming convention: SQLAlchemy's `ix_%(column_0_label)s`."""
    schema = f"{table.schema}_" if table.schema not in ("", "?") else ""
    return cut(f"ix_{schema}{table.name}_{column}")


def table_named(value: Value) -> Relation:
    """The table that an object of SQLAlchemy's or a mapped class stands for; no name if it is not known."""
    while isinstance(value, Member):  # Model.__table__, table.c
        value = value.of
    if isinstance(value, Instance):
        value = value.of
    if isinstance(value, LocalClass):
        table = value.find("__table__")
        if table is not None:
            return table_named(table)
        options = value.find("__table_args__")
        found = options[-1] if isinstance(options, tuple) and options else options
        schema = found.get("schema") if isinstance(found, dict) else None
        name = value.find("__tablename__")
        return Relation(str(schema) if isinstance(schema, str) else "", text_or_empty(name))
    if is_call(value, "table", "Table", "TableClause") and value.args and isinstance(value.args[0], str):
        schema = value.kwargs.get("schema")
        return Relation(str(schema) if isinstance(schema, str) else "", str(value.args[0]))
    if is_call(value, "alias", "aliased") and value.args:
        return table_named(value.args[0])
    return Relation("", "")
