"""What is known of a value without running anything: it is this, one of these, or unknown because ...

The lattice of shell words and workflow expressions. Python's values, which are objects and calls, have
their own richer one in the migrations' reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from runcrew_lint.tuples import NamedTuple

Plain = str | int | float | bool | None

MAX_TEXT = 100_000  # characters: `$X$X` in a loop would fill any memory
MAX_OPTIONS = 32  # more than this many values and it is as good as unknown


class Value(NamedTuple):
    """The values that it may have; none of them where it is unknown.

    `reason` says why it is unknown, or why there are several; it reads after "because".
    """

    options: tuple[Plain, ...]
    reason: str = ""

    @property
    def is_unknown(self) -> bool:
        """Whether nothing is known of it."""
        return not self.options

    @property
    def is_known(self) -> bool:
        """Whether it has exactly one value."""
        return len(self.options) == 1

    @property
    def known(self) -> Plain:
        """Its one value; ask `is_known` first."""
        (value,) = self.options
        return value


def known(value: Plain) -> Value:
    """Exactly this."""
    return Value((value,))


def unknown(reason: str) -> Value:
    """Nothing is known, because of `reason`."""
    return Value((), reason)


def one_of(options: Iterable[Plain], reason: str = "") -> Value:
    """One of these; no options at all, or too many, are unknown."""
    distinct: list[Plain] = []
    for each in options:
        if not any(type(each) is type(other) and each == other for other in distinct):
            distinct.append(each)
        if len(distinct) > MAX_OPTIONS:
            return unknown(reason or "it may have too many values")
    return Value(tuple(distinct), reason if len(distinct) != 1 else "")


def join(values: Iterable[Value]) -> Value:
    """What holds where any of these may hold; one unknown makes the whole unknown."""
    options: list[Plain] = []
    reason = ""
    for value in values:
        if value.is_unknown:
            return value
        options += value.options
        reason = reason or value.reason
    return one_of(options, reason or "it depends on a condition")


def lift(function: Callable[..., Plain], *arguments: Value) -> Value:
    """`function` over every combination of the arguments' values."""
    alone: list[Plain] = []
    for each in arguments:
        if not each.options:
            return each
        if len(each.options) == 1:
            alone.append(each.options[0])
    if len(alone) == len(arguments):
        return _bounded(Value((function(*alone),)))
    rows: list[tuple[Plain, ...]] = [()]
    for argument in arguments:
        rows = [(*row, option) for row in rows for option in argument.options]
        if len(rows) > MAX_OPTIONS**2:
            return unknown("it may have too many values")
    reason = next((each.reason for each in arguments if each.reason), "")
    return _bounded(one_of((function(*row) for row in rows), reason))


def _bounded(value: Value) -> Value:
    for each in value.options:
        if isinstance(each, str) and len(each) > MAX_TEXT:
            return unknown("its text grows too long to be followed")
    return value


def truth(value: Value, is_true: Callable[[Plain], bool] = bool) -> bool | None:
    """Whether it is true; None where that is not known."""
    answers = {is_true(option) for option in value.options}
    return answers.pop() if len(answers) == 1 else None
