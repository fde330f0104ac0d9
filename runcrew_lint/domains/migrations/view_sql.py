"""Views and materialized views as operations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runcrew_lint.documents.sql import Cursor
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
    table = relation(cursor, "the view")
    common: dict[str, Any] = {"table": table, "if_exists": exists, "materialized": materialized}
    if cursor.take("rename", "to"):
        target = Relation(table.schema, relation(cursor, "the new name").name)
        yield Operation(Kind.RENAME_TABLE, cursor.span, target=target, **common)
    elif cursor.take("rename"):
        cursor.take("column")
        old = Column(name_of(cursor, "the column"))
        cursor.take("to")
        new = name_of(cursor, "the new name")
        yield Operation(Kind.RENAME_COLUMN, cursor.span, columns=(old,), name=new, **common)
    elif cursor.take("set", "schema"):
        target = Relation(name_of(cursor, "the schema"), table.name)
        yield Operation(Kind.SET_SCHEMA, cursor.span, target=target, **common)
    elif cursor.take("alter"):
        yield from _alter_column(cursor, common)
    elif cursor.take("owner", "to"):
        yield Operation(Kind.OTHER, cursor.span, words=f"alter {kind} owner to", **common)
    elif word := cursor.take_one("set", "reset", "cluster", "no", "depends"):
        given = options(cursor)
        yield Operation(Kind.OTHER, cursor.span, words=f"alter {kind} {word}", options=given, **common)
    else:
        raise Unclear("the change", f"the action of ALTER {kind.upper()} is not known")


def _alter_column(cursor: Cursor, common: dict[str, Any]) -> Iterator[Operation]:
    cursor.take("column")
    name = name_of(cursor, "the column")
    if cursor.take("set", "default"):
        told = Column(name, default=cursor.until())
        yield Operation(Kind.SET_DEFAULT, cursor.span, columns=(told,), **common)
    elif cursor.take("drop", "default"):
        yield Operation(Kind.DROP_DEFAULT, cursor.span, columns=(Column(name),), **common)
    else:
        words = cursor.until("(", ",").lower()
        yield Operation(
            Kind.ALTER_TABLE, cursor.span, columns=(Column(name),), words=" ".join(words.split()), **common
        )
