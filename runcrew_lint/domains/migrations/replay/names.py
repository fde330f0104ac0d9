"""The names that PostgreSQL picks for what is given none.

Sources: makeObjectName, ChooseRelationName, ChooseConstraintName, ChooseIndexNameAddition and
FigureIndexColname in the server's sources (src/backend/commands/indexcmds.c, catalog/pg_constraint.c).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from runcrew_lint.domains.migrations.replay.draft import Draft
from runcrew_lint.domains.migrations.states import Table
from runcrew_lint.patterns import lazily

MOST = 63  # bytes of an identifier: NAMEDATALEN less the end
_ONE_BY_ONE = 20


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


def _numbered(first: str, second: str, label: str) -> Callable[[int], str]:
    """The name that the server tries with a number."""
    plain = joined(first, second, label)
    whole = plain == "_".join(part for part in (first, second, label) if part)
    room = MOST - len(plain.encode()) if whole else 0

    def name(number: int) -> str:
        digits = str(number or "")
        return f"{plain}{digits}" if len(digits) <= room else joined(first, second, f"{label}{digits}")

    return name


def _first(name: Callable[[int], str], is_taken: Callable[[str], bool]) -> str:
    """The first name that is free.

    Behind `_ONE_BY_ONE` it is looked for by halves, as if nothing between taken names were free: a history of
    thousands would otherwise try each of them for the next.
    """
    for number in range(_ONE_BY_ONE):
        if not is_taken(made := name(number)):
            return made
    taken, step = _ONE_BY_ONE - 1, 1
    while is_taken(name(taken + step)):
        taken, step = taken + step, 2 * step
    while step > 1:
        half = step // 2
        if is_taken(name(taken + half)):
            taken, step = taken + half, step - half
        else:
            step = half
    return name(taken + 1)


def free(draft: Draft, schema: str, first: str, second: str, label: str, *, constraint: bool = False) -> str:
    """The first name that no relation of the schema has, nor (for a constraint's index) a constraint."""
    return _first(
        _numbered(first, second, label),
        lambda name: draft.taken(schema, name) or (constraint and draft.named(schema, name)),
    )


def free_constraint(draft: Draft, table: Table, second: str, label: str) -> str:
    """The first name that no constraint of the table's schema has."""
    schema = table.name.schema
    return _first(
        _numbered(table.name.name, second, label),
        lambda name: name in table.constraints or draft.named(schema, name),
    )


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
