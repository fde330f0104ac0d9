"""What each `op.*` and `batch_op.*` of Alembic does, one function an operation.

The parameters are those of Alembic's "Operation Reference".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runcrew_lint.domains.migrations.columns import (
    Place,
    column_of,
    constraint_of,
    deferring,
    index_of,
    is_call,
    is_constraint,
    is_unknown,
    names_of,
    sql_default,
    text_of,
    text_or_empty,
)
from runcrew_lint.domains.migrations.enums import labels_of, made_with
from runcrew_lint.domains.migrations.facts import (
    Column,
    Constraint,
    ConstraintKind,
    Form,
    Kind,
    Relation,
)
from runcrew_lint.domains.migrations.types import enum_name, from_value
from runcrew_lint.domains.migrations.values import REST, STAR, Built, Unclear, Unknown, Value, unknown_of

Fields = dict[str, Any]
Change = tuple[Kind, Fields]  # an operation's kind, and its fields as keyword arguments
_MISSING = Unknown("the argument is missing")


@dataclass(slots=True, eq=False)
class Arguments:
    """A call's arguments by Alembic's own parameter names; `more` are those of a star parameter."""

    given: Mapping[str, Value]
    more: Sequence[Value]
    place: Place
    batch: Relation | None = None

    def get(self, name: str, otherwise: Value = None) -> Value:
        """An argument, or what it is when it is not given."""
        given = self.given
        return given[name] if name in given else given.get(REST, otherwise)

    def text(self, name: str, what: str) -> str:
        """A text that must be known."""
        return text_of(self.get(name, _MISSING), what)

    def flag(self, name: str) -> bool:
        """Whether a flag is known to be on."""
        return self.get(name) is True

    def table(self, name: str = "table_name") -> Relation:
        """The table that is acted on: the batch's, else the argument's with its schema."""
        if self.batch is not None:
            return self.batch
        given = self.given
        if "schema" not in given and REST not in given and type(given.get(name)) is str:
            return Relation("", given[name])
        return Relation(self.schema(), self.text(name, "the table"))

    def schema(self, name: str = "schema") -> str:
        """The schema: "" where none is given, "?" where it can't be known."""
        value = self.get(name)
        if value is None:
            return ""
        return str(value) if isinstance(value, str) else "?"


def _create_table(call: Arguments) -> Iterator[Change]:
    table = call.table()
    yield from table_changes(table, call.more, call)


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
    for item in items:
        if is_constraint(item):
            constraints.append(constraint_of(item))
        elif is_call(item, "Index") and item.args:
            name = text_or_empty(item.args[0])
            index = index_of(tuple(item.args[1:]), dict(item.kwargs))
            indexes.append((Kind.CREATE_INDEX, {"table": table, "name": name, "index": index}))
        elif not is_call(item, "MetaData"):
            try:
                column, inline = column_of(item, call.place, frozenset(keys))
            except Unclear as unclear:
                missed = missed or unclear
                continue
            columns.append(column)
            constraints += inline
            if column.index:
                indexes.append(_inline_index(table, column))
    if keys and not any(each.kind is ConstraintKind.PRIMARY_KEY for each in constraints):
        constraints.insert(0, Constraint(ConstraintKind.PRIMARY_KEY, columns=tuple(keys)))
    prefixes = call.get("prefixes")
    enums = {enum_name(each): labels_of(each) for item in items for each in made_with(item)}
    for name, labels in enums.items():
        yield Kind.CREATE_TYPE, {"name": name, "words": "enum", "values": labels, "form": Form.INLINE}
    yield (
        Kind.CREATE_TABLE,
        {
            "table": table,
            "columns": tuple(columns),
            "constraints": tuple(constraints),
            "partitioned": isinstance(call.get("postgresql_partition_by"), str),
            "temporary": isinstance(prefixes, (list, tuple))
            and any(str(each).lower() in ("temp", "temporary") for each in prefixes),
            "if_exists": call.flag("if_not_exists"),
        },
    )
    for kind, fields in indexes:
        yield kind, fields | {"form": Form.INLINE}
    if missed is not None:
        raise missed


def _keys_of(items: Sequence[Value]) -> list[str]:
    """The names of the primary key's columns."""
    names: list[str] = []
    for item in items:
        if is_call(item, "PrimaryKeyConstraint"):
            names += names_of(item.args)
        elif isinstance(item, Built) and item.kwargs.get("primary_key") is True:
            names.append(text_or_empty(item.args[0] if item.args else item.kwargs.get("name")))
    return names


def _inline_index(table: Relation, column: Column) -> Change:
    index = index_of((column.name,), {"unique": column.unique})
    name = f"ix_{table.name}_{column.name}"  # the name without a naming convention
    return Kind.CREATE_INDEX, {"table": table, "name": name, "index": index}


def _drop_table(call: Arguments) -> Iterator[Change]:
    yield Kind.DROP_TABLE, {"table": call.table(), "if_exists": call.flag("if_exists")}


def _rename_table(call: Arguments) -> Iterator[Change]:
    table = call.table("old_table_name")
    new = call.text("new_table_name", "the new name")
    yield Kind.RENAME_TABLE, {"table": table, "target": Relation(table.schema, new)}


def _add_column(call: Arguments) -> Iterator[Change]:
    table = call.table()
    column, constraints = column_of(call.get("column", _MISSING), call.place)
    fields: Fields = {
        "table": table,
        "columns": (column,),
        "constraints": tuple(constraints),
        "if_exists": call.flag("if_not_exists"),
    }
    yield Kind.ADD_COLUMN, fields
    if column.index:
        kind, index = _inline_index(table, column)
        yield kind, index | {"form": Form.INLINE}
    if column.comment is not None:
        told = Column(column.name, comment=column.comment)
        yield Kind.COMMENT_COLUMN, {"table": table, "columns": (told,), "form": Form.INLINE}


def _drop_column(call: Arguments) -> Iterator[Change]:
    column = Column(call.text("column_name", "the column"))
    yield Kind.DROP_COLUMN, {"table": call.table(), "columns": (column,), "if_exists": call.flag("if_exists")}


def _alter_column(call: Arguments) -> Iterator[Change]:
    """One change for each thing that is altered, in the order that Alembic sends them to PostgreSQL."""
    table = call.table()
    name = call.text("column_name", "the column")

    def made(kind: Kind, **fields: Any) -> Change:
        extra = fields.pop("fields", {})
        return kind, {"table": table, "columns": (Column(name, **fields),), **extra}

    if REST in call.given:
        raise Unclear("what is altered", call.given[REST].why)
    nullable = call.get("nullable")
    type_ = call.get("type_")
    default = call.get("server_default", False)
    comment = call.get("comment", False)
    if is_unknown(nullable):
        raise Unclear("whether the column is nullable", _why(nullable))
    if type_ is not None:
        spelled = from_value(type_)
        yield made(Kind.ALTER_TYPE, type=spelled, unknown=() if spelled else ("type",))
    if nullable is not None:
        yield made(Kind.DROP_NOT_NULL if nullable else Kind.SET_NOT_NULL, nullable=bool(nullable))
    if default is None:
        yield made(Kind.DROP_DEFAULT)
    elif is_call(default, "Identity", "Computed"):
        yield made(Kind.ALTER_TABLE, fields={"words": f"alter column {default.name.lower()}"})
    elif default is not False:
        yield made(Kind.SET_DEFAULT, default=sql_default(default))
    if comment is not False:
        known = comment is None or isinstance(comment, str)
        told = str(comment) if isinstance(comment, str) else None
        yield made(Kind.COMMENT_COLUMN, comment=told, unknown=() if known else ("comment",))
    new = call.get("new_column_name")
    if new is not None:
        yield made(Kind.RENAME_COLUMN, fields={"name": text_of(new, "the new name")})


def _why(value: Value) -> str:
    unknown = unknown_of(value)
    return unknown.why if unknown else "it is not known"


def _create_index(call: Arguments) -> Iterator[Change]:
    concurrently = call.get("postgresql_concurrently")
    if is_unknown(concurrently):
        raise Unclear("the CONCURRENTLY", _why(concurrently))
    yield (
        Kind.CREATE_INDEX,
        {
            "table": call.table(),
            "name": text_or_empty(call.get("index_name")),
            "index": index_of(call.get("columns"), dict(call.given)),
            "concurrently": call.flag("postgresql_concurrently"),
            "if_exists": call.flag("if_not_exists"),
        },
    )


def _drop_index(call: Arguments) -> Iterator[Change]:
    name = call.text("index_name", "the index")
    table = call.batch
    if table is None:
        given = call.get("table_name")
        table = Relation(call.schema(), text_or_empty(given))
    yield (
        Kind.DROP_INDEX,
        {
            "table": table,
            "name": name,
            "concurrently": call.flag("postgresql_concurrently"),
            "if_exists": call.flag("if_exists"),
        },
    )


def _add_constraint(constraint: Constraint, table: Relation) -> Iterator[Change]:
    yield Kind.ADD_CONSTRAINT, {"table": table, "name": constraint.name, "constraints": (constraint,)}


def _create_foreign_key(call: Arguments) -> Iterator[Change]:
    source = call.batch or Relation(
        call.schema("source_schema"), call.text("source_table", "the referencing table")
    )
    referent = Relation(call.schema("referent_schema"), call.text("referent_table", "the referenced table"))
    yield from _add_constraint(
        Constraint(
            ConstraintKind.FOREIGN_KEY,
            text_or_empty(call.get("constraint_name")),
            names_of(call.get("local_cols")),
            referent,
            names_of(call.get("remote_cols")),
            valid=not call.flag("postgresql_not_valid"),
            on_delete=text_or_empty(call.get("ondelete")).lower(),
            on_update=text_or_empty(call.get("onupdate")).lower(),
            **deferring(call.given),
        ),
        source,
    )


def _create_key(kind: ConstraintKind) -> Callable[[Arguments], Iterator[Change]]:
    def reader(call: Arguments) -> Iterator[Change]:
        made = Constraint(
            kind,
            text_or_empty(call.get("constraint_name")),
            names_of(call.get("columns")),
            using_index=text_or_empty(call.get("postgresql_using_index")),
            nulls_not_distinct=call.flag("postgresql_nulls_not_distinct"),
            include=names_of(call.get("postgresql_include")),
            **deferring(call.given),
        )
        yield from _add_constraint(made, call.table())

    return reader


def _create_check(call: Arguments) -> Iterator[Change]:
    made = Constraint(
        ConstraintKind.CHECK,
        text_or_empty(call.get("constraint_name")),
        expression=text_or_empty(call.get("condition")),
        valid=not call.flag("postgresql_not_valid"),
    )
    yield from _add_constraint(made, call.table())


def _create_exclude(call: Arguments) -> Iterator[Change]:
    made = Constraint(ConstraintKind.EXCLUDE, text_or_empty(call.get("constraint_name")))
    yield from _add_constraint(made, call.table())


def _drop_constraint(call: Arguments) -> Iterator[Change]:
    yield (
        Kind.DROP_CONSTRAINT,
        {
            "table": call.table(),
            "name": text_or_empty(call.get("constraint_name")),
            "if_exists": call.flag("if_exists"),
        },
    )


def _table_comment(call: Arguments) -> Iterator[Change]:
    yield Kind.COMMENT_TABLE, {"table": call.table(), "text": text_or_empty(call.get("comment"))}


def _bulk_insert(call: Arguments) -> Iterator[Change]:
    yield Kind.INSERT, {"table": table_named(call.get("table"))}


def table_named(value: Value) -> Relation:
    """The name of a `sa.table(...)` or `sa.Table(...)`, or an empty one where it is not known."""
    if is_call(value, "table", "Table") and value.args and isinstance(value.args[0], str):
        schema = value.kwargs.get("schema")
        return Relation(str(schema) if isinstance(schema, str) else "", str(value.args[0]))
    return Relation("", "")


@dataclass(frozen=True, slots=True)
class Signature:
    """An operation's reader and the names of its positional parameters, without and within a batch."""

    read: Callable[[Arguments], Iterator[Change]]
    names: tuple[str, ...]
    batch_names: tuple[str, ...] | None = None


def _signature(
    read: Callable[[Arguments], Iterator[Change]], names: str, batch: str | None = None
) -> Signature:
    return Signature(read, tuple(names.split()), tuple(batch.split()) if batch is not None else None)


OPERATIONS: Mapping[str, Signature] = {
    "create_table": _signature(_create_table, "table_name"),
    "drop_table": _signature(_drop_table, "table_name schema"),
    "rename_table": _signature(_rename_table, "old_table_name new_table_name schema"),
    "add_column": _signature(_add_column, "table_name column schema", "column"),
    "drop_column": _signature(_drop_column, "table_name column_name schema", "column_name"),
    "alter_column": _signature(_alter_column, "table_name column_name", "column_name"),
    "create_index": _signature(_create_index, "index_name table_name columns schema", "index_name columns"),
    "drop_index": _signature(_drop_index, "index_name table_name schema", "index_name"),
    "create_foreign_key": _signature(
        _create_foreign_key,
        "constraint_name source_table referent_table local_cols remote_cols",
        "constraint_name referent_table local_cols remote_cols",
    ),
    "create_unique_constraint": _signature(
        _create_key(ConstraintKind.UNIQUE),
        "constraint_name table_name columns schema",
        "constraint_name columns",
    ),
    "create_primary_key": _signature(
        _create_key(ConstraintKind.PRIMARY_KEY),
        "constraint_name table_name columns schema",
        "constraint_name columns",
    ),
    "create_check_constraint": _signature(
        _create_check, "constraint_name table_name condition schema", "constraint_name condition"
    ),
    "create_exclude_constraint": _signature(_create_exclude, "constraint_name table_name", "constraint_name"),
    "drop_constraint": _signature(
        _drop_constraint, "constraint_name table_name type_ schema", "constraint_name type_"
    ),
    "create_table_comment": _signature(_table_comment, "table_name comment", "comment"),
    "drop_table_comment": _signature(_table_comment, "table_name", ""),
    "bulk_insert": _signature(_bulk_insert, "table rows"),
}


def arguments(
    signature: Signature, args: list[Value], kwargs: dict[str, Value], place: Place, batch: Relation | None
) -> Arguments:
    """A call's arguments by name."""
    names = signature.names if batch is None else signature.batch_names or ()
    if args:
        given = dict(zip(names, args, strict=False))
        given.update(kwargs)
    else:
        given = kwargs
    if STAR in kwargs:
        given = dict.fromkeys(names, kwargs[STAR]) | given
    return Arguments(given, args[len(names) :], place, batch)
