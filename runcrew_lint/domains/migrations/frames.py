"""What the interpreter keeps while it walks: frames of names, and the conditions in force."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from runcrew_lint.domains.migrations.values import Origin, Symbol, Value, join
from runcrew_lint.frozen import unique
from runcrew_lint.tuples import NamedTuple

STEPS = 50_000  # statements and loop turns: a longer walk is given up and reported
DEPTH = 24  # calls within calls

End = str | None  # how a block ends: None falls through, else "return", "raise", "break" or "continue"


class Exhausted(Exception):
    """The walk is longer than any revision by hand."""


@unique
class Condition:
    """Something that decides, when the revision runs, whether what follows happens.

    `negated`: what follows happens where the node is false.
    """

    node: ast.AST
    why: str
    origin: Origin
    negated: bool = False


class Standing(NamedTuple):
    """A condition in force; `until` is the end that lifts it: of the block, the loop or the function."""

    condition: Condition
    until: str


class Frame:
    """The names of one function's run; `outer` is where it was defined.

    A module's own frame has none, but the folder of its file and the modules it imports `*` from.
    """

    __slots__ = ("home", "names", "outer", "returns", "shared", "stars")

    def __init__(self, outer: Frame | None = None, home: str = "") -> None:
        self.outer = outer
        self.home = home
        self.stars: list[Symbol] = []
        self.names: dict[str, Value] = {}
        self.returns: list[tuple[Value, Origin]] = []
        self.shared: frozenset[str] = frozenset()


def joined(
    one: Mapping[str, Value], other: Mapping[str, Value], origin: Origin = Origin.OUTSIDE
) -> dict[str, Value]:
    """The names of two ways through, joined under a condition of that origin."""
    names = dict(one)
    for name, value in other.items():
        names[name] = join(names[name], value, origin) if name in names else value
    return names


def module_frame(frame: Frame) -> Frame:
    """The frame of the module that a frame's function is defined in."""
    while frame.outer is not None:
        frame = frame.outer
    return frame
