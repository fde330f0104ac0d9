"""CREATE, ALTER, DROP and COMMENT: which reader takes the statement; the grammars are the readers' own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from runcrew_lint.documents.sql_cursor import Cursor
from runcrew_lint.domains.migrations import (
    alter_table_sql,
    index_sql,
    object_sql,
    routine_sql,
    type_sql,
    view_sql,
)
from runcrew_lint.domains.migrations.facts import NO_RELATION, Column, Kind, Operation, Relation
from runcrew_lint.domains.migrations.relation_sql import is_cascade, name_of, relation
from runcrew_lint.domains.migrations.table_sql import create_table
from runcrew_lint.domains.migrations.values import HOLE, Unclear


def _create(cursor: Cursor) -> Iterator[Operation]:
    replaces = cursor.take("or", "replace")
    unique = cursor.take("unique")
    if cursor.take("index"):
        yield index_sql.create_index(cursor, unique=unique)
        return
    cursor.take_one("global", "local")
    temporary = bool(cursor.take_one("temporary", "temp"))
    unlogged = cursor.take("unlogged")
    word = cursor.word
    if word in ("view", "materialized", "recursive"):
        yield view_sql.create_view(cursor, replaces=replaces, temporary=temporary)
        return
    reader = _CREATED.get(word)
    if cursor.take("foreign", "table"):
        yield create_table(cursor, temporary=False, unlogged=False, foreign=True)
    elif cursor.take("constraint", "trigger"):
        yield routine_sql.create_trigger(cursor, replaces=replaces, constraint=True)
    elif cursor.take("table"):
        yield create_table(cursor, temporary=temporary, unlogged=unlogged)
    elif cursor.take("sequence"):
        yield object_sql.create_sequence(cursor, temporary=temporary, unlogged=unlogged)
    elif cursor.take("trigger"):
        yield routine_sql.create_trigger(cursor, replaces=replaces, constraint=False)
    elif word in ("function", "procedure"):
        cursor.at += 1
        yield routine_sql.create_function(cursor, word=word, replaces=replaces)
    elif cursor.take("schema"):
        yield from _create_schema(cursor)
    elif reader is not None:
        cursor.at += 1
        yield reader(cursor)
    else:
        yield from object_sql.other(cursor, "create")


_CREATED: dict[str, Callable[[Cursor], Operation]] = {
    "type": type_sql.create_type,
    "domain": type_sql.create_domain,
    "extension": object_sql.create_extension,
}


def _create_schema(cursor: Cursor) -> Iterator[Operation]:
    """CREATE SCHEMA, and what it creates at once in that schema."""
    exists = cursor.take("if", "not", "exists")
    owner = ""
    name = "" if cursor.word == "authorization" else name_of(cursor, "the schema")
    if cursor.take("authorization"):
        owner = name_of(cursor, "the owner")
    name = name or owner
    given = (("authorization", owner),) if owner else ()
    yield Operation(Kind.CREATE_SCHEMA, cursor.span, name=name, if_exists=exists, options=given)
    part = 0
    while cursor.token is not None:
        first = cursor.at
        cursor.at += 1
        cursor.until("create", "grant")
        inner = Cursor(cursor.sql, cursor.tokens[first : cursor.at])
        if not inner.take("create"):
            continue
        for each in _create(inner):
            part += 1
            table = each.table
            if table.name and not table.schema:
                table = Relation(name, table.name)
            yield replace(each, span=cursor.span, table=table, part=part)


_DROPPED = {
    "table": Kind.DROP_TABLE,
    "index": Kind.DROP_INDEX,
    "type": Kind.DROP_TYPE,
    "domain": Kind.DROP_TYPE,
    "view": Kind.DROP_VIEW,
    "sequence": Kind.DROP_SEQUENCE,
    "schema": Kind.DROP_SCHEMA,
    "extension": Kind.DROP_EXTENSION,
}
_RELATIONS = frozenset({Kind.DROP_TABLE, Kind.DROP_VIEW, Kind.DROP_SEQUENCE})


def _drop(cursor: Cursor) -> Iterator[Operation]:
    materialized = cursor.take("materialized")
    foreign = cursor.take("foreign", "table")
    word = "table" if foreign else cursor.take_one(*_DROPPED)
    if not word:
        if cursor.take("trigger"):
            yield routine_sql.drop_trigger(cursor)
        elif routine := cursor.take_one("function", "procedure", "routine", "aggregate"):
            yield from routine_sql.drop_function(cursor, routine)
        else:
            yield from object_sql.other(cursor, "drop")
        return
    concurrently = cursor.take("concurrently")
    exists = cursor.take("if", "exists")
    names = [relation(cursor, f"the {word}")]
    while cursor.take(","):
        names.append(relation(cursor, f"the {word}"))
    kind = _DROPPED[word]
    common: dict[str, Any] = {
        "concurrently": concurrently,
        "if_exists": exists,
        "cascade": is_cascade(cursor),
        "materialized": materialized,
        "words": "domain" if word == "domain" else "foreign" if foreign else "",
    }
    for part, each in enumerate(names):
        if kind in _RELATIONS:
            yield Operation(kind, cursor.span, table=each, part=part, **common)
        else:
            # An index has no table in its DROP; its schema is kept to find it by.
            at = Relation(each.schema, "") if word == "index" else NO_RELATION
            name = each.name if word == "index" else str(each)
            yield Operation(kind, cursor.span, table=at, name=name, part=part, **common)


def _alter(cursor: Cursor) -> Iterator[Operation]:
    if cursor.take("table") or cursor.take("foreign", "table"):
        yield from alter_table_sql.alter_table(cursor)
    elif cursor.take("materialized", "view"):
        yield from view_sql.alter_view(cursor, materialized=True)
    elif reader := _ALTERED.get(cursor.word):
        cursor.at += 1
        yield from reader(cursor)
    elif routine := cursor.take_one("function", "procedure", "routine", "aggregate"):
        yield from routine_sql.alter_function(cursor, routine)
    else:
        yield from object_sql.other(cursor, "alter")


def _alter_view(cursor: Cursor) -> Iterator[Operation]:
    return view_sql.alter_view(cursor, materialized=False)


_ALTERED: dict[str, Callable[[Cursor], Iterator[Operation]]] = {
    "index": index_sql.alter_index,
    "type": type_sql.alter_type,
    "domain": type_sql.alter_domain,
    "view": _alter_view,
    "sequence": object_sql.alter_sequence,
    "schema": object_sql.alter_schema,
}


def _comment(cursor: Cursor) -> Iterator[Operation]:
    cursor.take("on")
    first = cursor.at
    cursor.until("is")
    last = cursor.at
    cursor.take("is")
    comment = cursor.text()
    cursor.at = first
    word = cursor.take_one("column", "table")
    if not word:
        yield _comment_on_other(cursor, last, comment)
        return
    parts = cursor.dotted()
    if len(parts) < (2 if word == "column" else 1) or any(HOLE in part for part in parts[-2:]):
        raise Unclear(f"the {word}", "its name is put together when the revision runs")
    unknown = ("comment",) if comment is not None and HOLE in comment else ()
    if word == "table":
        table = Relation(parts[-2] if len(parts) > 1 else "", parts[-1])
        yield Operation(Kind.COMMENT_TABLE, cursor.span, table=table, text=comment or "")
        return
    table = Relation(parts[-3] if len(parts) > 2 else "", parts[-2])
    told = Column(parts[-1], comment=None if unknown else comment, unknown=unknown)
    yield Operation(Kind.COMMENT_COLUMN, cursor.span, table=table, columns=(told,))


_RELATION_KINDS = ("view", "sequence", "materialized view", "foreign table")


def _comment_on_other(cursor: Cursor, last: int, comment: str | None) -> Operation:
    fields: dict[str, Any] = {"text": comment or ""}
    for words in _RELATION_KINDS:
        if cursor.take(*words.split()):
            return Operation(
                Kind.OTHER, cursor.span, words=f"comment on {words}", table=relation(cursor), **fields
            )
    if cursor.take("index"):
        index = relation(cursor, "the index")
        at = Relation(index.schema, "")
        return Operation(
            Kind.OTHER, cursor.span, words="comment on index", table=at, name=index.name, **fields
        )
    for words in ("constraint", "trigger", "policy", "rule"):
        if cursor.take(words):
            fields["name"] = name_of(cursor, f"the {words}")
            cursor.take("on")
            if not cursor.take("domain"):
                fields["table"] = relation(cursor)
            return Operation(Kind.OTHER, cursor.span, words=f"comment on {words}", **fields)
    what = []
    while cursor.at < last - 1 and cursor.word:
        what.append(cursor.word)
        cursor.at += 1
    fields["name"] = cursor.between(cursor.at, last)
    return Operation(Kind.OTHER, cursor.span, words=" ".join(("comment on", *what[:3])), **fields)


READERS: dict[str, Callable[[Cursor], Iterator[Operation]]] = {
    "create": _create,
    "drop": _drop,
    "alter": _alter,
    "comment": _comment,
}
