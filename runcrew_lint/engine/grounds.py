"""What an answer about a whole tree rests on; while that is as it was, so is the answer."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Set
from dataclasses import field
from functools import cached_property
from itertools import chain
from typing import Any

from runcrew_lint.digests import blake2b
from runcrew_lint.domains.claims import own
from runcrew_lint.engine.cache import Cache, key_of, repeated, tag_of
from runcrew_lint.engine.discover import Tree, default_branch
from runcrew_lint.engine.disk import MAX_BYTES, Stat
from runcrew_lint.engine.files import Files
from runcrew_lint.frozen import mutable
from runcrew_lint.tuples import NamedTuple

IGNORED, BRANCH = "ignored", "branch"
_MODIFIED, _CHANGED = Stat._fields.index("modified"), Stat._fields.index("changed")


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
        secrets: what no answer may be kept with.
    """

    asked: list[Asked] = field(default_factory=list)
    consulted: dict[str, str | None] = field(default_factory=dict)
    faulty: bool = False
    secrets: Set[str] = frozenset()


class Grounds:
    """The files of a run, held against those of the run that an answer was kept by.

    Where all look as they did, nobody asks what is known of each.
    """

    def __init__(self, cache: Cache, tree: Tree, files: Files) -> None:
        self._cache, self._tree, self._files = cache, tree, files

    @cached_property
    def _listing(self) -> bytes:
        tree = self._tree
        about = (
            *(tree.is_git, tree.paths, sorted(tree.untracked)),
            *(sorted(tree.links), tree.passed, tree.notices),
        )
        return repr(about).encode("utf-8", "surrogateescape")

    @cached_property
    def _looks(self) -> str:
        """What the file system says of the files; "" where the times of one prove nothing yet."""
        said = array("q", chain.from_iterable(map(self._tree.stats.__getitem__, self._tree.paths)))
        times = said[_MODIFIED :: len(Stat._fields)] + said[_CHANGED :: len(Stat._fields)]
        if not self._cache.is_past(max(times, default=0)):
            return ""
        return blake2b(self._listing + said.tobytes(), digest_size=16).hexdigest()

    @cached_property
    def _stamp(self) -> str | None:
        """All that is known of the files; None where one does not open, for it may the next time."""
        stamp = blake2b(self._listing, digest_size=16)
        for path in own(self._tree.paths):
            digest = self._files.digest(path)
            if digest is None:
                stat = self._tree.stats[path]
                if stat.size <= MAX_BYTES:
                    return None
                digest = repr(stat).encode()  # too large to be read: what it says does not count
            stamp.update(digest)
        return stamp.hexdigest()

    def key(self, kind: str, rests_on: tuple[object, ...]) -> bytes:
        """Where an answer is kept; `rests_on` says, by its repr, everything that is not a file."""
        tag = tag_of(kind, 0, repr(rests_on)) if self._cache.is_open else ""
        return key_of(str(self._tree.root.resolve()), tag, b"")

    def get(self, key: bytes, rests: Rests, decode: Callable[[Any], Any]) -> Any:
        """The answer, if all that it rests on is as it was; that is noted in `rests`. Else None."""
        row = self._cache.rows([key]).get(key)
        if row is None:
            return None
        try:
            looks, stamp, said, value = row.value
            asked = [Asked(question, tuple(paths), tuple(answer)) for question, paths, answer in said]
            answer = decode(value)
        except (TypeError, ValueError, LookupError):
            return None
        # What is known of each file is used by being asked for, and forgotten where it is not for long.
        alike = bool(self._looks) and looks == self._looks and not row.is_stale
        if not (alike or self._is_same(stamp, row.consulted)):
            return None
        if any(ask(self._tree, each.question, each.paths) != each for each in asked):
            return None
        if not alike:
            self._cache.store(key, dict(row.consulted), [self._looks, stamp, said, value])
        rests.asked += asked
        rests.consulted.update(row.consulted)
        return answer

    def _is_same(self, stamp: object, consulted: Iterable[tuple[str, str | None]]) -> bool:
        return stamp == self._stamp and all(self._digest(path) == digest for path, digest in consulted)

    def put(self, key: bytes, rests: Rests, encode: Callable[[], Any]) -> None:
        """Keeps an answer; it is put into plain values only where it is kept."""
        if not self._cache.is_open or not self._stamp or rests.faulty:
            return
        value = [self._looks, self._stamp, rests.asked, encode()]
        if not repeated(rests.secrets, rests.consulted, value):
            self._cache.store(key, rests.consulted, value)

    def _digest(self, path: str) -> str | None:
        digest = self._files.digest(path) if path in self._tree.stats else None
        return digest.hex() if digest else None
