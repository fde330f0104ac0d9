"""Branch, tag and path patterns as GitHub matches them.

Source: docs.github.com, "Workflow syntax for GitHub Actions" (filter pattern cheat sheet): `*` stops at
`/`, `**` does not, `?` and `+` repeat the character before them, `[]` is one character of a set, `!` at
the start takes away, `\\` quotes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from runcrew_lint.documents.wildcards import ACROSS, FOLDERS, KEPT, STAR, Piece, matcher, plain
from runcrew_lint.patterns import lazily

_TOKEN = lazily(
    r"\\(?P<quoted>.)|(?P<stars>\*\*/|\*\*|\*)|(?P<set>\[[^\]]+\])|(?P<repeat>[?+])|(?P<plain>.)", re.S
)
_STARS = {"*": STAR, "**": ACROSS, "**/": FOLDERS}
_SPECIAL = lazily(r"[*?+\[\]!\\]")


class BadGlob(Exception):
    """A pattern that GitHub refuses, and why."""


def matches(patterns: Iterable[str], name: str) -> bool:
    """Whether a list of patterns, taken in order, leaves `name` in: the last one that matches decides."""
    found = False
    for pattern in patterns:
        taken_away = pattern.startswith("!")
        if _matcher(pattern[taken_away:])(name):
            found = not taken_away
    return found


def is_literal(pattern: str) -> bool:
    """Whether a pattern matches one name alone."""
    return _SPECIAL.search(pattern) is None


def check(pattern: str) -> None:
    """Nothing, where GitHub takes the pattern.

    Errors:
        BadGlob where a set is open, empty or reversed, or where `?` or `+` has nothing before it.
    """
    if not pattern.removeprefix("!"):
        raise BadGlob("the pattern is empty")
    _pieces(pattern.removeprefix("!"))


@lru_cache(maxsize=KEPT)
def _matcher(pattern: str) -> Callable[[str], bool]:
    try:
        return matcher(_pieces(pattern))
    except BadGlob:
        return lambda _: False  # GitHub refuses the workflow: nothing matches


def _pieces(pattern: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for token in _TOKEN.finditer(pattern):
        kind = token.lastgroup
        if kind == "repeat":
            if not pieces:
                raise BadGlob(f"`{token[0]}` repeats the character before it, and there is none")
            if pieces[-1] != FOLDERS:  # which repeat themselves
                last = pieces[-1]
                pieces[-1] = last._replace(least=0) if token[0] == "?" else last._replace(many=True)
        elif kind == "stars":
            pieces.append(_STARS[token[0]])
        elif kind == "set":
            pieces.append(Piece(_set(token[0])))
        elif token[0] == "[":
            raise BadGlob("`[` opens a set of characters that `]` never closes")
        else:
            pieces.append(plain(token["quoted"] or token[0]))
    return tuple(pieces)


def _set(text: str) -> str:
    inner = text[1:-1]
    for low, high in re.findall(r"(.)-(.)", inner):
        if low > high:
            raise BadGlob(f"the range `{low}-{high}` is reversed")
    return f"[{re.escape(inner).replace(chr(92) + '-', '-')}]"
