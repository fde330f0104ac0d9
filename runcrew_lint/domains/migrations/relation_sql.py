"""The names, lists and settings that SQL statements have in common."""

from __future__ import annotations

from runcrew_lint.documents.sql_cursor import Cursor
from runcrew_lint.domains.migrations.facts import Relation
from runcrew_lint.domains.migrations.values import HOLE, Unclear


def relation(cursor: Cursor, what: str = "the table") -> Relation:
    """Go past a relation's name.

    Errors:
        Unclear where no name stands here, or one with a part that is not known.
    """
    parts = cursor.dotted()
    if not parts:
        raise Unclear(what, "the SQL names none that can be read")
    if HOLE in parts[-1]:
        raise Unclear(what, "its name is put together when the revision runs")
    schema = parts[-2] if len(parts) > 1 else ""
    return Relation("?" if HOLE in schema else schema, parts[-1])


def relations(cursor: Cursor, what: str = "the table") -> tuple[list[Relation], bool]:
    """Go past a list of relations, each perhaps with ONLY or *; the relations, and whether ONLY stood there.

    Errors:
        Unclear as for `relation`.
    """
    found = []
    only = False
    while True:
        only = _only(cursor) or only
        found.append(relation(cursor, what))
        cursor.take("*")
        if not cursor.take(","):
            return found, only


def only_one(cursor: Cursor, what: str = "the table") -> tuple[Relation, bool]:
    """Go past one relation, perhaps with ONLY or *; the relation, and whether ONLY stood there.

    Errors:
        Unclear as for `relation`.
    """
    only = _only(cursor)
    if only and cursor.take("("):
        named = relation(cursor, what)
        cursor.take(")")
        return named, True
    named = relation(cursor, what)
    cursor.take("*")
    return named, only


def _only(cursor: Cursor) -> bool:
    return cursor.take("only")


def name_of(cursor: Cursor, what: str) -> str:
    """Go past a name that is not qualified.

    Errors:
        Unclear where no name stands here, or one that is not known.
    """
    name = cursor.name()
    if name is None:
        raise Unclear(what, "the SQL names none that can be read")
    if HOLE in name:
        raise Unclear(what, "its name is put together when the revision runs")
    return name


def names(cursor: Cursor) -> tuple[str, ...]:
    """Go past a parenthesised list of names; "" for one that can't be read."""
    return tuple(item.name() or "" for item in cursor.parenthesised())


def setting(cursor: Cursor, *stops: str) -> str:
    """Go past a value up to one of these words: strings without their quotes, the rest as written."""
    first = cursor.at
    text = cursor.until(*stops)
    found = cursor.tokens[first : cursor.at]
    if not any(token.kind == "text" for token in found):
        return text
    return "".join(f"{token.value} " if token.value == "," else token.value for token in found)


def options(cursor: Cursor) -> tuple[tuple[str, str], ...]:
    """Go past a parenthesised list of options, `name [=] value`; a value that is not given is ""."""
    found = []
    for item in cursor.parenthesised():
        name = ".".join(item.dotted())
        item.take("=")
        found.append((name, setting(item)))
    return tuple(found)


def is_cascade(cursor: Cursor) -> bool:
    """Go past CASCADE or RESTRICT: whether it is CASCADE."""
    return cursor.take_one("cascade", "restrict") == "cascade"
