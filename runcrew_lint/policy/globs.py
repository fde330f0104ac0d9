"""The globs that a policy names files by."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from runcrew_lint.documents.wildcards import (
    ACROSS,
    BELOW,
    FOLDERS,
    KEPT,
    ONE,
    STAR,
    Piece,
    expression,
    matcher,
    plain,
)
from runcrew_lint.patterns import lazily
from runcrew_lint.tuples import NamedTuple

_TOKEN = lazily(r"\*\*/|\*\*|\*|\?|\[[^]]+\]|.", re.DOTALL)
_WILD = {"**/": FOLDERS, "**": ACROSS, "*": STAR, "?": ONE}


class Glob(NamedTuple):
    """What a glob matches, and the regular expression that says the same."""

    match: Callable[[str], bool]
    expression: str


@lru_cache(maxsize=KEPT)
def glob_pattern(glob: str) -> Glob:
    """A policy glob as a pattern on a POSIX path.

    `*` stays within a folder, `**` crosses them, a glob without a slash matches a name anywhere, and
    a folder's glob holds for all that is in it.
    """
    tokens = _TOKEN.findall(glob.strip("/"))
    anchored = "/" in glob.rstrip("/")
    pieces = (*(() if anchored else (FOLDERS,)), *map(_piece, tokens), BELOW)
    return Glob(matcher(pieces), expression(pieces) + r"\Z")


def _piece(token: str) -> Piece:
    if token[0] == "[" and len(token) > 2:
        inside = re.sub(r"[\\[&|~]", r"\\\g<0>", token[1:-1]).replace("!", "^", token[1] == "!")
        return Piece(f"[{inside}]")
    return _WILD.get(token) or plain(token)


def matched(paths: Iterable[str], globs: Iterable[str]) -> frozenset[str]:
    """Those of the paths that one of the globs names."""
    patterns = [glob_pattern(glob) for glob in globs]
    return frozenset(path for path in paths if any(pattern.match(path) for pattern in patterns))
