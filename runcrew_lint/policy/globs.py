"""The globs that a policy names files by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Generic, TypeVar

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
_NEVER_WHOLE = frozenset("*?[]")
V = TypeVar("V")
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
    named = ByGlob((glob, (glob,)) for glob in globs)
    return frozenset(filter(named.has, paths))


class ByGlob(Generic[V]):
    """Values, each with the globs that name its files, asked by path; one without globs is for every file.

    A glob is tried on those paths alone that have a folder or a name which it must find, the rarest of its
    own: an excuse for each of a thousand folders is then not asked of each file.
    """

    def __init__(self, named: Iterable[tuple[V, Iterable[str]]]) -> None:
        given = [(value, [(glob, _whole_names(glob)) for glob in globs]) for value, globs in named]
        often = Counter(name for _, globs in given for _, names in globs for name in names)
        self._values = [value for value, _ in given]
        self._everywhere = [at for at, (_, globs) in enumerate(given) if not globs]
        self._under: dict[str, list[tuple[int, str]]] = {}
        for at, (_, globs) in enumerate(given):
            for glob, names in globs:
                self._under.setdefault(min(names, key=often.__getitem__, default=""), []).append((at, glob))

    def of(self, path: str) -> list[V]:
        """Those that name a file, in the order in which they were given."""
        return [self._values[at] for at in sorted({*self._everywhere, *self._matching(path)})]

    def has(self, path: str) -> bool:
        """Whether any names a file."""
        if not self._under:  # most runs leave nothing out, and ask of every file
            return bool(self._everywhere)
        return bool(self._everywhere) or any(True for _ in self._matching(path))

    def _matching(self, path: str) -> Iterator[int]:
        for name in ("", *path.split("/")):
            for at, glob in self._under.get(name, ()):
                if glob_pattern(glob).match(path):
                    yield at


def _whole_names(glob: str) -> list[str]:
    """The names that a path must have to match. A set may match a slash, and `a**/b` matches "ab"."""
    names = [] if "[" in glob else glob.strip("/").split("/")
    befores = ("", *names)
    return [
        name
        for before, name in zip(befores, names, strict=False)
        if name and _NEVER_WHOLE.isdisjoint(name) and ("**" not in before or before == "**")
    ]
