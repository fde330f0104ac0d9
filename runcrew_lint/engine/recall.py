"""A run's verdicts, kept whole while nothing that they rest on has changed.

They rest on the policy, the rules with their options, the folders that were named, the listing, the files
that were asked for facts, those that readers consulted, and on what git ignores. Today's date is not among
them: promises are weighed after the verdicts, anew in each run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from runcrew_lint.domains.claims import own
from runcrew_lint.domains.fact import Base, Worktree
from runcrew_lint.domains.promises.facts import Promises
from runcrew_lint.engine.cache import Cache, key_of, tag_of
from runcrew_lint.engine.codec import codec_of
from runcrew_lint.engine.discover import Tree
from runcrew_lint.engine.disk import MAX_BYTES
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.judge import Verdict
from runcrew_lint.tuples import NamedTuple


class Asked(NamedTuple):
    """What a check asked of git, and the answer."""

    paths: tuple[str, ...]
    ignored: tuple[str, ...]


class Judged(NamedTuple):
    """What judging made of a repository: the verdicts, the promises in its files, and the names of the rules
    that could have spoken.
    """

    verdicts: tuple[Verdict, ...]
    promises: tuple[Promises, ...]
    able: tuple[str, ...]


class _Kept(NamedTuple):
    stamp: str
    judged: Judged
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class Witness:
    """A work tree that notes what it is asked. Implements repository.Worktree."""

    tree: Worktree
    asked: list[Asked] = field(default_factory=list)

    @property
    def paths(self) -> Sequence[str]:
        """The tree's."""
        return self.tree.paths

    @property
    def is_git(self) -> bool:
        """The tree's."""
        return self.tree.is_git

    @property
    def base(self) -> Base | None:
        """The tree's: a run that has one keeps nothing."""
        return self.tree.base

    def is_tracked(self, path: str) -> bool:
        """The tree's answer, which the stamp holds."""
        return self.tree.is_tracked(path)

    def ignored(self, paths: Iterable[str]) -> frozenset[str]:
        """git's answer, which rests on files that nobody lists."""
        asked = tuple(sorted(paths))
        found = self.tree.ignored(asked)
        self.asked.append(Asked(asked, tuple(sorted(found))))
        return found


class Recall:
    """The verdicts of the last run of this root, or these folders of it, by this policy and these rules."""

    def __init__(self, cache: Cache, tree: Tree, files: Files, rests_on: tuple[object, ...]) -> None:
        """`rests_on` says, by its repr, everything that is not a file."""
        self._cache, self._tree, self._files = cache, tree, files
        self._stamp = self._stamp_of() if cache.is_open else None
        about = tag_of("verdicts", 0, repr(rests_on)) if self._stamp else ""
        self._key = key_of(str(tree.root.resolve()), about, b"")

    def _stamp_of(self) -> str | None:
        """All that is known of the files; None where one does not open, for it may the next time."""
        tree, stamp = self._tree, hashlib.blake2b(digest_size=16)
        about = (tree.is_git, tree.paths, sorted(tree.untracked), tree.passed)
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

    def get(self) -> Judged | None:
        """The verdicts, if all that they rest on is as it was."""
        row = self._cache.rows([self._key]).get(self._key) if self._stamp else None
        if row is None or row.value is None:
            return None
        try:
            kept: _Kept = codec_of(_Kept).decode(row.value)
        except (TypeError, ValueError, LookupError):
            return None
        if kept.stamp != self._stamp or any(self._digest(path) != digest for path, digest in row.consulted):
            return None
        if any(self._tree.ignored(asked.paths) != frozenset(asked.ignored) for asked in kept.asked):
            return None
        return kept.judged

    def put(self, judged: Judged, witness: Witness, consulted: Mapping[str, str | None]) -> None:
        """Keeps the verdicts, unless a fault of ours is among them: the next run may not meet it."""
        if self._stamp and not any(verdict.rule == "rule-crashed" for verdict in judged.verdicts):
            value: Any = codec_of(_Kept).encode(_Kept(self._stamp, judged, tuple(witness.asked)))
            self._cache.store(self._key, consulted, value)

    def _digest(self, path: str) -> str | None:
        digest = self._files.digest(path) if path in self._tree.stats else None
        return digest.hex() if digest else None
