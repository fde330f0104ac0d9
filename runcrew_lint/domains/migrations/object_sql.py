"""Sequences, schemas and extensions as operations, and what else is created, altered and dropped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runcrew_lint.documents.sql_cursor import Cursor
from runcrew_lint.domains.migrations.facts import NO_RELATION, Column, Kind, Operation, Relation
from runcrew_lint.domains.migrations.relation_sql import name_of, relation, relations, setting
from runcrew_lint.domains.migrations.values import HOLE, Unclear

_CLAUSES = (
    *("as", "increment", "minvalue", "maxvalue", "no", "start", "restart", "cache", "cycle", "owned"),
    *("sequence", "set"),
)


def create_sequence(cursor: Cursor, *, temporary: bool, unlogged: bool) -> Operation:
    """Go past CREATE SEQUENCE, the words before the name being read.

    Errors:
        Unclear where its name is not known.
    """
    exists = cursor.take("if", "not", "exists")
    table = relation(cursor, "the sequence")
    return Operation(
        Kind.CREATE_SEQUENCE,
        cursor.span,
        table=table,
        if_exists=exists,
        temporary=temporary,
        unlogged=unlogged,
        **_settings(cursor),
    )


def alter_sequence(cursor: Cursor) -> Iterator[Operation]:
    """What ALTER SEQUENCE does.

    Errors:
        Unclear where the sequence is not known.
    """
    exists = cursor.take("if", "exists")
    table = relation(cursor, "the sequence")
    common: dict[str, Any] = {"table": table, "if_exists": exists}
    if cursor.take("rename", "to"):
        common |= {
            "words": "rename to",
            "target": Relation(table.schema, name_of(cursor, "the new name")),
        }
    elif cursor.take("set", "schema"):
        common |= {"words": "set schema", "target": Relation(name_of(cursor, "the schema"), table.name)}
    elif cursor.take("owner", "to"):
        common |= {"words": "owner to"}
    elif cursor.take("set"):
        common |= {"words": f"set {cursor.until().lower()}"}
    else:
        common |= _settings(cursor)
    yield Operation(Kind.ALTER_SEQUENCE, cursor.span, **common)


def _settings(cursor: Cursor) -> dict[str, Any]:
    """Go past a sequence's clauses."""
    given: list[tuple[str, str]] = []
    others: tuple[Relation, ...] = ()
    columns: tuple[Column, ...] = ()
    while cursor.token is not None:
        if cursor.take("owned", "by"):
            parts = cursor.dotted()
            given.append(("owned by", ".".join(parts)))
            if len(parts) > 1:
                others = (Relation(parts[-3] if len(parts) > 2 else "", parts[-2]),)
                columns = (Column(parts[-1]),)
        elif cursor.take("no"):
            given.append((f"no {cursor.name() or ''}", ""))
        elif word := cursor.take_one(*_CLAUSES):
            cursor.take_one("by", "with")
            given.append((word, "" if word == "cycle" else cursor.until(*_CLAUSES)))
        else:
            cursor.at += 1
    return {"options": tuple(given), "others": others, "columns": columns}


def create_extension(cursor: Cursor) -> Operation:
    """Go past CREATE EXTENSION.

    Errors:
        Unclear where its name is not known.
    """
    exists = cursor.take("if", "not", "exists")
    name = name_of(cursor, "the extension")
    given: list[tuple[str, str]] = []
    while cursor.token is not None:
        if word := cursor.take_one("schema", "version"):
            given.append((word, setting(cursor, "schema", "version", "cascade")))
        elif cursor.take("cascade"):
            given.append(("cascade", ""))
        else:
            cursor.at += 1
    return Operation(
        Kind.CREATE_EXTENSION,
        cursor.span,
        name=name,
        if_exists=exists,
        cascade=("cascade", "") in given,
        options=tuple(given),
    )


def alter_schema(cursor: Cursor) -> Iterator[Operation]:
    """What ALTER SCHEMA does.

    Errors:
        Unclear where the schema is not known.
    """
    name = name_of(cursor, "the schema")
    if cursor.take("rename", "to"):
        target = Relation("", name_of(cursor, "the new name"))
        yield Operation(Kind.RENAME_SCHEMA, cursor.span, name=name, target=target)
    else:
        yield Operation(Kind.OTHER, cursor.span, words="alter schema owner to", name=name)


# What else is created, altered and dropped, and is no table, column, constraint or index.
_OTHERS = (
    *("access method", "aggregate", "cast", "collation", "conversion", "database", "default conversion"),
    *("default privileges", "event trigger", "extension", "foreign data wrapper", "function", "group"),
    *("language", "large object", "operator class", "operator family", "operator", "owned by", "policy"),
    *("procedural language", "procedure", "property graph", "publication", "role", "routine", "rule"),
    *("server", "statistics", "subscription", "system", "tablespace", "text search configuration"),
    *("text search dictionary", "text search parser", "text search template", "transform", "trigger"),
    *("trusted language", "trusted procedural language", "user mapping", "user", "constraint"),
)
_BY_HEAD: dict[str, list[str]] = {}
for _words in sorted(_OTHERS, key=len, reverse=True):
    _BY_HEAD.setdefault(_words.split()[0], []).append(_words)


def other(cursor: Cursor, head: str) -> Iterator[Operation]:
    """What has no kind: `words` says the command, `table` and `others` the relations that it names.

    Errors:
        Unclear where the kind of object is not known.
    """
    words = next((each for each in _BY_HEAD.get(cursor.word, ()) if cursor.take(*each.split())), "")
    if not words:
        token = cursor.token
        word = token.value if token is not None and token.kind == "word" else ""
        shown = "a part that is not known" if HOLE in word else repr(word)
        raise Unclear("the statement", f"{head.upper()} is followed by {shown}")
    exists = cursor.take("if", "exists") or cursor.take("if", "not", "exists")
    fields: dict[str, Any] = {"if_exists": exists, "words": f"{head} {words}"}
    reader = _SUBJECTS.get(words)
    if words not in _NAMELESS:
        fields["name"] = str(relation(cursor, f"the {words}")) if cursor.token is not None else ""
    if reader is not None:
        fields |= reader(cursor)
    if words in ("statistics", "publication") and head == "drop":
        fields.pop("table", None)
    yield Operation(Kind.OTHER, cursor.span, **fields)


_NAMELESS = frozenset(
    {"cast", "operator", "owned by", "system", "default privileges", "user mapping", "transform", "database"}
) | frozenset({"large object", "operator class", "operator family", "role", "user", "group"})


def _on(cursor: Cursor) -> dict[str, Any]:
    """ON table, and the new name of a rename."""
    cursor.until("on")
    if not cursor.take("on"):
        return {}
    fields: dict[str, Any] = {"table": relation(cursor)}
    if cursor.take("rename", "to"):
        fields["target"] = Relation("", name_of(cursor, "the new name"))
    return fields


def _rule(cursor: Cursor) -> dict[str, Any]:
    """A rule's table: CREATE RULE ... AS ON event TO table, DROP and ALTER RULE ... ON table."""
    if not cursor.take("as"):
        return _on(cursor)
    cursor.until("to")
    return {"table": relation(cursor)} if cursor.take("to") else {}


def _from(cursor: Cursor) -> dict[str, Any]:
    cursor.until("from")
    return {"table": relation(cursor)} if cursor.take("from") else {}


def _publication(cursor: Cursor) -> dict[str, Any]:
    """The tables that a publication names; a schema's or all of them are not listed."""
    word = cursor.take_one("for", "add", "set", "drop")
    if not word or not cursor.take("table"):
        return {}
    found: list[Relation] = []
    while cursor.token is not None:
        tables, _ = relations(cursor)
        found += tables
        cursor.until(",")
        if not cursor.take(","):
            break
        cursor.take("table")
    return {"table": found[0] if found else NO_RELATION, "others": tuple(found[1:])}


_SUBJECTS = {
    "policy": _on,
    "trigger": _on,
    "rule": _rule,
    "statistics": _from,
    "publication": _publication,
}
