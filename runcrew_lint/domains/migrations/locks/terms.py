"""SQL expressions as far as a lock depends on them: columns they name, what they prove, what they cast."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from runcrew_lint.documents.sql import Token, tokens
from runcrew_lint.domains.migrations.types import from_sql
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.tuples import NamedTuple

_OPERATORS = frozenset({"=", "<", "<=", ">", ">=", "<>", "!="})
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>", "!=": "!="}


@lru_cache(maxsize=1024)
def _tokens(text: str) -> tuple[Token, ...] | None:
    try:
        return tuple(tokens(text))
    except Unreadable:
        return None


def columns_in(text: str) -> frozenset[str]:
    """Every word and quoted name of an expression that may be a column's."""
    found = _tokens(text)
    if found is None:
        return frozenset()
    names = set()
    for at, token in enumerate(found):
        after = found[at + 1].value if at + 1 < len(found) else ""
        before = found[at - 1].value if at else ""
        if token.kind in ("word", "name") and after not in ("(", ".") and before != "::":
            names.add(token.value)
    return frozenset(names)


def names_in(text: str) -> Iterator[tuple[Token, bool]]:
    """Every word and quoted name of an expression with nothing before it that it belongs to, in its order.

    And whether it is called.
    """
    found = _tokens(text) or ()
    for at, token in enumerate(found):
        if token.kind in ("word", "name") and (not at or found[at - 1].value not in (".", "::")):
            yield token, at + 1 < len(found) and found[at + 1].value == "("


def names_column(text: str, column: str) -> bool:
    """Whether an expression may read a column."""
    return column in columns_in(text)


def calls_in(text: str) -> frozenset[str]:
    """The functions that an expression calls, and its keyword functions, by name.

    A type's modifiers, as in `'a'::geometry(Point, 4326)`, are no arguments.
    """
    found = _tokens(text) or ()
    return frozenset(
        token.value
        for at, token in enumerate(found)
        if token.kind in ("word", "name")
        and at + 1 < len(found)
        and found[at + 1].value == "("
        and (not at or found[at - 1].value != "::")
    )


def readable(text: str) -> bool:
    """Whether an expression can be read at all."""
    return _tokens(text) is not None


def strings_called(text: str, functions: frozenset[str]) -> Iterator[str]:
    """The first argument, where it is a literal string, of every call of one of the functions."""
    found = _tokens(text) or ()
    for at, token in enumerate(found[:-2]):
        if token.kind == "word" and token.value in functions and found[at + 1].value == "(":
            if found[at + 2].kind == "text":
                yield found[at + 2].value


def _stripped(found: tuple[Token, ...]) -> tuple[Token, ...]:
    """The tokens without parentheses around all of them."""
    while len(found) > 1 and found[0].value == "(" and found[0].kind == "mark":
        if _closing(found, 0) != len(found) - 1:
            break
        found = found[1:-1]
    return found


def _closing(found: tuple[Token, ...], start: int) -> int:
    depth = 0
    for at in range(start, len(found)):
        if found[at].kind == "mark":
            depth += (found[at].value in "([") - (found[at].value in ")]")
            if depth == 0:
                return at
    return -1


def _split(found: tuple[Token, ...], word: str) -> list[tuple[Token, ...]]:
    """The parts between a word that stands outside of parentheses (BETWEEN's own AND stays inside)."""
    parts: list[tuple[Token, ...]] = []
    depth, start, between = 0, 0, False
    for at, token in enumerate(found):
        if token.kind == "mark":
            depth += (token.value in "([") - (token.value in ")]")
        elif token.kind == "word" and depth == 0:
            if token.value == "between":
                between = True
            elif token.value == word:
                if not between or word != "and":
                    parts.append(found[start:at])
                    start = at + 1
                between = False
    parts.append(found[start:])
    return parts


def conjuncts(text: str) -> tuple[tuple[Token, ...], ...]:
    """The terms that an expression joins by AND, at any depth of parentheses."""

    def terms(found: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
        found = _stripped(found)
        parts = _split(found, "and")
        if len(parts) == 1 or len(_split(found, "or")) > 1:
            yield found
        else:
            for part in parts:
                yield from terms(part)

    return tuple(terms(_tokens(text) or ()))


def proves_not_null(text: str, column: str) -> bool:
    """Whether a CHECK says `column IS NOT NULL`, alone or as one term of an AND.

    PostgreSQL takes no other proof: `column > 0` lets NULL pass.
    """
    for term in conjuncts(text):
        values = [token.value for token in term]
        if len(term) == 4 and term[0].kind != "text" and values == [column, "is", "not", "null"]:
            return True
    return False


class Comparison(NamedTuple):
    """`column operator literal`."""

    column: str
    operator: str
    literal: str


def comparisons(text: str) -> tuple[Comparison, ...]:
    """The terms of an expression that compare a column with a literal."""
    found = []
    for term in conjuncts(text):
        values = [_sign_joined(part) for part in _operands(term)]
        if len(values) != 3 or values[1] not in _OPERATORS:
            continue
        left, operator, right = values
        if _is_literal(right) and not _is_literal(left):
            found.append(Comparison(left, operator, right))
        elif _is_literal(left) and not _is_literal(right):
            found.append(Comparison(right, _FLIPPED[operator], left))
    return tuple(found)


def _operands(term: tuple[Token, ...]) -> list[tuple[Token, ...]]:
    at = next((at for at, each in enumerate(term) if each.kind == "mark" and each.value in _OPERATORS), -1)
    if at < 0:
        return []
    return [_uncast(_stripped(term[:at])), term[at : at + 1], _uncast(_stripped(term[at + 1 :]))]


def _uncast(found: tuple[Token, ...]) -> tuple[Token, ...]:
    at = next((at for at, each in enumerate(found) if each.value == "::" and each.kind == "mark"), len(found))
    return found[:at]


def _sign_joined(found: tuple[Token, ...]) -> str:
    if len(found) == 1 and found[0].kind == "text":
        return f"'{found[0].value}'"
    if len(found) == 2 and found[0].value in "+-" and found[1].kind == "number":
        return "".join(each.value for each in found)
    return found[0].value if len(found) == 1 else ""


def _is_literal(text: str) -> bool:
    return text[:1] == "'" or text.lstrip("+-")[:1].isdigit()


def casts_of(text: str, column: str) -> tuple[str, ...] | None:
    """The types that an expression casts a column to, in order; None where it does anything else.

    `col` gives (), `CAST(col AS text)::int` gives ("text", "integer"). COLLATE changes no value.
    """
    found = _tokens(text)
    return None if not found else _casts(_stripped(found), column, text)


def _casts(found: tuple[Token, ...], column: str, text: str) -> tuple[str, ...] | None:
    found = _stripped(found)
    if len(found) == 1 and found[0].kind in ("word", "name"):
        return () if found[0].value == column else None
    if found[:1] and found[0].kind == "word" and found[0].value == "cast" and len(found) > 2:
        if found[1].value == "(" and _closing(found, 1) == len(found) - 1:
            inner, *rest = _split(found[2:-1], "as")
            if len(rest) == 1 and rest[0]:
                return _and(_casts(inner, column, text), rest[0], text)
            return None
    if len(found) > 2 and found[-2].kind == "word" and found[-2].value == "collate":
        return _casts(found[:-2], column, text)
    depth = 0
    for at in range(len(found) - 1, 0, -1):
        token = found[at]
        if token.kind == "mark":
            depth += (token.value in ")]") - (token.value in "([")
            if depth == 0 and token.value == "::" and at + 1 < len(found):
                if any(each.kind == "word" and each.value == "at" for each in found[at + 1 :]):
                    return None
                return _and(_casts(found[:at], column, text), found[at + 1 :], text)
    return None


def _and(before: tuple[str, ...] | None, last: tuple[Token, ...], text: str) -> tuple[str, ...] | None:
    if before is None:
        return None
    return (*before, from_sql(text[last[0].start : last[-1].end]))
