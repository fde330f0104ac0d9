"""The names that PostgreSQL picks for what is given none.

Sources: makeObjectName, ChooseRelationName, ChooseConstraintName, ChooseIndexNameAddition and
FigureIndexColname in the server's sources (src/backend/commands/indexcmds.c, catalog/pg_constraint.c).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from itertools import count

from runcrew_lint.domains.migrations.replay.draft import Draft
from runcrew_lint.domains.migrations.states import Table
from runcrew_lint.patterns import lazily

Tried = dict[tuple[str, str], int]  # by what is numbered, while nothing is dropped
MOST = 63  # bytes of an identifier: NAMEDATALEN less the end


def clipped(name: str, most: int = MOST) -> str:
    """A name cut off after so many bytes of UTF-8, at a character's end."""
    data = name.encode()
    return name if len(data) <= most else data[:most].decode(errors="ignore")


def joined(first: str, second: str, label: str) -> str:
    """first_second_label in 63 bytes: the longer of the two names gives way."""
    room = MOST - (len(label) + 1 if label else 0) - (1 if second else 0)
    one, two = len(first.encode()), len(second.encode())
    while one + two > room:
        if one > two:
            one -= 1
        else:
            two -= 1
    parts = [clipped(first, one), clipped(second, two), label]
    return "_".join(part for part in parts if part)


def _numbered(first: str, second: str, label: str, start: int = 0) -> Iterator[str]:
    """The names that the server tries, one after another, from a number on."""
    plain = joined(first, second, label)
    whole = plain == "_".join(part for part in (first, second, label) if part)
    room = MOST - len(plain.encode()) if whole else 0
    for number in count(start):
        digits = str(number or "")
        yield f"{plain}{digits}" if len(digits) <= room else joined(first, second, f"{label}{digits}")


def free(
    draft: Draft,
    schema: str,
    first: str,
    second: str,
    label: str,
    *,
    constraint: bool = False,
    own: Container[str] = (),
) -> str:
    """The first name that no relation of the schema has, nor (for a constraint's index) a constraint.

    Arguments:
        own: the names of the table's own indexes, which are many where many are tried.
    """
    return next(
        name
        for name in _numbered(first, second, label)
        if name not in own
        and not draft.taken(schema, name)
        and not (constraint and draft.named(schema, name))
    )


def free_constraint(draft: Draft, table: Table, second: str, label: str, tried: Tried | None = None) -> str:
    """The first name that no constraint of the table's schema has.

    Arguments:
        tried: the numbers that are known to be taken.
    """
    schema, first = table.name.schema, table.name.name
    start = tried.get((second, label), 0) if tried is not None else 0
    for number, name in enumerate(_numbered(first, second, label, start), start):
        if name not in table.constraints and not draft.named(schema, name):
            if tried is not None:
                tried[second, label] = number + 1
            return name
    raise AssertionError("there is no last number")


def addition(keys: Sequence[str]) -> str:
    """The columns' part of an index's or a foreign key's name."""
    made = ""
    for name in distinct(keys):
        made = f"{made}_{name}" if made else name
        if len(made.encode()) > MOST:
            break
    return clipped(made)


def distinct(keys: Sequence[str]) -> list[str]:
    """An index's own column names: a second one of a name has a number behind it."""
    found: list[str] = []
    for key in keys:
        name, number = clipped(key), 0
        while name in found:
            number += 1
            name = clipped(key, MOST - len(str(number))) + str(number)
        found.append(name)
    return found


_CALL = lazily(r'\(*\s*(?:[\w"]+\.)*("(?:[^"]|"")+"|[^\W\d][\w$]*)\s*\(', re.DOTALL)
_CAST = lazily(r'::\s*(?:[\w"]+\.)*("(?:[^"]|"")+"|[^\W\d][\w$]*)[^:]*\Z')
_COLUMN = lazily(r'\(*\s*("(?:[^"]|"")+"|[^\W\d][\w$]*)\s*\)*\s*(?:::.*)?\Z', re.DOTALL)
_NO_CALLS = frozenset({"case", "not", "exists", "array", "row", "and", "or", "in", "any", "all"})
_NAMED = frozenset({"coalesce", "greatest", "least", "nullif", "xmlconcat"})


def key_name(key: str, columns: frozenset[str]) -> str:
    """The name that an index gives one of its keys: the column's, a function's, or "expr"."""
    if key in columns:
        return key
    text = key.strip()
    while text.startswith("(") and _closes(text):
        text = text[1:-1].strip()
    bare = _COLUMN.match(text)
    if bare:
        return _unquoted(bare[1])
    call = _CALL.match(text)
    if call and call[1].lower() not in _NO_CALLS and _closes(text[call.end() - 1 :]):
        return _unquoted(call[1])
    if text.lower().startswith("case ") and text.lower().endswith("end"):
        return "case"
    cast = _CAST.search(text)
    if cast and _closes(text[: text.rindex("::")].strip() or "x"):
        return _unquoted(cast[1])
    return "expr"


def _unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()


def _closes(text: str) -> bool:
    """Whether the parenthesis that a text begins with is closed by its last character."""
    if not (text.startswith("(") and text.endswith(")")):
        return False
    depth = 0
    for at, mark in enumerate(text):
        depth += (mark == "(") - (mark == ")")
        if depth == 0:
            return at == len(text) - 1
    return False
