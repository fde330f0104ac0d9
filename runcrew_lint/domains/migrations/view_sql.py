"""Views and materialized views as operations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runcrew_lint.documents.sql_cursor import Cursor
from runcrew_lint.domains.migrations.alter_column_sql import column_action
from runcrew_lint.domains.migrations.facts import Column, Kind, Operation, Relation
from runcrew_lint.domains.migrations.query_sql import query
from runcrew_lint.domains.migrations.relation_sql import name_of, options, relation
from runcrew_lint.domains.migrations.values import Unclear

_TAILS = (
    ("with", "no", "data"),
    ("with", "data"),
    ("with", "cascaded", "check", "option"),
    ("with", "local", "check", "option"),
    ("with", "check", "option"),
)


def create_view(cursor: Cursor, *, replaces: bool, temporary: bool) -> Operation:
    """Go past CREATE VIEW; the words up to VIEW are read, but for MATERIALIZED and RECURSIVE.

    Errors:
        Unclear where its name is not known.
    """
    materialized = cursor.take("materialized")
    recursive = cursor.take("recursive")
    cursor.take("view")
    exists = cursor.take("if", "not", "exists")
    table = relation(cursor, "the view")
    columns = tuple(Column(item.name() or "") for item in cursor.parenthesised())
    given: list[tuple[str, str]] = []
    while cursor.token is not None and not cursor.take("as"):
        if cursor.take("with"):
            given += options(cursor)
        elif word := cursor.take_one("using", "tablespace"):
            given.append((word, cursor.name() or ""))
        else:
            cursor.at += 1
    first, last = cursor.at, len(cursor.tokens)
    words = ""
    for tail in _TAILS:
        if tuple(token.value for token in cursor.tokens[-len(tail) :]) == tail and last - first > len(tail):
            last -= len(tail)
            words = "" if tail == ("with", "data") else " ".join(tail)
            break
    found = query(cursor.tokens[first:last], columns=True)
    own = {table} if recursive else set()
    return Operation(
        Kind.CREATE_VIEW,
        cursor.span,
        table=table,
        columns=columns,
        others=tuple(each for each in found.relations if each not in own),
        reads=tuple(each for each in found.reads if each.relation not in own),
        words=words,
        options=tuple(given),
        text=cursor.between(first, last),
        materialized=materialized,
        replaces=replaces,
        temporary=temporary,
        if_exists=exists,
    )


def alter_view(cursor: Cursor, *, materialized: bool) -> Iterator[Operation]:
    """What ALTER VIEW does.

    Errors:
        Unclear where the view, or what is done to it, is not known.
    """
    kind = "materialized view" if materialized else "view"
    if cursor.take("all", "in", "tablespace"):
        name = cursor.name() or ""
        yield Operation(Kind.OTHER, cursor.span, words=f"alter {kind} all in tablespace", name=name)
        return
    exists = cursor.take("if", "exists")
    common: dict[str, Any] = {
        "table": relation(cursor, "the view"),
        "if_exists": exists,
        "materialized": materialized,
    }
    part = 0
    while True:
        yield _action(cursor, kind, common | {"part": part})
        cursor.until(",")
        if not cursor.take(","):
            return
        part += 1


def _action(cursor: Cursor, kind: str, common: dict[str, Any]) -> Operation:
    table: Relation = common["table"]
    if cursor.take("rename", "to"):
        target = Relation(table.schema, relation(cursor, "the new name").name)
        return Operation(Kind.RENAME_TABLE, cursor.span, target=target, **common)
    if cursor.take("rename"):
        cursor.take("column")
        old = Column(name_of(cursor, "the column"))
        cursor.take("to")
        new = name_of(cursor, "the new name")
        return Operation(Kind.RENAME_COLUMN, cursor.span, columns=(old,), name=new, **common)
    if cursor.take("set", "schema"):
        target = Relation(name_of(cursor, "the schema"), table.name)
        return Operation(Kind.SET_SCHEMA, cursor.span, target=target, **common)
    if cursor.take("alter"):
        return _alter_column(cursor, common)
    if cursor.take("owner", "to"):
        return Operation(Kind.OTHER, cursor.span, words=f"alter {kind} owner to", **common)
    for words in ("access method", "tablespace", "without cluster"):
        if cursor.take("set", *words.split()):
            value = cursor.name() or ""
            given = ((words, value),) if value else ()
            return Operation(
                Kind.OTHER, cursor.span, words=f"alter {kind} set {words}", options=given, **common
            )
    if word := cursor.take_one("set", "reset", "cluster", "no", "depends"):
        listed = options(cursor)
        return Operation(Kind.OTHER, cursor.span, words=f"alter {kind} {word}", options=listed, **common)
    raise Unclear("the change", f"the action of ALTER {kind.upper()} is not known")


def _alter_column(cursor: Cursor, common: dict[str, Any]) -> Operation:
    cursor.take("column")
    name = name_of(cursor, "the column")
    if cursor.take("set", "default"):
        told = Column(name, default=cursor.until(","))
        return Operation(Kind.SET_DEFAULT, cursor.span, columns=(told,), **common)
    if cursor.take("drop", "default"):
        return Operation(Kind.DROP_DEFAULT, cursor.span, columns=(Column(name),), **common)
    words, told, given = column_action(cursor, name)
    return Operation(Kind.ALTER_TABLE, cursor.span, columns=(told,), words=words, options=given, **common)
