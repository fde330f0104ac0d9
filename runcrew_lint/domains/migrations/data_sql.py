"""Statements that read and write rows, as operations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from runcrew_lint.documents.sql import Token
from runcrew_lint.documents.sql_cursor import Cursor
from runcrew_lint.domains.migrations.assigned_sql import columns_named
from runcrew_lint.domains.migrations.facts import NO_RELATION, Column, Kind, Operation, Relation
from runcrew_lint.domains.migrations.query_sql import Query, query
from runcrew_lint.domains.migrations.relation_sql import relation
from runcrew_lint.domains.migrations.values import HOLE
from runcrew_lint.domains.migrations.vocabulary import ADVISORY
from runcrew_lint.patterns import lazily


def _reads(found: Query, table: Relation = NO_RELATION) -> dict[str, Any]:
    """What a query reads beside the table that is written."""
    fields: dict[str, Any] = {"others": tuple(each for each in found.relations if each != table)}
    moved = [(name, given[0]) for name, given in found.calls if name != "set_config" and given]
    if moved:
        fields["options"] = tuple(moved)
    return fields


_MAX_TEXTS, _MAX_LENGTH = 32, 63  # no label of an enum is longer, and no statement of a person's has more


def _texts(cursor: Cursor) -> tuple[str, ...]:
    """The short texts that a statement writes or compares."""
    texts = (each.value for each in cursor.tokens if each.kind == "text" and len(each.value) <= _MAX_LENGTH)
    found = {text: None for text in texts if HOLE not in text}
    return tuple(found)[:_MAX_TEXTS]


def _target(cursor: Cursor) -> Relation:
    """The relation that is written; NO_RELATION where its name is not known."""
    parts = cursor.dotted()
    if not parts or any(HOLE in part for part in parts):
        return NO_RELATION
    return Relation(parts[-2] if len(parts) > 1 else "", parts[-1])


def _written(kind: Kind, words: str, *fillers: str) -> Callable[[Cursor], Iterator[Operation]]:
    def reader(cursor: Cursor) -> Iterator[Operation]:
        only = False
        while filler := cursor.take_one(*fillers):
            only = filler == "only"
        table = _target(cursor)
        rest = cursor.tokens[cursor.at :]
        named = tuple(Column(name) for name in columns_named(rest, kind))
        defaults = kind is Kind.INSERT and [token.value for token in rest[:2]] == ["default", "values"]
        by_using = kind is Kind.DELETE or words == "merge"
        found = query(rest, using=by_using)
        joined = _joined(cursor) if kind is not Kind.INSERT else []
        where = _where(cursor) if kind is not Kind.INSERT else ""
        yield Operation(
            kind,
            cursor.span,
            table=table,
            whole=kind in (Kind.UPDATE, Kind.DELETE) and not words and not where,
            only=only,
            words=words or ("default values" if defaults else LIMITED if _is_limited(joined) else ""),
            columns=named,
            text=where,
            values=_texts(cursor),
            **_reads(found, table),
        )
        yield from _settings(cursor, found)

    return reader


LIMITED = "limit"  # the words of an UPDATE or DELETE whose other relations are a query of so many rows


def _joined(cursor: Cursor) -> Sequence[Token]:
    """Go on to the statement's own WHERE; what it joins with its table, behind its own FROM or USING."""
    cursor.until("from", "using", "where")
    first = cursor.at
    cursor.until("where")
    return cursor.tokens[first : cursor.at]


def _is_limited(tokens: Sequence[Token]) -> bool:
    """Whether a query among them ends after so many rows; one that is LATERAL does so for each row."""
    words = {token.value for token in tokens if token.kind == "word"}
    return "limit" in words and "lateral" not in words


def _where(cursor: Cursor) -> str:
    """The condition behind the statement's own WHERE, "" where it has none."""
    cursor.until("where")
    if not cursor.take("where"):
        return ""
    return cursor.until(*_BEHIND_WHERE) or "?"


_BEHIND_WHERE = (
    "group",
    "order",
    "limit",
    "offset",
    "for",
    "returning",
    "union",
    "window",
    "having",
    "fetch",
)


def _select(cursor: Cursor) -> Iterator[Operation]:
    found = query(cursor.tokens)
    cursor.until("into")
    if cursor.take("into"):
        flags: dict[str, Any] = {}
        made = cursor.take_one("temporary", "temp", "unlogged")
        if made:
            flags["unlogged" if made == "unlogged" else "temporary"] = True
        cursor.take("table")
        table = relation(cursor, "the new table")
        others = tuple(each for each in found.relations if each != table)
        yield Operation(Kind.CREATE_TABLE, cursor.span, table=table, words="as", others=others, **flags)
        return
    settings = list(_settings(cursor, found))
    yield from settings
    if not settings or found.relations:
        cursor.at = 0
        text = _where(cursor)
        values = _texts(cursor)
        locks = any(_ADVISORY.fullmatch(each.value) for each in cursor.tokens)
        words = found.locking or ADVISORY * locks
        yield Operation(Kind.SELECT, cursor.span, words=words, text=text, values=values, **_reads(found))


# pg_advisory_lock stays with the session.
_ADVISORY = lazily(r"pg_(?:try_)?advisory_xact_lock(?:_shared)?", re.IGNORECASE)


def _settings(cursor: Cursor, found: Query) -> Iterator[Operation]:
    """What set_config changes in the session."""
    for name, given in found.calls:
        if name == "set_config" and len(given) == 3 and HOLE not in "".join(given):
            setting, value, local = given
            yield Operation(
                Kind.SET,
                cursor.span,
                name=setting.lower(),
                options=((setting.lower(), value),),
                local=local in ("true", "t"),
            )


def _table(cursor: Cursor) -> Iterator[Operation]:
    cursor.take("only")
    table = _target(cursor)
    others = (table,) if table.name else ()
    yield Operation(Kind.SELECT, cursor.span, others=others)


def _with(cursor: Cursor) -> Iterator[Operation]:
    """WITH: what its parts write, in the order they stand, and then what the statement itself does."""
    found = query(cursor.tokens)
    cursor.take("recursive")
    made: list[Operation] = []
    while cursor.name() is not None:
        cursor.parenthesised()
        if not cursor.take("as"):
            break
        cursor.take("not")
        cursor.take("materialized")
        first = cursor.at + 1
        cursor.parenthesised()
        made += _inner(cursor, first, cursor.at - 1)
        cursor.until(",", "select", "values", "table", "insert", "update", "delete", "merge", "(")
        if not cursor.take(","):
            break
    is_limited = _is_limited(cursor.tokens[: cursor.at])
    main = list(_inner(cursor, cursor.at, len(cursor.tokens)))
    if is_limited and main and main[0].kind in (Kind.UPDATE, Kind.DELETE) and not main[0].words:
        main[0] = replace(main[0], words=LIMITED)
    targets = {each.table for each in (*made, *main)}
    reads = _reads(found)
    reads["others"] = tuple(each for each in reads["others"] if each not in targets)
    if not main and cursor.word == "select":
        first = cursor.at
        cursor.until("into")
        if cursor.take("into"):
            cursor.at = first
            main = list(_select(cursor))
    main = main or [Operation(Kind.SELECT, cursor.span, words=found.locking)]
    made += [replace(main[0], **reads), *main[1:]]
    for part, each in enumerate(made):
        yield replace(each, part=part) if part else each


def _inner(cursor: Cursor, first: int, last: int) -> Iterator[Operation]:
    """What the tokens from `first` to before `last` do, if they are a statement that writes rows."""
    inner = Cursor(cursor.sql, cursor.tokens[first:last])
    head = inner.take_one("insert", "update", "delete", "merge")
    if head:
        for each in READERS[head](inner):
            yield replace(each, span=cursor.span)


def _copy(cursor: Cursor) -> Iterator[Operation]:
    cursor.take("binary")
    if cursor.token is not None and cursor.token.value == "(":
        first = cursor.at + 1
        cursor.parenthesised()
        written = list(_inner(cursor, first, cursor.at - 1))
        if written:
            yield from written
            return
        found = query(cursor.tokens[first : cursor.at - 1])
        yield Operation(Kind.SELECT, cursor.span, words="copy", **_reads(found))
        return
    table = _target(cursor)
    cursor.parenthesised()
    if cursor.take("to"):
        others = (table,) if table.name else ()
        yield Operation(Kind.SELECT, cursor.span, words="copy", others=others)
    else:
        yield Operation(Kind.INSERT, cursor.span, table=table, words="copy")


READERS: dict[str, Callable[[Cursor], Iterator[Operation]]] = {
    "select": _select,
    "values": _select,
    "(": _select,
    "table": _table,
    "with": _with,
    "insert": _written(Kind.INSERT, "", "into"),
    "update": _written(Kind.UPDATE, "", "only"),
    "delete": _written(Kind.DELETE, "", "from", "only"),
    "merge": _written(Kind.UPDATE, "merge", "into", "only"),
    "copy": _copy,
}
