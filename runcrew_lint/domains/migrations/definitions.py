"""CREATE, ALTER, DROP and COMMENT as operations; the column grammar is `column_sql`'s."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from runcrew_lint.documents.sql import Cursor
from runcrew_lint.domains.migrations.column_sql import column, table_constraint, type_text
from runcrew_lint.domains.migrations.facts import NO_RELATION, Column, Index, Kind, Operation, Relation
from runcrew_lint.domains.migrations.relation_sql import relation
from runcrew_lint.domains.migrations.values import HOLE, Unclear


def _create(cursor: Cursor) -> Iterator[Operation]:
    replaced = cursor.take("or", "replace")
    unique = cursor.take("unique")
    if cursor.take("index"):
        yield _create_index(cursor, unique)
        return
    while cursor.take_one("global", "local"):
        pass
    temporary = bool(cursor.take_one("temporary", "temp"))
    cursor.take("unlogged")
    if cursor.take("table"):
        yield _create_table(cursor, temporary)
    elif cursor.take("materialized", "view") or cursor.take("recursive", "view") or cursor.take("view"):
        exists = cursor.take("if", "not", "exists")
        yield Operation(
            Kind.CREATE_VIEW,
            cursor.span,
            table=relation(cursor, "the view"),
            if_exists=exists or replaced,
            temporary=temporary,
        )
    elif cursor.take("type"):
        yield Operation(Kind.CREATE_TYPE, cursor.span, name=str(relation(cursor, "the type")))
    else:
        yield _other(cursor, "create")


def _create_index(cursor: Cursor, unique: bool) -> Operation:
    concurrently = cursor.take("concurrently")
    exists = cursor.take("if", "not", "exists")
    name = ""
    if not cursor.take("on"):
        parts = cursor.dotted()
        name = parts[-1] if parts and HOLE not in parts[-1] else ""
        if not cursor.take("on"):
            raise Unclear("the index", "the SQL can't be read as CREATE INDEX")
    only = cursor.take("only")
    table = relation(cursor)
    using = (cursor.name() or "") if cursor.take("using") else ""
    keys = tuple(_key(item) for item in cursor.parenthesised())
    include: tuple[str, ...] = ()
    if cursor.take("include"):
        include = tuple(_key(item) for item in cursor.parenthesised())
    cursor.until("where")
    where = cursor.until() if cursor.take("where") else ""
    return Operation(
        Kind.CREATE_INDEX,
        cursor.span,
        table=table,
        name=name,
        index=Index(keys, unique, using, where, include, only),
        concurrently=concurrently,
        if_exists=exists,
    )


def _key(item: Cursor) -> str:
    """An index key: the column's name, or the text of an expression."""
    first = item.tokens[0]
    second = item.tokens[1].value if len(item.tokens) > 1 else ""
    if first.kind in ("word", "name") and second not in ("(", ".", "::"):
        return first.value
    return item.between(0, len(item.tokens))


def _create_table(cursor: Cursor, temporary: bool) -> Operation:
    exists = cursor.take("if", "not", "exists")
    table = relation(cursor)
    columns: list[Column] = []
    constraints = []
    if cursor.take("partition", "of"):
        parent = relation(cursor, "the parent table")
        return Operation(Kind.CREATE_TABLE, cursor.span, table=table, target=parent, if_exists=exists)
    for item in cursor.parenthesised():
        constraint = table_constraint(item)
        if constraint is not None:
            constraints.append(constraint)
        elif not item.take("like"):
            made, inline = column(item)
            columns.append(made)
            constraints += inline
    cursor.until("partition", "as")
    return Operation(
        Kind.CREATE_TABLE,
        cursor.span,
        table=table,
        columns=tuple(columns),
        constraints=tuple(constraints),
        partitioned=cursor.take("partition", "by"),
        temporary=temporary,
        if_exists=exists,
    )


def _drop(cursor: Cursor) -> Iterator[Operation]:
    kinds = {
        "table": Kind.DROP_TABLE,
        "index": Kind.DROP_INDEX,
        "type": Kind.DROP_TYPE,
        "view": Kind.DROP_VIEW,
    }
    cursor.take("materialized")
    cursor.take("foreign")
    word = cursor.take_one(*kinds)
    if not word:
        yield _other(cursor, "drop")
        return
    concurrently = cursor.take("concurrently")
    exists = cursor.take("if", "exists")
    names = [relation(cursor, f"the {word}")]
    while cursor.take(","):
        names.append(relation(cursor, f"the {word}"))
    cascade = cursor.take("cascade")
    for each in names:
        common: dict[str, Any] = {"concurrently": concurrently, "if_exists": exists, "cascade": cascade}
        if word in ("table", "view"):
            yield Operation(kinds[word], cursor.span, table=each, **common)
        else:
            # An index has no table in its DROP; its schema is kept to find it by.
            at = Relation(each.schema, "") if word == "index" else NO_RELATION
            name = each.name if word == "index" else str(each)
            yield Operation(kinds[word], cursor.span, table=at, name=name, **common)


def _alter(cursor: Cursor) -> Iterator[Operation]:
    if cursor.take("table") or cursor.take("foreign", "table"):
        yield from _alter_table(cursor)
    elif cursor.take("index"):
        yield from _alter_index(cursor)
    elif cursor.take("type"):
        name = relation(cursor, "the type")
        if cursor.take("add", "value") or cursor.take("rename", "value"):
            yield Operation(Kind.ALTER_ENUM, cursor.span, name=str(name))
        else:
            yield Operation(Kind.OTHER, cursor.span, words="alter type")
    elif cursor.take("materialized", "view") or cursor.take("view"):
        exists = cursor.take("if", "exists")
        table = relation(cursor, "the view")
        if cursor.take("rename", "to"):
            target = Relation(table.schema, relation(cursor, "the new name").name)
            yield Operation(Kind.RENAME_TABLE, cursor.span, table=table, target=target, if_exists=exists)
        else:
            yield Operation(Kind.OTHER, cursor.span, words="alter view", table=table)
    else:
        yield _other(cursor, "alter")


def _alter_index(cursor: Cursor) -> Iterator[Operation]:
    exists = cursor.take("if", "exists")
    index = relation(cursor, "the index")
    at = Relation(index.schema, "")
    if cursor.take("rename", "to"):
        new = relation(cursor, "the new name")
        yield Operation(
            Kind.RENAME_INDEX,
            cursor.span,
            table=at,
            name=index.name,
            target=Relation(index.schema, new.name),
            if_exists=exists,
        )
    else:
        yield Operation(Kind.OTHER, cursor.span, words="alter index")


def _alter_table(cursor: Cursor) -> Iterator[Operation]:
    if cursor.take("all", "in", "tablespace"):
        yield Operation(Kind.OTHER, cursor.span, words="alter table all in tablespace")
        return
    exists = cursor.take("if", "exists")
    cursor.take("only")
    table = relation(cursor)
    cursor.take("*")
    while True:
        for operation in _action(cursor, table):
            yield replace(operation, if_exists=True) if exists else operation
        cursor.until(",")
        if not cursor.take(","):
            return


def _column_name(cursor: Cursor) -> str:
    name = cursor.name()
    if name is None:
        raise Unclear("the column", "the SQL names none that can be read")
    if HOLE in name:
        raise Unclear("the column", "its name is put together when the revision runs")
    return name


def _action(cursor: Cursor, table: Relation) -> Iterator[Operation]:
    def made(kind: Kind, **fields: Any) -> Operation:
        return Operation(kind, cursor.span, table=table, **fields)

    first = cursor.at
    if cursor.take("add"):
        constraint = table_constraint(cursor)
        if constraint is not None:
            yield made(Kind.ADD_CONSTRAINT, name=constraint.name, constraints=(constraint,))
            return
        cursor.take("column")
        exists = cursor.take("if", "not", "exists")
        new, inline = column(cursor)
        yield made(Kind.ADD_COLUMN, columns=(new,), constraints=tuple(inline), if_exists=exists)
    elif cursor.take("drop"):
        if cursor.take("constraint"):
            exists = cursor.take("if", "exists")
            name = _column_name(cursor)
            yield made(Kind.DROP_CONSTRAINT, name=name, if_exists=exists, cascade=cursor.take("cascade"))
            return
        cursor.take("column")
        exists = cursor.take("if", "exists")
        gone = Column(_column_name(cursor))
        yield made(Kind.DROP_COLUMN, columns=(gone,), if_exists=exists, cascade=cursor.take("cascade"))
    elif cursor.take("alter"):
        if cursor.take("constraint"):
            yield made(Kind.ALTER_TABLE, words="alter constraint")
            return
        cursor.take("column")
        yield _alter_column(cursor, made, _column_name(cursor))
    elif cursor.take("rename"):
        yield _rename(cursor, table, made)
    elif cursor.take("validate", "constraint"):
        yield made(Kind.VALIDATE_CONSTRAINT, name=_column_name(cursor))
    elif cursor.take("set", "schema"):
        schema = _column_name(cursor)
        yield made(Kind.SET_SCHEMA, target=Relation(schema, table.name))
    else:
        token = cursor.token
        if token is None or token.kind != "word" or HOLE in token.value:
            raise Unclear("the change", "the action of ALTER TABLE is not known")
        while (token := cursor.token) is not None and token.kind == "word" and cursor.at < first + 3:
            cursor.at += 1
        name = cursor.between(first, cursor.at).lower()
        concurrently = name.startswith("detach partition") and _is_concurrent(cursor)
        yield made(Kind.ALTER_TABLE, words=name, concurrently=concurrently)


def _is_concurrent(cursor: Cursor) -> bool:
    """Whether DETACH PARTITION goes on to CONCURRENTLY behind the partition's name."""
    while cursor.take(".") or (cursor.token is not None and cursor.token.kind == "name"):
        cursor.name()
    last = cursor.tokens[cursor.at - 1]
    return cursor.take("concurrently") or (last.kind == "word" and last.value == "concurrently")


def _alter_column(cursor: Cursor, made: Callable[..., Operation], name: str) -> Operation:
    if cursor.take("set", "data", "type") or cursor.take("type"):
        new = type_text(cursor)
        return made(Kind.ALTER_TYPE, columns=(Column(name, type=new, unknown=() if new else ("type",)),))
    if cursor.take("set", "not", "null"):
        return made(Kind.SET_NOT_NULL, columns=(Column(name, nullable=False),))
    if cursor.take("drop", "not", "null"):
        return made(Kind.DROP_NOT_NULL, columns=(Column(name),))
    if cursor.take("set", "default"):
        return made(Kind.SET_DEFAULT, columns=(Column(name, default=cursor.until(",")),))
    if cursor.take("drop", "default"):
        return made(Kind.DROP_DEFAULT, columns=(Column(name),))
    return made(Kind.ALTER_TABLE, words="alter column", columns=(Column(name),))


def _rename(cursor: Cursor, table: Relation, made: Callable[..., Operation]) -> Operation:
    if cursor.take("to"):
        return made(Kind.RENAME_TABLE, target=Relation(table.schema, relation(cursor, "the new name").name))
    if cursor.take("constraint"):
        name = _column_name(cursor)
        cursor.take("to")
        return made(Kind.RENAME_CONSTRAINT, name=name, target=Relation("", _column_name(cursor)))
    cursor.take("column")
    old = _column_name(cursor)
    cursor.take("to")
    return made(Kind.RENAME_COLUMN, columns=(Column(old),), name=_column_name(cursor))


def _comment(cursor: Cursor) -> Iterator[Operation]:
    cursor.take("on")
    word = cursor.take_one("column", "table")
    if not word:
        yield Operation(Kind.OTHER, cursor.span, words="comment")
        return
    parts = cursor.dotted()
    if len(parts) < (2 if word == "column" else 1) or any(HOLE in part for part in parts[-2:]):
        raise Unclear(f"the {word}", "its name is put together when the revision runs")
    cursor.take("is")
    comment = cursor.text()
    unknown = ("comment",) if comment is not None and HOLE in comment else ()
    if word == "table":
        table = Relation(parts[-2] if len(parts) > 1 else "", parts[-1])
        yield Operation(Kind.COMMENT_TABLE, cursor.span, table=table, text=comment or "")
        return
    table = Relation(parts[-3] if len(parts) > 2 else "", parts[-2])
    told = Column(parts[-1], comment=None if unknown else comment, unknown=unknown)
    yield Operation(Kind.COMMENT_COLUMN, cursor.span, table=table, columns=(told,))


# What else is created, altered and dropped, and changes no table, column, constraint or index.
_OTHERS = frozenset(
    """
    access aggregate cast collation conversion database default domain event extension foreign
    function group language large operator owned policy procedural procedure publication role
    routine rule schema sequence server statistics subscription system tablespace text
    transform trigger trusted user constraint recursive
    """.split()  # noqa: SIM905 - a long list of words reads better so
)


def _other(cursor: Cursor, head: str) -> Operation:
    token = cursor.token
    word = token.value if token is not None and token.kind == "word" else ""
    if word not in _OTHERS:
        shown = "a part that is not known" if HOLE in word else repr(word)
        raise Unclear("the statement", f"{head.upper()} is followed by {shown}")
    return Operation(Kind.OTHER, cursor.span, words=f"{head} {word}")


READERS: dict[str, Callable[[Cursor], Iterator[Operation]]] = {
    "create": _create,
    "drop": _drop,
    "alter": _alter,
    "comment": _comment,
}
