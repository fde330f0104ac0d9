"""What is asked of readers, and what they answer: a fact, a trouble, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field

from runcrew_lint.domains.fact import Fact
from runcrew_lint.domains.kinds import FactKind
from runcrew_lint.frozen import mutable
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple

NOWHERE = Span(0, 0)


class Trouble(NamedTuple):
    """A file that gave no fact of a kind: unreadable, skipped, or met by a fault of ours."""

    rule: str
    path: str
    span: Span
    message: str


Answer = Fact | Trouble | None


class Task(NamedTuple):
    """One fact that is wanted."""

    kind: FactKind
    path: str


class Share(NamedTuple):
    """The files that are wanted for one kind: a task each, once somebody asks."""

    kind: FactKind
    paths: Sequence[str]


def tasks_of(shares: Iterable[Share]) -> Iterator[Task]:
    """The tasks of some kinds."""
    return (Task(kind, path) for kind, paths in shares for path in paths)


@mutable
class Analysis:
    """Every fact that was wanted, by kind, and the files that gave none.

    `unread` are the files that could not be read, by the type of fact that they may hold.
    """

    facts: dict[str, list[Fact]] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    unread: dict[str, list[str]] = field(default_factory=dict)

    def of(self, kind: str) -> list[Fact]:
        """The facts of one kind, by path."""
        return self.facts.get(kind, [])
