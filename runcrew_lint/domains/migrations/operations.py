"""What each `op.*` and `batch_op.*` of Alembic does, one function an operation.

The parameters are those of Alembic's "Operation Reference".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from runcrew_lint.domains.migrations.arguments import MISSING, Arguments, Change, Fields, why
from runcrew_lint.domains.migrations.columns import Place, column_of
from runcrew_lint.domains.migrations.facts import (
    UNNAMED,
    Column,
    Constraint,
    ConstraintKind,
    Form,
    Kind,
    Relation,
)
from runcrew_lint.domains.migrations.said import (
    expression_of,
    is_call,
    is_unknown,
    sql_default,
    text_of,
    text_or_empty,
)
from runcrew_lint.domains.migrations.table_parts import deferring, index_of, names_of
from runcrew_lint.domains.migrations.tables import index_name, inline_index, table_changes, table_named
from runcrew_lint.domains.migrations.types import from_value
from runcrew_lint.domains.migrations.values import REST, STAR, Unclear, Value
from runcrew_lint.frozen import frozen


def _create_table(call: Arguments) -> Iterator[Change]:
    table = call.table()
    yield from table_changes(table, call.more, call)
    comment = call.get("comment")
    if isinstance(comment, str):
        yield Kind.COMMENT_TABLE, {"table": table, "text": str(comment), "form": Form.INLINE}


def _drop_table(call: Arguments) -> Iterator[Change]:
    yield Kind.DROP_TABLE, {"table": call.table(), "if_exists": call.flag("if_exists")}


def _rename_table(call: Arguments) -> Iterator[Change]:
    table = call.table("old_table_name")
    new = call.text("new_table_name", "the new name")
    yield Kind.RENAME_TABLE, {"table": table, "target": Relation(table.schema, new)}


def _add_column(call: Arguments) -> Iterator[Change]:
    table = call.table()
    column, constraints = column_of(call.get("column", MISSING), call.place)
    fields: Fields = {
        "table": table,
        "columns": (column,),
        "constraints": tuple(constraints),
        "if_exists": call.flag("if_not_exists"),
    }
    yield Kind.ADD_COLUMN, fields
    if column.index:
        kind, index = inline_index(table, column)
        yield kind, index | {"form": Form.INLINE}
    if column.comment is not None:
        told = Column(column.name, comment=column.comment)
        yield Kind.COMMENT_COLUMN, {"table": table, "columns": (told,), "form": Form.INLINE}


def _drop_column(call: Arguments) -> Iterator[Change]:
    column = Column(call.text("column_name", "the column"))
    yield Kind.DROP_COLUMN, {"table": call.table(), "columns": (column,), "if_exists": call.flag("if_exists")}


_ALTERS = frozenset({"nullable", "type_", "server_default", "comment", "new_column_name"})


def _alter_column(call: Arguments) -> Iterator[Change]:
    """One change for each thing that is altered, in the order that Alembic sends them to PostgreSQL."""
    table = call.table()
    if REST not in call.given and _ALTERS.isdisjoint(call.given):
        return  # nothing is sent, whatever the column
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
        raise Unclear("whether the column is nullable", why(nullable))
    if type_ is not None:
        spelled = from_value(type_)
        using: Fields = {"text": expression_of(call.get("postgresql_using"))}
        existing = call.get("existing_type")
        was = from_value(existing) if existing is not None else ""
        if was:
            using["options"] = (("existing type", was),)
        yield made(Kind.ALTER_TYPE, type=spelled, unknown=() if spelled else ("type",), fields=using)
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


def _index_name(call: Arguments) -> str:
    """The name that is given, or the one that SQLAlchemy picks where none is."""
    name, keys = call.get("index_name"), call.get("columns")
    if name is None and isinstance(keys, (list, tuple)) and keys and (first := text_or_empty(keys[0])):
        return index_name(call.table(), first)
    return text_or_empty(name)


def _create_index(call: Arguments) -> Iterator[Change]:
    yield from _sent(
        call,
        Kind.CREATE_INDEX,
        {
            "table": call.table(),
            "name": _index_name(call),
            "words": UNNAMED if call.get("index_name") is None else "",
            "index": index_of(call.get("columns"), dict(call.given)),
            "if_exists": call.flag("if_not_exists"),
        },
    )


def _sent(call: Arguments, kind: Kind, fields: Fields) -> Iterator[Change]:
    """What is done to an index, CONCURRENTLY or not.

    Errors:
        Unclear, after the change, where that is not known: the index comes or goes all the same.
    """
    concurrently = call.get("postgresql_concurrently")
    if not is_unknown(concurrently):
        yield kind, fields | {"concurrently": call.flag("postgresql_concurrently")}
        return
    if "postgresql_concurrently" in call.given:  # else it is one of many things that are not known
        yield kind, fields | {"unsure": True}
    raise Unclear("the CONCURRENTLY", why(concurrently))


def _drop_index(call: Arguments) -> Iterator[Change]:
    name = call.text("index_name", "the index")
    table = call.batch
    if table is None:
        given = call.get("table_name")
        table = Relation(call.schema(), text_or_empty(given))
    fields: Fields = {"table": table, "name": name, "if_exists": call.flag("if_exists")}
    yield from _sent(call, Kind.DROP_INDEX, fields)


def _add_constraint(call: Arguments, constraint: Constraint, table: Relation) -> Iterator[Change]:
    fields: Fields = {"table": table, "name": constraint.name, "constraints": (constraint,)}
    yield Kind.ADD_CONSTRAINT, fields | _unnamed(call)


def _unnamed(call: Arguments) -> Fields:
    """Says that the call gives None as the name; one that is put together has a name all the same."""
    return {"words": UNNAMED} if call.get("constraint_name", UNNAMED) is None else {}


def _create_foreign_key(call: Arguments) -> Iterator[Change]:
    source = call.batch or Relation(
        call.schema("source_schema"), call.text("source_table", "the referencing table")
    )
    referent = Relation(call.schema("referent_schema"), call.text("referent_table", "the referenced table"))
    yield from _add_constraint(
        call,
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
        yield from _add_constraint(call, made, call.table())

    return reader


def _create_check(call: Arguments) -> Iterator[Change]:
    made = Constraint(
        ConstraintKind.CHECK,
        text_or_empty(call.get("constraint_name")),
        expression=text_or_empty(call.get("condition")),
        valid=not call.flag("postgresql_not_valid"),
    )
    yield from _add_constraint(call, made, call.table())


def _create_exclude(call: Arguments) -> Iterator[Change]:
    made = Constraint(ConstraintKind.EXCLUDE, text_or_empty(call.get("constraint_name")))
    yield from _add_constraint(call, made, call.table())


def _drop_constraint(call: Arguments) -> Iterator[Change]:
    given = call.get("constraint_name")
    name = text_or_empty(given)
    if given is not None and not name:
        raise Unclear("the constraint", why(given))
    fields: Fields = {"table": call.table(), "name": name, "if_exists": call.flag("if_exists")}
    of = text_or_empty(call.get("type_"))
    if of:
        fields["options"] = (("type", of),)
    yield Kind.DROP_CONSTRAINT, fields | _unnamed(call)


def _table_comment(call: Arguments) -> Iterator[Change]:
    yield Kind.COMMENT_TABLE, {"table": call.table(), "text": text_or_empty(call.get("comment"))}


def _bulk_insert(call: Arguments) -> Iterator[Change]:
    yield Kind.INSERT, {"table": table_named(call.get("table"))}


@frozen
class Signature:
    """An operation's reader and the names of its positional parameters, without and within a batch."""

    read: Callable[[Arguments], Iterator[Change]]
    names: tuple[str, ...]
    batch_names: tuple[str, ...] | None = None


def signature(
    read: Callable[[Arguments], Iterator[Change]], names: str, batch: str | None = None
) -> Signature:
    return Signature(read, tuple(names.split()), tuple(batch.split()) if batch is not None else None)


OPERATIONS: Mapping[str, Signature] = {
    "create_table": signature(_create_table, "table_name"),
    "drop_table": signature(_drop_table, "table_name schema"),
    "rename_table": signature(_rename_table, "old_table_name new_table_name schema"),
    "add_column": signature(_add_column, "table_name column schema", "column"),
    "drop_column": signature(_drop_column, "table_name column_name schema", "column_name"),
    "alter_column": signature(_alter_column, "table_name column_name", "column_name"),
    "create_index": signature(_create_index, "index_name table_name columns schema", "index_name columns"),
    "drop_index": signature(_drop_index, "index_name table_name schema", "index_name"),
    "create_foreign_key": signature(
        _create_foreign_key,
        "constraint_name source_table referent_table local_cols remote_cols",
        "constraint_name referent_table local_cols remote_cols",
    ),
    "create_unique_constraint": signature(
        _create_key(ConstraintKind.UNIQUE),
        "constraint_name table_name columns schema",
        "constraint_name columns",
    ),
    "create_primary_key": signature(
        _create_key(ConstraintKind.PRIMARY_KEY),
        "constraint_name table_name columns schema",
        "constraint_name columns",
    ),
    "create_check_constraint": signature(
        _create_check, "constraint_name table_name condition schema", "constraint_name condition"
    ),
    "create_exclude_constraint": signature(_create_exclude, "constraint_name table_name", "constraint_name"),
    "drop_constraint": signature(
        _drop_constraint, "constraint_name table_name type_ schema", "constraint_name type_"
    ),
    "create_table_comment": signature(_table_comment, "table_name comment", "comment"),
    "drop_table_comment": signature(_table_comment, "table_name", ""),
    "bulk_insert": signature(_bulk_insert, "table rows"),
}


# Of a batch, with these parameters and no more in every version of Alembic ("BatchOperations").
_NO_MORE = frozenset(
    {
        *("create_index", "drop_index", "create_unique_constraint", "create_primary_key", "drop_column"),
        *("create_check_constraint", "drop_constraint"),
    }
)


def is_refused(
    signature: Signature, args: list[Value], kwargs: dict[str, Value], name: str, *, in_batch: bool
) -> bool:
    """Whether a call fails for its arguments: one that is given twice, or more than there are."""
    names = signature.batch_names or () if in_batch else signature.names
    is_more = in_batch and name in _NO_MORE and len(args) > len(names)
    return is_more or any(each in kwargs for each in names[: len(args)])


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
