"""What a .dockerignore keeps out of a build: patterns as the builder matches them.

Source: docs.docker.com/build/concepts/context, ".dockerignore files"; moby/patternmatcher, November 2026.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from runcrew_lint.documents.wildcards import ACROSS, FOLDERS, ONE, STAR, Piece, matcher, plain
from runcrew_lint.domains.containers.facts import IgnoreLine
from runcrew_lint.patterns import lazily

_SUFFIX = lazily(r"\*\*([^*?\[\]\\]*)")
_CLASS = lazily(r"\[\^?(?:\\.|[^\]\\-])(?:-(?:\\.|[^\]\\-]))?(?:(?:\\.|[^\]\\-])(?:-(?:\\.|[^\]\\-]))?)*\]")


def cleaned(pattern: str) -> str:
    """A pattern as the builder compares it: relative to the context, without `./` and doubled slashes."""
    path = posixpath.normpath(re.sub("/+", "/", pattern))
    return path[1:] if path.startswith("/") and len(path) > 1 else path


def keeps_out(lines: Sequence[IgnoreLine], path: str) -> bool:
    """Whether a path, relative to the context, stays out.

    The builder walks down to it: what a line said of a folder holds for all beneath, a line is asked only
    where its answer could change something, and the last that matches has the say.
    """
    out = False
    above = [False] * len(lines)
    steps = path.split("/")
    for end in range(1, len(steps) + 1):
        prefix, out, here = "/".join(steps[:end]), False, []
        for line, matched in zip(lines, above, strict=True):
            match = matched or (line.negated is out and _matches(line.pattern, prefix))
            here.append(match)
            out = not line.negated if match else out
        above = here
    return out


def _matches(pattern: str, path: str) -> bool:
    suffix = _SUFFIX.fullmatch(pattern)
    if suffix:
        # `**/x` is x anywhere; `**x` is whatever ends with x.
        return path.endswith(suffix[1]) or (suffix[1][:1] == "/" and path == suffix[1][1:])
    matches = _matcher(pattern)
    return matches is not None and matches(path)


@lru_cache(maxsize=512)
def _matcher(pattern: str) -> Callable[[str], bool] | None:
    """What the pattern matches, or None where the builder refuses it."""
    pieces: list[Piece] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        if character == "*":
            double = re.compile(r"\*\*/?").match(pattern, at)
            at = double.end() if double else at + 1
            pieces.append((FOLDERS if at < len(pattern) else ACROSS) if double else STAR)
            continue
        if character == "[":
            found = _CLASS.match(pattern, at)
            if found is None:
                return None
            pieces.append(Piece(_set(found[0])))
            at = found.end()
            continue
        if character == "\\":
            if at + 1 == len(pattern):
                return None
            at += 1
            pieces.append(plain(pattern[at]))
        else:
            pieces.append(ONE if character == "?" else plain(character))
        at += 1
    try:
        return matcher(tuple(pieces))
    except re.error:
        return None


def _set(written: str) -> str:
    """A set as Python will read it, too, once it has operators on sets."""
    return "[" + re.sub(r"(?<!\\)[\[&|~]", r"\\\g<0>", written[1:])
