"""CREATE TABLE in its forms, as an operation."""

from __future__ import annotations

from typing import Any

from runcrew_lint.documents.sql_cursor import Cursor
from runcrew_lint.domains.migrations.column_sql import column, table_constraint
from runcrew_lint.domains.migrations.facts import Column, Constraint, Kind, Like, Operation, Relation
from runcrew_lint.domains.migrations.query_sql import query
from runcrew_lint.domains.migrations.relation_sql import options, relation


def create_table(cursor: Cursor, *, temporary: bool, unlogged: bool, foreign: bool = False) -> Operation:
    """Go past CREATE TABLE, the words before it being read.

    Errors:
        Unclear where its name, or a column's, is not known.
    """
    fields: dict[str, Any] = {"temporary": temporary, "unlogged": unlogged}
    fields["if_exists"] = cursor.take("if", "not", "exists")
    table = relation(cursor)
    words = "foreign" if foreign else ""
    others: list[Relation] = []
    if cursor.take("partition", "of"):
        words = "partition of"
        others.append(relation(cursor, "the parent table"))
    elif cursor.take("of"):
        words = "of"
        fields["name"] = str(relation(cursor, "the type"))
    columns, constraints, likes = _elements(cursor)
    if words == "partition of":
        fields["text"] = _bound(cursor)
    given = _tail(cursor, others, fields)
    if cursor.take("as"):
        words = _query(cursor, others, fields)
    return Operation(
        Kind.CREATE_TABLE,
        cursor.span,
        table=table,
        columns=tuple(columns),
        constraints=tuple(constraints),
        likes=tuple(likes),
        others=tuple(others),
        words=words,
        options=tuple(given),
        **fields,
    )


def _elements(cursor: Cursor) -> tuple[list[Column], list[Constraint], list[Like]]:
    columns: list[Column] = []
    constraints: list[Constraint] = []
    likes: list[Like] = []
    for item in cursor.parenthesised():
        constraint = table_constraint(item)
        if constraint is not None:
            constraints.append(constraint)
        elif item.take("like"):
            likes.append(_like(item))
        else:
            made, inline = column(item)
            columns.append(made)
            constraints += inline
    return columns, constraints, likes


def _like(cursor: Cursor) -> Like:
    source = relation(cursor, "the table of LIKE")
    including: dict[str, None] = {}
    while word := cursor.take_one("including", "excluding"):
        what = cursor.name() or ""
        if word == "including":
            including[what] = None
        elif what == "all":
            including.clear()
        elif "all" in including:
            including = dict.fromkeys(_COPIED)
            including.pop(what, None)
        else:
            including.pop(what, None)
    return Like(source, tuple(including))


# INCLUDING ALL, spelled out.
_COPIED = (
    *("comments", "compression", "constraints", "defaults", "generated", "identity", "indexes"),
    *("statistics", "storage"),
)


def _bound(cursor: Cursor) -> str:
    """Go past a partition's bound: "DEFAULT", or what stands from FOR VALUES on."""
    return cursor.until("partition", "with", "using", "tablespace", "on", "server", "options")


def _tail(cursor: Cursor, others: list[Relation], fields: dict[str, Any]) -> list[tuple[str, str]]:
    """Go past what stands behind the elements: options, as name and value."""
    given: list[tuple[str, str]] = []
    while (token := cursor.token) is not None and token.value != "as":
        if cursor.take("inherits"):
            others += [relation(item, "the parent table") for item in cursor.parenthesised()]
        elif cursor.take("partition", "by"):
            fields["partitioned"] = True
            first = cursor.at
            cursor.name()
            cursor.parenthesised()
            given.append(("partition by", cursor.between(first, cursor.at)))
        elif cursor.take("with", "("):
            cursor.at -= 1
            given += options(cursor)
        elif cursor.take("using"):
            given.append(("using", cursor.name() or ""))
        elif cursor.take("tablespace"):
            given.append(("tablespace", cursor.name() or ""))
        elif cursor.take("server"):
            given.append(("server", cursor.name() or ""))
        elif cursor.take("on", "commit"):
            given.append(("on commit", cursor.until("tablespace", "as").lower()))
        else:
            cursor.at += 1
    return given


def _query(cursor: Cursor, others: list[Relation], fields: dict[str, Any]) -> str:
    """Go past the query of CREATE TABLE AS; what `words` says of it."""
    first, last = cursor.at, len(cursor.tokens)
    words = "as"
    tail = tuple(token.value for token in cursor.tokens[-3:])
    if tail == ("with", "no", "data"):
        words, last = "as with no data", last - 3
    elif tail[1:] == ("with", "data"):
        last -= 2
    cursor.at = len(cursor.tokens)
    fields["text"] = cursor.between(first, last)
    others += query(cursor.tokens[first:last]).relations
    return words
