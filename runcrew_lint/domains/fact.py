"""What a fact is, and what its reader is given.

A fact is a frozen dataclass of plain values (str, int, float, bool, None, enums, NamedTuples and
tuples of them, nested facts), with the `path` of its file; the cache stores it as JSON and rebuilds
it by its own constructor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from typing import Protocol, TypeVar

from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Source


class Fact(Protocol):
    """Anything a reader makes of one file."""

    @property
    def path(self) -> str:
        """The file it was read from."""


class Base(Protocol):
    """The files as an earlier commit has them: the one where a change began."""

    @property
    def name(self) -> str:
        """The revision as it was asked for."""

    @property
    def paths(self) -> Set[str]:
        """The files that it had."""

    def is_changed(self, path: str) -> bool:
        """Whether a file has other bytes now, line ends aside, or was not there."""

    def text(self, path: str) -> Source | None:
        """A file's text as it was; None where it was not there."""

    def text_now(self, path: str) -> Source | None:
        """A file's text as it is linted; None where it is gone."""


class Worktree(Protocol):
    """What is known of the files without opening one."""

    @property
    def paths(self) -> Sequence[str]:
        """Every file that is linted: tracked and unignored, POSIX, sorted."""

    @property
    def is_git(self) -> bool:
        """Whether git keeps this folder."""

    @property
    def base(self) -> Base | None:
        """The files as they were before the change that is judged; None where nobody asked for one."""

    def is_tracked(self, path: str) -> bool:
        """Whether git tracks the file, or a link of that name (in a plain folder: whether it is there)."""

    def ignored(self, paths: Iterable[str]) -> frozenset[str]:
        """Which of these paths, existing or not, the repository's own ignore rules keep out."""


F = TypeVar("F", bound=Fact)
T = TypeVar("T")


class Facts(Protocol):
    """All facts of one run, as a model derived from them sees them; the repository is one."""

    @property
    def policy(self) -> Policy:
        """The policy of the run."""

    @property
    def worktree(self) -> Worktree:
        """The files, none of them opened."""

    @property
    def targets(self) -> Set[str]:
        """The files that the run is about; none means all. A finding counts that rests on one of them."""

    def facts(self, of: type[F]) -> tuple[F, ...]:
        """Every fact of one type, by path."""

    def unread(self, of: type[Fact]) -> tuple[str, ...]:
        """The files that may hold a fact of one type and could not be read."""

    def derive(self, make: Callable[[Facts], T]) -> T:
        """What `make` makes of all facts, made once a run."""

    def kept(self, of: type[T]) -> T:
        """What a model keeps from run to run of one process; `of()` makes it before the first."""


class Reading(Protocol):
    """What a reader may ask for beside its own file; each answer becomes part of the fact's cache key."""

    @property
    def policy(self) -> Policy:
        """The policy; only the fields that the kind lists as `settings` may be read."""

    def consult(self, path: str) -> Source | None:
        """Another file of the repository, or None where there is none."""
