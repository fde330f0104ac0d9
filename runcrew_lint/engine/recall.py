"""A run's verdicts, kept whole while nothing that they rest on has changed.

They rest on the policy, the rules with their options, the folders that were named, the listing, the files
that were asked for facts, those that readers consulted, and on what git ignores. Today's date is not among
them: promises are weighed after the verdicts, anew in each run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from runcrew_lint.domains.fact import Base, Worktree
from runcrew_lint.domains.promises.facts import Promises
from runcrew_lint.engine.codec import codec_of
from runcrew_lint.engine.grounds import IGNORED, Asked, Grounds, Rests
from runcrew_lint.engine.judge import Verdict
from runcrew_lint.frozen import frozen
from runcrew_lint.tuples import NamedTuple


class Judged(NamedTuple):
    """What judging made of a repository: the verdicts, the promises in its files, and the names of the rules
    that could have spoken.

    Arguments:
        holding: the files with a secret, of those that were read.
        long: the files of which few fixes are offered, by their length.
    """

    verdicts: tuple[Verdict, ...]
    promises: tuple[Promises, ...]
    able: tuple[str, ...]
    holding: tuple[str, ...] = ()
    long: tuple[str, ...] = ()


@frozen
class Witness:
    """A work tree that notes what it is asked. Implements repository.Worktree."""

    tree: Worktree
    rests: Rests

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
        """git's answer."""
        asked = tuple(sorted(paths))
        found = self.tree.ignored(asked)
        self.rests.asked.append(Asked(IGNORED, asked, tuple(sorted(found))))
        return found


class Recall:
    """The verdicts of the last run of this root, or these folders of it, by this policy and these rules."""

    def __init__(self, grounds: Grounds, rests_on: tuple[object, ...]) -> None:
        """`rests_on` says, by its repr, everything that is not a file."""
        self._grounds, self._key = grounds, grounds.key("verdicts", rests_on)

    def get(self, rests: Rests) -> Judged | None:
        """The verdicts, if all that they rest on is as it was."""
        kept: Judged | None = self._grounds.get(self._key, rests, codec_of(Judged).decode)
        return kept

    def put(self, judged: Judged, rests: Rests) -> None:
        """Keeps the verdicts, unless a fault of ours is among them."""
        rests.faulty = any(verdict.rule == "rule-crashed" for verdict in judged.verdicts)
        self._grounds.put(self._key, rests, lambda: codec_of(Judged).encode(judged))
