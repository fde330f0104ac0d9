"""Functions, procedures and triggers as operations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runcrew_lint.documents.sql_cursor import Cursor
from runcrew_lint.domains.migrations.facts import Kind, Operation, Relation
from runcrew_lint.domains.migrations.relation_sql import name_of, relation

# What begins a clause of CREATE FUNCTION behind its arguments.
_CLAUSES = (
    *("returns", "language", "transform", "window", "immutable", "stable", "volatile", "leakproof", "not"),
    *("called", "strict", "external", "security", "parallel", "cost", "rows", "support", "set", "as"),
    *("return", "begin", "reset", "depends", "rename", "owner"),
)


def create_function(cursor: Cursor, *, word: str, replaces: bool) -> Operation:
    """Go past CREATE FUNCTION (or PROCEDURE, AGGREGATE), the words before the name being read.

    Errors:
        Unclear where its name is not known.
    """
    name = relation(cursor, f"the {word}")
    arguments = _arguments(cursor)
    given, body = clauses(cursor)
    return Operation(
        Kind.CREATE_FUNCTION,
        cursor.span,
        name=str(name),
        words=word,
        values=arguments,
        options=given,
        text=body,
        replaces=replaces,
    )


def _arguments(cursor: Cursor) -> tuple[str, ...]:
    return tuple(" ".join(item.between(0, len(item.tokens)).split()) for item in cursor.parenthesised())


def clauses(cursor: Cursor) -> tuple[tuple[tuple[str, str], ...], str]:
    """Go past a function's clauses: options by name and value, and its body.

    `SET x TO y` is ("set x", "y"), `SET x FROM CURRENT` ("set x", "from current"), SECURITY DEFINER
    ("security", "definer"), IMMUTABLE, STABLE and VOLATILE ("volatility", ...).
    """
    given: list[tuple[str, str]] = []
    body = ""
    while cursor.token is not None:
        if cursor.take("as"):
            text = cursor.text()
            body = text if text is not None else cursor.until(*_CLAUSES)
            cursor.take(",")
            cursor.text()
        elif cursor.take("begin", "atomic") or cursor.take("return"):
            body = cursor.until()
        elif cursor.take("set"):
            given.append(_setting(cursor))
        elif cursor.take("reset"):
            given.append((f"reset {'.'.join(cursor.dotted())}", ""))
        elif cursor.take("external", "security") or cursor.take("security"):
            given.append(("security", cursor.name() or ""))
        elif cursor.take("not", "leakproof"):
            given.append(("leakproof", "not"))
        elif word := cursor.take_one("immutable", "stable", "volatile"):
            given.append(("volatility", word))
        elif word := cursor.take_one("strict", "leakproof", "window"):
            given.append((word, ""))
        elif word := cursor.take_one("called", "returns"):
            if cursor.take("null", "on", "null", "input"):
                given.append(("strict", ""))
            else:
                given.append((word, cursor.until(*_CLAUSES)))
        elif word := cursor.take_one("language", "parallel", "cost", "rows", "support", "transform"):
            first = cursor.at
            value = cursor.text()
            given.append((word, value if value is not None else _value(cursor, first)))
        else:
            cursor.at += 1
    return tuple(given), body


def _value(cursor: Cursor, first: int) -> str:
    cursor.at = first
    return cursor.until(*_CLAUSES)


def _setting(cursor: Cursor) -> tuple[str, str]:
    if cursor.take("time", "zone"):
        name = "timezone"
    else:
        name = ".".join(cursor.dotted()).lower()
    if cursor.take("from", "current"):
        return f"set {name}", "from current"
    cursor.take_one("to", "=")
    values = []
    while cursor.token is not None:
        text = cursor.text()
        if text is None:
            first = cursor.at
            cursor.at += 1
            text = cursor.between(first, cursor.at)
        values.append(text)
        if not cursor.take(","):
            break
    return f"set {name}", ", ".join(values)


def alter_function(cursor: Cursor, word: str) -> Iterator[Operation]:
    """What ALTER FUNCTION does: an OTHER with the function's clauses as options.

    Errors:
        Unclear where its name is not known.
    """
    name = relation(cursor, f"the {word}")
    arguments = _arguments(cursor)
    fields: dict[str, Any] = {"name": str(name), "values": arguments}
    words = f"alter {word}"
    if cursor.take("rename", "to"):
        words += " rename to"
        fields["target"] = Relation(name.schema, name_of(cursor, "the new name"))
    elif cursor.take("set", "schema"):
        words += " set schema"
        fields["target"] = Relation(name_of(cursor, "the schema"), name.name)
    elif cursor.take("owner", "to"):
        words += " owner to"
    else:
        fields["options"] = clauses(cursor)[0]
    yield Operation(Kind.OTHER, cursor.span, words=words, **fields)


def drop_function(cursor: Cursor, word: str) -> Iterator[Operation]:
    """What DROP FUNCTION (or PROCEDURE, ROUTINE, AGGREGATE) drops.

    Errors:
        Unclear where a name is not known.
    """
    exists = cursor.take("if", "exists")
    found = []
    while True:
        name = str(relation(cursor, f"the {word}"))
        found.append((name, _arguments(cursor)))
        if not cursor.take(","):
            break
    cascade = cursor.take("cascade")
    for part, (name, arguments) in enumerate(found):
        yield Operation(
            Kind.DROP_FUNCTION,
            cursor.span,
            name=name,
            part=part,
            words=word,
            values=arguments,
            if_exists=exists,
            cascade=cascade,
        )


def create_trigger(cursor: Cursor, *, replaces: bool, constraint: bool) -> Operation:
    """Go past CREATE TRIGGER, the words before the name being read.

    Errors:
        Unclear where its table is not known.
    """
    name = name_of(cursor, "the trigger")
    first = cursor.at
    moment = cursor.take_one("before", "after", "instead")
    cursor.take("of") if moment == "instead" else None
    first = cursor.at
    cursor.until("on")
    events = " ".join(cursor.between(first, cursor.at).split()).lower()
    cursor.take("on")
    table = relation(cursor)
    others: tuple[Relation, ...] = ()
    given = [("moment", "instead of" if moment == "instead" else moment), ("events", events)]
    condition = ""
    while cursor.token is not None:
        if cursor.take("from"):
            others = (relation(cursor, "the referenced table"),)
        elif cursor.take("for"):
            cursor.take("each")
            given.append(("for each", cursor.take_one("row", "statement")))
        elif cursor.take("when"):
            first = cursor.at
            cursor.parenthesised()
            condition = cursor.between(first, cursor.at)
        elif cursor.take("execute"):
            cursor.take_one("function", "procedure")
            given.append(("execute", str(relation(cursor, "the function"))))
            cursor.parenthesised()
        elif cursor.take("referencing"):
            given.append(("referencing", cursor.until("for", "when", "execute")))
        else:
            cursor.at += 1
    return Operation(
        Kind.CREATE_TRIGGER,
        cursor.span,
        table=table,
        name=name,
        others=others,
        words="constraint" if constraint else "",
        options=tuple(given),
        text=condition,
        replaces=replaces,
    )


def drop_trigger(cursor: Cursor) -> Operation:
    """Go past DROP TRIGGER.

    Errors:
        Unclear where its table is not known.
    """
    exists = cursor.take("if", "exists")
    name = name_of(cursor, "the trigger")
    cursor.take("on")
    table = relation(cursor)
    return Operation(
        Kind.DROP_TRIGGER,
        cursor.span,
        table=table,
        name=name,
        if_exists=exists,
        cascade=cursor.take("cascade"),
    )
