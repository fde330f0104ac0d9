"""All facts together: what a repository check holds against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from types import TracebackType
from typing import Any, TypeVar

from runcrew_lint.domains.fact import Fact, Worktree
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.policy.model import Policy

T = TypeVar("T")
F = TypeVar("F", bound=Fact)


Draw = Callable[[str], Iterable[Fact]]


class Repository:
    """The facts of one run, and the models derived from them, each made once.

    Arguments:
        draw: what is still to be read of one type of fact, by its name; asked once for each.
        targets: the files that the run is about; none means all.
        unread: the files that could not be read, by the type of fact that they may hold.
        kept: what models keep for the next run of this process, by type.
    """

    def __init__(
        self,
        worktree: Worktree,
        policy: Policy,
        facts: Iterable[Fact],
        kinds: Iterable[str],
        draw: Draw | None = None,
        targets: Set[str] = frozenset(),
        unread: Mapping[str, Sequence[str]] | None = None,
        kept: dict[type, Any] | None = None,
    ) -> None:
        self.worktree, self.policy, self.targets = worktree, policy, targets
        self._draw, self._unread = draw, {} if unread is None else unread
        self._drawn: set[str] = set()
        self._read = frozenset(KINDS[kind].fact for kind in kinds)
        self._made: dict[Any, Any] = {}
        self._failed: dict[Any, tuple[Exception, TracebackType | None]] = {}
        self._kept = {} if kept is None else kept
        self._facts: dict[str, list[Fact]] = {}
        for fact in facts:
            self._facts.setdefault(type(fact).__name__, []).append(fact)

    def facts(self, of: type[F]) -> tuple[F, ...]:
        """Every fact of one type, by path.

        Errors:
            LookupError where the rule did not declare the kind: its facts were never drawn, and an
            empty answer would be a silent miss.
        """
        found: Any = self._named(of.__name__)
        return tuple(found)

    def has(self, of: str) -> bool:
        """Whether there is any fact of a type, for whoever would import its module for nothing else.

        Errors:
            as of `facts`.
        """
        return bool(self._named(of))

    def _named(self, of: str) -> Sequence[Fact]:
        if of not in self._read:
            raise LookupError(f"{of} was not read: the rule must list its kind under `compares`")
        if self._draw and of not in self._drawn:
            self._drawn.add(of)
            late = list(self._draw(of))
            if late:
                self._facts[of] = [*self._facts.get(of, ()), *late]
        return self._facts.get(of, ())

    def unread(self, of: type[Fact]) -> tuple[str, ...]:
        """The files that may hold a fact of one type and could not be read."""
        self.facts(of)
        return tuple(self._unread.get(of.__name__, ()))

    def derive(self, make: Callable[[Repository], T]) -> T:
        """What `make` makes of all facts, such as the migration history, made once a run.

        Errors:
            what `make` fails with, without another try.
        """
        if make in self._failed:
            error, trace = self._failed[make]
            raise error.with_traceback(trace)
        if make not in self._made:
            try:
                self._made[make] = make(self)
            except Exception as error:
                self._failed[make] = (error, error.__traceback__)
                raise
        made: T = self._made[make]
        return made

    def kept(self, of: type[T]) -> T:
        """What a model keeps from run to run."""
        kept: T = self._kept.get(of) or self._kept.setdefault(of, of())
        return kept
