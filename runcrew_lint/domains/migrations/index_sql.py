"""CREATE, ALTER and DROP INDEX as operations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runcrew_lint.documents.sql import statements
from runcrew_lint.documents.sql_cursor import Cursor
from runcrew_lint.domains.migrations.facts import Index, Kind, Operation, Relation
from runcrew_lint.domains.migrations.relation_sql import name_of, only_one, options, relation
from runcrew_lint.domains.migrations.values import HOLE, Unclear
from runcrew_lint.model.errors import Unreadable


def create_index(cursor: Cursor, *, unique: bool) -> Operation:
    """Go past CREATE INDEX, the words before it being read.

    Errors:
        Unclear where the table is not known.
    """
    concurrently = cursor.take("concurrently")
    exists = cursor.take("if", "not", "exists")
    name = ""
    if not cursor.take("on"):
        parts = cursor.dotted()
        name = parts[-1] if parts and HOLE not in parts[-1] else ""
        if not cursor.take("on"):
            raise Unclear("the index", "the SQL can't be read as CREATE INDEX")
    table, only = only_one(cursor)
    using = (cursor.name() or "") if cursor.take("using") else ""
    found = [_key(item) for item in cursor.parenthesised()]
    ordering = tuple(each for _, each in found)
    include: tuple[str, ...] = ()
    given: list[tuple[str, str]] = []
    distinct, where = False, ""
    while cursor.token is not None:
        if cursor.take("include"):
            include = tuple(_key(item)[0] for item in cursor.parenthesised())
        elif cursor.take("nulls", "not", "distinct"):
            distinct = True
        elif cursor.take("with"):
            given += options(cursor)
        elif cursor.take("tablespace"):
            given.append(("tablespace", cursor.name() or ""))
        elif cursor.take("where"):
            where = cursor.until()
            break
        else:
            cursor.at += 1
    index = Index(
        tuple(key for key, _ in found),
        unique,
        using,
        where,
        include,
        only,
        ordering if any(ordering) else (),
        distinct,
    )
    return Operation(
        Kind.CREATE_INDEX,
        cursor.span,
        table=table,
        name=name,
        index=index,
        options=tuple(given),
        concurrently=concurrently,
        if_exists=exists,
    )


def elements(text: str) -> list[tuple[str, str]]:
    """The keys that a text of SQL lists, with what each says beside itself; none where it can't be read."""
    try:
        found = statements(f"({text})")
    except Unreadable:
        return []
    return [_key(item) for item in Cursor(f"({text})", found[0]).parenthesised()] if len(found) == 1 else []


def _key(item: Cursor) -> tuple[str, str]:
    """An index key: the column's name, or the text of an expression; and what it says beside itself."""
    first = item.tokens[0]
    if first.kind == "mark" and first.value == "(":
        item.parenthesised()
        key = item.between(0, item.at)
    else:
        item.dotted()
        if item.token is not None and item.token.value == "(":
            item.parenthesised()
        key = first.value if item.at == 1 else item.between(0, item.at)
        if item.at == 0 or (item.token is not None and item.token.value == "::"):
            item.until("collate", "asc", "desc", "nulls")
            key = item.between(0, item.at)
    return key, item.between(item.at, len(item.tokens))


def alter_index(cursor: Cursor) -> Iterator[Operation]:
    """What ALTER INDEX does: `table` has the index's schema alone, `name` is the index.

    Errors:
        Unclear where the index, or what is done to it, is not known.
    """
    if cursor.take("all", "in", "tablespace"):
        name = cursor.name() or ""
        yield Operation(Kind.OTHER, cursor.span, words="alter index all in tablespace", name=name)
        return
    exists = cursor.take("if", "exists")
    index = relation(cursor, "the index")
    common: dict[str, Any] = {
        "table": Relation(index.schema, ""),
        "name": index.name,
        "if_exists": exists,
    }
    if cursor.take("rename", "to"):
        new = Relation(index.schema, relation(cursor, "the new name").name)
        yield Operation(Kind.RENAME_INDEX, cursor.span, target=new, **common)
    elif cursor.take("attach", "partition"):
        part = relation(cursor, "the index")
        yield Operation(Kind.ATTACH_PARTITION, cursor.span, others=(part,), **common)
    elif cursor.take("set", "tablespace"):
        space = name_of(cursor, "the tablespace")
        yield _other(cursor, "set tablespace", (("tablespace", space),), common)
    elif word := cursor.take_one("set", "reset"):
        yield _other(cursor, word, options(cursor), common)
    elif cursor.take("alter"):
        cursor.take("column")
        cursor.at += 1
        word = cursor.take_one("set", "reset")
        if cursor.take("statistics"):
            yield _other(cursor, "alter column set statistics", (("statistics", cursor.until()),), common)
        else:
            yield _other(cursor, f"alter column {word}", options(cursor), common)
    elif cursor.take("no", "depends") or cursor.take("depends"):
        yield _other(cursor, "depends on extension", (), common)
    elif cursor.take("owner", "to"):
        yield _other(cursor, "owner to", (), common)
    else:
        raise Unclear("the change", "the action of ALTER INDEX is not known")


def _other(
    cursor: Cursor, words: str, given: tuple[tuple[str, str], ...], common: dict[str, Any]
) -> Operation:
    return Operation(Kind.OTHER, cursor.span, words=f"alter index {words}", options=given, **common)
