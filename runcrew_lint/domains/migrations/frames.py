"""What the interpreter keeps while it walks: frames of names, and the conditions in force."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from runcrew_lint.domains.migrations.values import Origin, Value, join

if TYPE_CHECKING:
    from runcrew_lint.domains.migrations.machine import Machine

STEPS = 50_000  # statements and loop turns: a longer walk is given up and reported
DEPTH = 24  # calls within calls

End = str | None  # how a block ends: None falls through, else "return", "raise", "break" or "continue"


class Exhausted(Exception):
    """The walk is longer than any revision by hand."""


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """Something that decides, when the revision runs, whether what follows happens."""

    node: ast.AST
    why: str
    origin: Origin


class Standing(NamedTuple):
    """A condition in force; `until` is the end that lifts it: of the block, the loop or the function."""

    condition: Condition
    until: str


@dataclass(slots=True)
class Frame:
    """The names of one function's run; `outer` is where it was defined."""

    outer: Frame | None = None
    names: dict[str, Value] = field(default_factory=dict)
    returns: list[tuple[Value, Origin]] = field(default_factory=list)
    shared: frozenset[str] = frozenset()


class Library(Protocol):
    """What calls and attributes of things from outside the file mean."""

    def call(
        self, machine: Machine, callee: Value, args: list[Value], kwargs: dict[str, Value], node: ast.Call
    ) -> Value:
        """What calling `callee` gives; whatever it does to the schema is written down."""

    def attribute(self, of: Value, name: str) -> Value:
        """An attribute of a value that comes from outside the file."""

    def enter(self, value: Value, name: str) -> tuple[Value, AbstractContextManager[None]]:
        """What `with value as name` binds, and the scope that its block runs in."""


def joined(
    one: Mapping[str, Value], other: Mapping[str, Value], origin: Origin = Origin.OUTSIDE
) -> dict[str, Value]:
    """The names of two ways through, joined under a condition of that origin."""
    names = dict(one)
    for name, value in other.items():
        names[name] = join(names[name], value, origin) if name in names else value
    return names
