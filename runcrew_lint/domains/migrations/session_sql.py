"""Statements about the session, its transaction and upkeep, as operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from runcrew_lint.documents.sql_cursor import Cursor
from runcrew_lint.domains.migrations.facts import NO_RELATION, Kind, Operation, Relation
from runcrew_lint.domains.migrations.relation_sql import (
    is_cascade,
    name_of,
    only_one,
    options,
    relation,
    relations,
    setting,
)
from runcrew_lint.domains.migrations.values import Unclear


def _ends(kind: Kind) -> Callable[[Cursor], Iterator[Operation]]:
    def reader(cursor: Cursor) -> Iterator[Operation]:
        cursor.take_one("work", "transaction")
        if cursor.take("prepared"):
            yield Operation(Kind.OTHER, cursor.span, words=f"{kind.value} prepared")
        elif cursor.take("to"):
            yield Operation(Kind.OTHER, cursor.span, words="rollback to savepoint")
        else:
            chain = cursor.take("and", "chain")
            yield Operation(kind, cursor.span, words="and chain" if chain else "")

    return reader


def _begin(cursor: Cursor) -> Iterator[Operation]:
    yield Operation(Kind.BEGIN, cursor.span)


def _set(cursor: Cursor) -> Iterator[Operation]:
    local = False
    if not cursor.take("session", "authorization") and not cursor.take("session", "characteristics"):
        local = cursor.take_one("local", "session") == "local"
    else:
        cursor.at -= 2
        words = " ".join(token.value for token in cursor.tokens[1:3])
        yield Operation(Kind.SET, cursor.span, words=words)
        return
    word = cursor.take_one("transaction", "constraints", "role", "session", "xml")
    if word and not cursor.take_one("=", "to"):
        value = setting(cursor)
        yield Operation(Kind.SET, cursor.span, words=word, name=word, options=((word, value),), local=local)
        return
    if word:
        cursor.at -= 2
    if cursor.take("time", "zone"):
        name = "timezone"
    elif cursor.take("names"):
        name = "client_encoding"
    elif cursor.take("schema"):
        name = "search_path"
    else:
        name = ".".join(cursor.dotted()).lower()
        if not name or not cursor.take_one("=", "to"):
            raise Unclear("the setting", "the SQL can't be read as SET")
    value = setting(cursor)
    yield Operation(Kind.SET, cursor.span, name=name, options=((name, value),), local=local)


def _reset(cursor: Cursor) -> Iterator[Operation]:
    if cursor.take("time", "zone"):
        name = "timezone"
    elif cursor.take("session", "authorization"):
        name = "session_authorization"
    elif cursor.take("transaction"):
        name = "transaction_isolation"
    else:
        name = ".".join(cursor.dotted()).lower()
    yield Operation(Kind.SET, cursor.span, words="reset", name=name)


def _discard(cursor: Cursor) -> Iterator[Operation]:
    yield (
        Operation(Kind.SET, cursor.span, words="reset", name="all")
        if cursor.take("all")
        else Operation(Kind.OTHER, cursor.span, words="discard")
    )


def _truncate(cursor: Cursor) -> Iterator[Operation]:
    cursor.take("table")
    tables, only = relations(cursor)
    restart = cursor.take("restart", "identity")
    cursor.take("continue", "identity")
    cascade = is_cascade(cursor)
    for part, table in enumerate(tables):
        yield Operation(
            Kind.TRUNCATE,
            cursor.span,
            table=table,
            part=part,
            only=only,
            cascade=cascade,
            words="restart identity" if restart else "",
        )


def _lock(cursor: Cursor) -> Iterator[Operation]:
    cursor.take("table")
    tables, only = relations(cursor)
    mode = "access exclusive"
    if cursor.take("in"):
        mode = cursor.until("mode").lower()
        cursor.take("mode")
    given = (("nowait", ""),) if cursor.take("nowait") else ()
    for part, table in enumerate(tables):
        words = " ".join(mode.split())
        yield Operation(Kind.LOCK, cursor.span, table=table, part=part, only=only, words=words, options=given)


def _vacuum(cursor: Cursor) -> Iterator[Operation]:
    given = tuple((name.lower(), value) for name, value in options(cursor))
    words = {name for name, value in given if value.lower() not in ("false", "off", "0")}
    while word := cursor.take_one("full", "freeze", "verbose", "analyze", "analyse"):
        words.add("analyze" if word == "analyse" else word)
    said = " ".join(word for word in ("full", "analyze") if word in words)
    yield from _kept(Kind.VACUUM, cursor, said, given)


def _analyze(cursor: Cursor) -> Iterator[Operation]:
    given = options(cursor)
    cursor.take("verbose")
    yield from _kept(Kind.ANALYZE, cursor, "", given)


def _kept(kind: Kind, cursor: Cursor, words: str, given: tuple[tuple[str, str], ...]) -> Iterator[Operation]:
    """One operation a table, or one for all of them."""
    tables: list[tuple[Relation, bool]] = []
    while cursor.token is not None:
        tables.append(only_one(cursor))
        cursor.parenthesised()
        if not cursor.take(","):
            break
    for part, (table, only) in enumerate(tables or [(NO_RELATION, False)]):
        yield Operation(kind, cursor.span, table=table, part=part, only=only, words=words, options=given)


def _cluster(cursor: Cursor) -> Iterator[Operation]:
    given = options(cursor)
    cursor.take("verbose")
    if cursor.token is None:
        yield Operation(Kind.CLUSTER, cursor.span, options=given)
        return
    first = relation(cursor)
    if cursor.take("on"):  # the form of before 8.3: index ON table
        yield Operation(Kind.CLUSTER, cursor.span, table=relation(cursor), name=first.name, options=given)
        return
    index = name_of(cursor, "the index") if cursor.take("using") else ""
    yield Operation(Kind.CLUSTER, cursor.span, table=first, name=index, options=given)


def _reindex(cursor: Cursor) -> Iterator[Operation]:
    """REINDEX, whose CONCURRENTLY stands behind the kind of object, or (before 14) among its options."""
    given = options(cursor)
    concurrently = any(
        name.lower() == "concurrently" and value.lower() not in ("false", "off", "0") for name, value in given
    )
    word = cursor.take_one("index", "table", "schema", "database", "system")
    if not word:
        raise Unclear("the statement", "the SQL can't be read as REINDEX")
    concurrently = cursor.take("concurrently") or concurrently
    table, name = NO_RELATION, ""
    if word in ("index", "table"):
        named = relation(cursor, f"the {word}")
        table, name = (named, "") if word == "table" else (Relation(named.schema, ""), named.name)
    elif cursor.token is not None:
        name = name_of(cursor, f"the {word}")
    yield Operation(
        Kind.REINDEX,
        cursor.span,
        table=table,
        name=name,
        words=word,
        concurrently=concurrently,
        options=given,
    )


def _refresh(cursor: Cursor) -> Iterator[Operation]:
    cursor.take("materialized", "view")
    concurrently = cursor.take("concurrently")
    table = relation(cursor, "the view")
    empty = cursor.take("with", "no", "data")
    yield Operation(
        Kind.REFRESH,
        cursor.span,
        table=table,
        concurrently=concurrently,
        materialized=True,
        words="with no data" if empty else "",
    )


_NO_TABLES = (
    *("all", "database", "domain", "foreign", "function", "language", "large", "parameter", "procedure"),
    *("routine", "schema", "tablespace", "type", "property"),
)


def _grant(word: str) -> Callable[[Cursor], Iterator[Operation]]:
    def reader(cursor: Cursor) -> Iterator[Operation]:
        cursor.until("on", "to", "from")
        tables: list[Relation] = []
        if cursor.take("on") and not cursor.take_one(*_NO_TABLES):
            cursor.take_one("table", "sequence")
            tables, _ = relations(cursor)
        for part, table in enumerate(tables or [NO_RELATION]):
            yield Operation(Kind.OTHER, cursor.span, table=table, part=part, words=word)

    return reader


READERS: dict[str, Callable[[Cursor], Iterator[Operation]]] = {
    "begin": _begin,
    "start": _begin,
    "commit": _ends(Kind.COMMIT),
    "end": _ends(Kind.COMMIT),
    "rollback": _ends(Kind.ROLLBACK),
    "abort": _ends(Kind.ROLLBACK),
    "set": _set,
    "reset": _reset,
    "discard": _discard,
    "truncate": _truncate,
    "lock": _lock,
    "vacuum": _vacuum,
    "analyze": _analyze,
    "analyse": _analyze,
    "cluster": _cluster,
    "reindex": _reindex,
    "refresh": _refresh,
    "grant": _grant("grant"),
    "revoke": _grant("revoke"),
}
