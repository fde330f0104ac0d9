"""What an answer about a whole tree rests on; while that is as it was, so is the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field
from typing import Any

from runcrew_lint.digests import blake2b
from runcrew_lint.domains.claims import own
from runcrew_lint.engine.cache import Cache, key_of, tag_of
from runcrew_lint.engine.discover import Tree, default_branch
from runcrew_lint.engine.disk import MAX_BYTES
from runcrew_lint.engine.files import Files
from runcrew_lint.frozen import mutable
from runcrew_lint.tuples import NamedTuple

IGNORED, BRANCH = "ignored", "branch"


class Asked(NamedTuple):
    """What git was asked, and its answer, which rests on what nobody lists.

    Arguments:
        question: which of the files git ignores, or what the default branch is called and its commit.
    """

    question: str
    paths: tuple[str, ...]
    answer: tuple[str, ...]


def ask(tree: Tree, question: str, paths: Iterable[str] = ()) -> Asked:
    """git's answer today."""
    asked = tuple(sorted(paths))
    if question == IGNORED:
        return Asked(question, asked, tuple(sorted(tree.ignored(asked))))
    return Asked(question, asked, default_branch(tree))


@mutable
class Rests:
    """What one answer rests on beside the files that kinds claim.

    Arguments:
        asked: what git was asked.
        consulted: the digest of each file that a reader consulted, None for one that is not linted.
        faulty: a fault of ours is in the answer: the next run may not meet it.
    """

    asked: list[Asked] = field(default_factory=list)
    consulted: dict[str, str | None] = field(default_factory=dict)
    faulty: bool = False


class Grounds:
    """The files of a run, held against those of the run that an answer was kept by."""

    def __init__(self, cache: Cache, tree: Tree, files: Files) -> None:
        self._cache, self._tree, self._files = cache, tree, files
        self._stamp = self._stamp_of() if cache.is_open else None

    def _stamp_of(self) -> str | None:
        """All that is known of the files; None where one does not open, for it may the next time."""
        tree, stamp = self._tree, blake2b(digest_size=16)
        about = (tree.is_git, tree.paths, sorted(tree.untracked), tree.passed, tree.notices)
        stamp.update(repr(about).encode("utf-8", "surrogateescape"))
        for path in own(tree.paths):
            digest = self._files.digest(path)
            if digest is None:
                stat = tree.stats[path]
                if stat.size <= MAX_BYTES:
                    return None
                digest = repr(stat).encode()  # too large to be read: what it says does not count
            stamp.update(digest)
        return stamp.hexdigest()

    def key(self, kind: str, rests_on: tuple[object, ...]) -> bytes:
        """Where an answer is kept; `rests_on` says, by its repr, everything that is not a file."""
        tag = tag_of(kind, 0, repr(rests_on)) if self._stamp else ""
        return key_of(str(self._tree.root.resolve()), tag, b"")

    def get(self, key: bytes, rests: Rests, decode: Callable[[Any], Any]) -> Any:
        """The answer, if all that it rests on is as it was; that is noted in `rests`. Else None."""
        row = self._cache.rows([key]).get(key) if self._stamp else None
        if row is None or any(self._digest(path) != digest for path, digest in row.consulted):
            return None
        try:
            stamp, said, value = row.value
            asked = [Asked(question, tuple(paths), tuple(answer)) for question, paths, answer in said]
            answer = decode(value)
        except (TypeError, ValueError, LookupError):
            return None
        if stamp != self._stamp or any(ask(self._tree, each.question, each.paths) != each for each in asked):
            return None
        rests.asked += asked
        rests.consulted.update(row.consulted)
        return answer

    def put(self, key: bytes, rests: Rests, encode: Callable[[], Any]) -> None:
        """Keeps an answer; it is put into plain values only where it is kept."""
        if self._stamp and not rests.faulty:
            self._cache.store(key, rests.consulted, [self._stamp, rests.asked, encode()])

    def _digest(self, path: str) -> str | None:
        digest = self._files.digest(path) if path in self._tree.stats else None
        return digest.hex() if digest else None
