"""How far a run has come, for whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable

from runcrew_lint.tuples import NamedTuple


class Step(NamedTuple):
    """What comes next: the `at`th (from 0) `of` so many files that are read, or rules that judge."""

    what: str
    at: int
    of: int


Pulse = Callable[[Step], None]  # what it raises ends the run


def still(_step: Step) -> None:
    """Nobody waits."""


def both(first: Pulse, second: Pulse) -> Pulse:
    """Two who wait."""
    if still in (first, second):
        return second if first is still else first

    def each(step: Step) -> None:
        first(step)
        second(step)

    return each
