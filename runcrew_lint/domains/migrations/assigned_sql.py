"""The columns that an INSERT lists and an UPDATE sets, in the order they stand, duplicates kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runcrew_lint.documents.sql import Token
from runcrew_lint.domains.migrations.facts import Kind

_QUERIES = frozenset({"select", "with", "values", "table"})
_ENDS = frozenset({"from", "where", "returning"})


def columns_named(tokens: Sequence[Token], kind: Kind) -> Iterator[str]:
    """The names, from the tokens behind the table's own; none where the statement names none.

    A part of a column (`a.b`, `a[1]`) is no column: it may be set beside another part.
    """
    if kind is Kind.INSERT:
        at = 2 if tokens and tokens[0].value == "as" else 0
        if at < len(tokens) and tokens[at].value == "(" and tokens[at].kind == "mark":
            if at + 1 < len(tokens) and tokens[at + 1].value not in _QUERIES:
                yield from _listed(tokens, at)
    elif kind is Kind.UPDATE:
        for start, token in enumerate(tokens):
            if token.kind == "word" and token.value == "set":
                yield from _set(tokens, start + 1)
                return


def _listed(tokens: Sequence[Token], at: int) -> Iterator[str]:
    """The names of a list in parentheses that opens at `at`."""
    depth = 0
    for here in range(at, len(tokens)):
        kind, value, _, _ = tokens[here]
        if kind == "mark":
            depth += {"(": 1, ")": -1}.get(value, 0)
            if depth == 0:
                return
        if depth == 1 and kind == "mark" and value in ("(", ","):
            yield from _name(tokens, here + 1)


def _set(tokens: Sequence[Token], at: int) -> Iterator[str]:
    depth, expected = 0, True
    for here in range(at, len(tokens)):
        kind, value, _, _ = tokens[here]
        if expected and depth == 0:
            expected = False
            if kind == "mark" and value == "(":
                yield from _listed(tokens, here)
            else:
                yield from _name(tokens, here)
        if kind == "mark":
            depth += {"(": 1, ")": -1, "[": 1, "]": -1}.get(value, 0)
            expected = depth == 0 and value == ","
        elif kind == "word" and depth == 0 and value in _ENDS:
            return


def _name(tokens: Sequence[Token], at: int) -> Iterator[str]:
    if at < len(tokens) and tokens[at].kind in ("word", "name"):
        after = tokens[at + 1].value if at + 1 < len(tokens) else ""
        if not after.startswith((".", "[")):
            yield tokens[at].value
