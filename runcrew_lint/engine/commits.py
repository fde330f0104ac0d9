"""The lines that each commit of a range added, streamed from git; and the blobs that they stand in.

No filter, external diff or text conversion that the repository configures is run; `git log` asks for none of
the second unless it is told to.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from runcrew_lint.engine import git
from runcrew_lint.engine.disk import MAX_BYTES
from runcrew_lint.model.errors import SetupError
from runcrew_lint.patterns import lazily
from runcrew_lint.tuples import NamedTuple

_LOG = (
    "log", "--reverse", "--format=%x01%H", "-p", "--cc", "-U0", "--full-index", "--no-renames", "--no-color",
    "--no-textconv", "--no-show-signature", "--src-prefix=a/", "--dst-prefix=b/", "-z",
)  # fmt: skip
_INDEX = lazily(rb"index [0-9a-f,]+\.\.([0-9a-f]{40,64})")
_HUNK = lazily(rb"(@@+) .*\+(\d+)(?:,\d+)? @@+")
_RANGE = lazily(r"[^-\s][^\s]*\Z")


class Added(NamedTuple):
    """What one commit added to one file: the blob that it left there, and the numbers of the new lines."""

    commit: str
    path: str
    blob: str
    lines: frozenset[int]


def added(root: Path, span: str) -> Iterator[Added]:
    """Every commit's added lines, the oldest commit first; of a merge, what neither side had.

    Arguments:
        span: `BASE..HEAD`, or one revision for all that leads to it.
    Errors:
        SetupError where git knows no such range; GitMissing.
    """
    if not _RANGE.match(span):
        raise SetupError(f"{span!r} is no range of commits", help="write --history=BASE..HEAD")
    with git.started([*_LOG, "--end-of-options", span, "--"], root) as process:
        yield from _parsed(process.stdout)
        if process.wait() != 0:
            raise SetupError(
                f"git can't tell the commits of {span}",
                help="write --history=BASE..HEAD, and fetch both first",
            )


def _parsed(stream: IO[bytes] | None) -> Iterator[Added]:
    commit, path, blob, lines = "", "", "", set[int]()
    width, at = 1, 0
    for raw in stream or ():
        line = raw.lstrip(b"\0") if raw[:1] == b"\0" else raw
        mark = line[:1]
        if at and mark in b" +-" and mark != b"":
            prefix = line[:width]
            if b"-" not in prefix:
                if prefix == b"+" * width:
                    lines.add(at)
                at += 1
            continue
        if mark == b"\\":
            continue
        if mark in (b"\x01", b"d"):
            if lines and path:
                yield Added(commit, path, blob, frozenset(lines))
            path, blob, lines, at = "", "", set(), 0
            if mark == b"\x01":
                commit = line[1:].strip().rstrip(b"\0").decode()
        elif found := _INDEX.match(line):
            blob = found[1].decode()
        elif line.startswith(b"+++ b/"):
            path = line[6:].rstrip(b"\r\n\t").decode("utf-8", "surrogateescape")
        elif hunk := _HUNK.match(line):
            width, at = len(hunk[1]) - 1, int(hunk[2])
    if lines and path:
        yield Added(commit, path, blob, frozenset(lines))


@contextmanager
def blobs(root: Path) -> Iterator[Blobs]:
    """A reader of blobs, one process for all of them."""
    with git.started(["cat-file", "--batch"], root, stdin=subprocess.PIPE) as process:
        yield Blobs(process)


class Blobs:
    """Contents by object id."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._in, self._out = process.stdin, process.stdout
        self._absent: set[str] = set()

    def has(self, blob: str) -> bool:
        """Whether git holds an object that was asked for: a partial clone lacks some."""
        return blob not in self._absent

    def read(self, blob: str) -> bytes | None:
        """The content; None where the object is not there, is no blob, or has more than MAX_BYTES."""
        if self._in is None or self._out is None:
            return None
        self._in.write(blob.encode() + b"\n")
        self._in.flush()
        _, _, rest = self._out.readline().decode().partition(" ")
        kind, _, size = rest.strip().partition(" ")
        if not size.isdigit():
            self._absent.add(blob)
            return None
        left = int(size)
        if kind == "blob" and left <= MAX_BYTES:
            content = self._out.read(left)
            self._out.read(1)
            return content
        while left > 0:  # read past it, a piece at a time
            left -= len(self._out.read(min(left, 1 << 20)) or b"\0" * left)
        self._out.read(1)
        return None
