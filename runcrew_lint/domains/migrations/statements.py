"""SQL statements as operations. Places are in the text that is read; the caller knows where it stands.

A statement is read to what it does to the schema, to "no effect on the schema" (rows, settings,
functions, grants), or to a gap that says what of it can't be known; never to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from runcrew_lint.documents.sql import Cursor, Token
from runcrew_lint.documents.sql import statements as statements_of
from runcrew_lint.domains.migrations.facts import NO_RELATION, Kind, Operation, Relation
from runcrew_lint.domains.migrations.relation_sql import relation
from runcrew_lint.domains.migrations.values import HOLE, Unclear
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Span


@dataclass(frozen=True, slots=True)
class Gap:
    """A statement that can't be read, and why."""

    span: Span
    what: str
    why: str


_NAME = r'(?:"(?:[^"]|"")+"|[^\s;(,"]+)'
_DATA = re.compile(
    r"\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*"
    rf"(?P<head>select|values|with|insert\s+into|update(?:\s+only)?|delete\s+from(?:\s+only)?)\b\s*(?P<table>{_NAME})?",
    re.IGNORECASE | re.DOTALL,
)
_INTO = re.compile(r"\binto\b", re.IGNORECASE)
_WHERE = re.compile(r"\bwhere\b", re.IGNORECASE)
_WRITES = re.compile(r"\b(?:insert|update|delete|merge)\b", re.IGNORECASE)
_KINDS = {"insert": Kind.INSERT, "update": Kind.UPDATE, "delete": Kind.DELETE}


def read(sql: str) -> Iterator[Operation | Gap]:
    """Every statement of a text, in order.

    A single statement that reads or writes rows, which most of the SQL in real revisions is, is
    recognised by its first words and not lexed.
    """
    data = _DATA.match(sql)
    if data and ";" not in sql.rstrip().rstrip(";"):
        head = data["head"].lower().split()[0]
        lexed = {"select": _INTO, "with": _WRITES}.get(head)
        if lexed is None or not lexed.search(sql):
            yield _rows(sql, head, data)
            return
    try:
        found = statements_of(sql)
    except Unreadable as error:
        yield Gap(Span(0, len(sql)), "the SQL", error.message)
        return
    for tokens in found:
        yield from _statement(Cursor(sql, tokens))


def _rows(sql: str, head: str, data: re.Match[str]) -> Operation:
    kind = _KINDS.get(head, Kind.SELECT)
    table = NO_RELATION
    if kind is not Kind.SELECT and data["table"] and HOLE not in data["table"]:
        table = _relation_of(data["table"])
    start = len(sql) - len(sql.lstrip())
    whole = kind in (Kind.UPDATE, Kind.DELETE) and not _WHERE.search(sql)
    return Operation(kind, Span(start, len(sql.rstrip().rstrip(";"))), table=table, whole=whole)


def _relation_of(text: str) -> Relation:
    parts = [
        part[1:-1].replace('""', '"') if part.startswith('"') else part.lower()
        for part in re.findall(r'"(?:[^"]|"")+"|[^."]+', text)
    ]
    return Relation(parts[-2] if len(parts) > 1 else "", parts[-1]) if parts else NO_RELATION


def _statement(cursor: Cursor) -> Iterator[Operation | Gap]:
    span = cursor.span
    head = cursor.tokens[0]
    try:
        if head.kind == "word" and HOLE not in head.value:
            if head.value == "do":
                yield from _block(cursor)
                return
            reader = _READERS.get(head.value)
            if reader is not None:
                cursor.at = 1
                yield from reader(cursor)
                return
            if head.value in _WITHOUT_EFFECT:
                yield Operation(Kind.OTHER, span, words=head.value)
                return
        raise Unclear("the statement", f"it begins with {_shown(head)}")
    except Unclear as unclear:
        yield Gap(span, unclear.what, unclear.why)


def _shown(token: Token) -> str:
    return "a part that is not known" if HOLE in token.value else repr(token.value[:40])


def _data(kind: Kind, *fillers: str) -> Callable[[Cursor], Iterator[Operation]]:
    def reader(cursor: Cursor) -> Iterator[Operation]:
        while cursor.take_one(*fillers):
            pass
        parts = () if kind is Kind.SELECT else cursor.dotted()
        table = NO_RELATION
        if parts and not any(HOLE in part for part in parts):
            table = Relation(parts[-2] if len(parts) > 1 else "", parts[-1])
        words = {token.value for token in cursor.tokens if token.kind == "word"}
        whole = kind in (Kind.UPDATE, Kind.DELETE) and "where" not in words
        yield Operation(kind, cursor.span, table=table, whole=whole)

    return reader


def _select(cursor: Cursor) -> Iterator[Operation]:
    cursor.until("into")
    if cursor.take("into"):
        cursor.take_one("temporary", "temp", "unlogged")
        cursor.take("table")
        yield Operation(Kind.CREATE_TABLE, cursor.span, table=relation(cursor, "the new table"))
    else:
        yield Operation(Kind.SELECT, cursor.span)


def _session(kind: Kind) -> Callable[[Cursor], Iterator[Operation]]:
    def reader(cursor: Cursor) -> Iterator[Operation]:
        words = [token.value for token in cursor.tokens]
        if kind is Kind.ROLLBACK and "to" in words:
            yield Operation(Kind.OTHER, cursor.span, words="rollback to savepoint")
            return
        if kind is Kind.SET and "default" not in words[:1]:
            cursor.take_one("local", "session")
        yield Operation(kind, cursor.span, name=cursor.until() if kind is Kind.SET else "")

    return reader


def _truncate(cursor: Cursor) -> Iterator[Operation]:
    cursor.take("table")
    tables = []
    while True:
        cursor.take("only")
        tables.append(relation(cursor))
        cursor.take("*")
        if not cursor.take(","):
            break
    cascade = any(token.value == "cascade" for token in cursor.tokens[cursor.at :])
    for table in tables:
        yield Operation(Kind.TRUNCATE, cursor.span, table=table, cascade=cascade)


_BLOCK_HEADS = frozenset({"begin", "then", "else", "loop", "declare"})
_DEFINITION = re.compile(r"\b(create|alter|drop|truncate|comment|execute|call|rename)\b", re.IGNORECASE)


def _block(cursor: Cursor) -> Iterator[Operation | Gap]:
    """A DO block: its static statements, each under the block's own conditions."""
    body = next((token for token in cursor.tokens if token.kind == "text"), None)
    if body is None:
        raise Unclear("the DO block", "its body can't be read")
    if not _DEFINITION.search(body.value):
        yield Operation(Kind.OTHER, cursor.span, words="do")
        return
    if not cursor.sql.startswith("$", body.start):
        raise Unclear("the DO block", "its body is quoted as a string")
    offset = cursor.sql.index("$", body.start + 1) + 1
    try:
        pieces = statements_of(body.value)
    except Unreadable as error:
        raise Unclear("the DO block", error.message) from None
    for tokens in pieces:
        first = 0
        for at, token in enumerate(tokens):
            if token.kind == "word" and token.value in _BLOCK_HEADS:
                first = at + 1
        rest = tokens[first:]
        if not rest or rest[0].kind != "word" or not _DEFINITION.match(rest[0].value):
            continue
        span = Span(offset + rest[0].start, offset + rest[-1].end)
        if rest[0].value in ("execute", "call"):
            yield Gap(span, "the statement", f"the DO block puts it together for {rest[0].value.upper()}")
            continue
        for each in _statement(Cursor(body.value, rest)):
            yield _moved(each, offset)


def _moved(each: Operation | Gap, offset: int) -> Operation | Gap:
    span = Span(each.span.start + offset, each.span.end + offset)
    if isinstance(each, Gap):
        return replace(each, span=span)
    return replace(each, span=span, conditions=("the DO block's own",))


# Statements without effect on tables, columns, constraints and indexes: "SQL Commands" of the manual.
_WITHOUT_EFFECT = frozenset(
    """
    abort analyze checkpoint close cluster copy deallocate declare discard end explain fetch
    grant import listen load lock move notify prepare reassign refresh release revoke
    savepoint security show unlisten vacuum
    """.split()  # noqa: SIM905 - a long list of words reads better so
)


def _definitions(name: str) -> Callable[[Cursor], Iterator[Operation]]:
    def reader(cursor: Cursor) -> Iterator[Operation]:
        from runcrew_lint.domains.migrations import definitions

        return definitions.READERS[name](cursor)

    return reader


def _reindex(cursor: Cursor) -> Iterator[Operation]:
    """REINDEX, whose CONCURRENTLY stands behind the kind of object, or (before 14) among its options."""
    words = [token.value if token.kind == "word" else "" for token in cursor.tokens]
    concurrently = any(
        word == "concurrently" and after not in ("false", "off")
        for word, after in zip(words, [*words[1:], ""], strict=True)
    )
    yield Operation(Kind.OTHER, cursor.span, words="reindex", concurrently=concurrently)


def _with(cursor: Cursor) -> Iterator[Operation]:
    """WITH: what its parts write, in the order they stand, and then what the statement itself does."""
    cursor.take("recursive")
    while cursor.name() is not None:
        cursor.parenthesised()
        if not cursor.take("as"):
            break
        cursor.take("not")
        cursor.take("materialized")
        first = cursor.at + 1
        cursor.parenthesised()
        yield from _written(cursor, first, cursor.at - 1)
        cursor.until(",", "select", "values", "table", "insert", "update", "delete", "merge", "(")
        if not cursor.take(","):
            break
    main = list(_written(cursor, cursor.at, len(cursor.tokens)))
    yield from main or [Operation(Kind.SELECT, cursor.span)]


def _written(cursor: Cursor, first: int, last: int) -> Iterator[Operation]:
    """What the tokens from `first` to before `last` do, if they are a statement that writes rows."""
    inner = Cursor(cursor.sql, cursor.tokens[first:last])
    head = inner.take_one("insert", "update", "delete", "merge")
    if head:
        for each in _READERS[head](inner):
            yield replace(each, span=cursor.span)


_READERS: dict[str, Callable[[Cursor], Iterator[Operation]]] = {
    "select": _select,
    "values": _data(Kind.SELECT),
    "table": _data(Kind.SELECT),
    "with": _with,
    "(": _data(Kind.SELECT),
    "insert": _data(Kind.INSERT, "into"),
    "update": _data(Kind.UPDATE, "only"),
    "delete": _data(Kind.DELETE, "from", "only"),
    "merge": _data(Kind.UPDATE, "into", "only"),
    "truncate": _truncate,
    "begin": _session(Kind.BEGIN),
    "start": _session(Kind.BEGIN),
    "commit": _session(Kind.COMMIT),
    "rollback": _session(Kind.ROLLBACK),
    "set": _session(Kind.SET),
    "reset": _session(Kind.SET),
    "reindex": _reindex,
    "create": _definitions("create"),
    "drop": _definitions("drop"),
    "alter": _definitions("alter"),
    "comment": _definitions("comment"),
}
