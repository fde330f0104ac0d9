"""The text that EXECUTE is given in PL/pgSQL, where it is made of literals and of names that hold one.

"String Functions", `format`: `%s`, `%I` and `%L`, each with a position (`%1$I`); "%%" is a sign of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from runcrew_lint.documents.sql import Token
from runcrew_lint.domains.migrations.quoting import quoted
from runcrew_lint.patterns import lazily

_DIRECTIVE = lazily(r"%(?:(?P<at>\d+)\$)?(?P<as>[sIL%])|(?P<other>%)")
_ENDS = ("using", "into")
_QUOTES = {"quote_ident": "I", "quote_literal": "L"}

Names = Mapping[str, str]


def text_of(tokens: Sequence[Token], names: Names) -> str | None:
    """The text that the tokens behind EXECUTE make, up to USING or INTO; None where they ask for anything.

    `names` are the variables whose text is known.
    """
    made, at = "", 0
    while True:
        term, at = _term(tokens, at, names)
        if term is None:
            return None
        made += term
        if at == len(tokens) or (tokens[at].kind == "word" and tokens[at].value in _ENDS):
            return made
        if tokens[at].value != "||" or tokens[at].kind != "mark":
            return None
        at += 1


def _term(tokens: Sequence[Token], at: int, names: Names) -> tuple[str | None, int]:
    """One literal or name, or a call of format() or quote_ident() with such, and where it ends."""
    if at == len(tokens):
        return None, at
    words = [each.value for each in tokens[at : at + 2]]
    calls = words[1:] == ["("] and tokens[at].kind == "word"
    if not calls:
        return _said(tokens[at], names), at + 1
    if words[0] not in _QUOTES and words[0] != "format":
        return None, at
    given: list[str] = []
    at += 2
    while at + 1 < len(tokens):
        said = tokens[at].value if tokens[at].kind == "number" else _said(tokens[at], names)
        if said is None:
            return None, at
        given.append(said)
        closed = tokens[at + 1].value
        at += 2
        if closed != ",":
            return (_called(words[0], given), at) if closed == ")" else (None, at)
    return None, at


def _said(token: Token, names: Names) -> str | None:
    """What a literal says, or what a name holds."""
    if token.kind == "text":
        return token.value
    return names.get(token.value) if token.kind in ("word", "name") else None


def _called(name: str, given: Sequence[str]) -> str | None:
    if name == "format":
        return _formatted(given)
    return _AS[_QUOTES[name]](given[0]) if len(given) == 1 else None


def _formatted(given: Sequence[str]) -> str | None:
    """What format() makes; None where the server would refuse it."""
    next_at = 0
    pieces: list[str] = []
    last = 0
    for found in _DIRECTIVE.finditer(given[0]):
        pieces.append(given[0][last : found.start()])
        last = found.end()
        if found["other"]:
            return None
        if found["as"] == "%":
            pieces.append("%")
            continue
        next_at = int(found["at"]) if found["at"] else next_at + 1
        if not 0 < next_at < len(given):
            return None
        pieces.append(_AS[found["as"]](given[next_at]))
    return "".join((*pieces, given[0][last:]))


def _literal(value: str) -> str:
    escaped = re.sub(r"(['\\])", r"\1\1", value)
    return f"E'{escaped}'" if "\\" in value else f"'{escaped}'"


_AS: Mapping[str, Callable[[str], str]] = {"s": str, "I": quoted, "L": _literal}
