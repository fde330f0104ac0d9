"""A frozen class is a dataclass with slots, as far as anybody here asks."""

from __future__ import annotations

import dataclasses
import pickle
from dataclasses import field
from datetime import date
from functools import cached_property
from typing import Any, get_type_hints

import pytest

from runcrew_lint.frozen import frozen, mutable, unique


@frozen
class Ours:
    """Fields with plain defaults and none."""

    path: str
    start: int = 3
    names: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        return len(self.names)


@dataclasses.dataclass(frozen=True, slots=True)
class Theirs:
    """The same of `dataclasses`."""

    path: str
    start: int = 3
    names: tuple[str, ...] = ()


@frozen
class Made:
    """A field that a factory makes, and one that counts for nothing."""

    path: str
    kept: dict[str, int] = field(default_factory=dict)
    note: str = field(default="", compare=False, repr=False)


@frozen
class Longer(Ours):
    """A class with fields of another."""

    end: int = 0


@frozen
class Dated(Made):
    """What Python's own code makes, behind a field that a factory makes."""

    day: date = field(default_factory=date.today)

    @cached_property
    def year(self) -> int:
        return self.day.year


@unique
class One:
    """Alike, and not the same."""

    name: str


@mutable
class Growing:
    """What is filled."""

    names: list[str] = field(default_factory=list)
    count: int = 0


@frozen
class Empty:
    """No field."""


@frozen
class Named:
    """A way of its own to be compared and written."""

    name: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Named) and self.name.lower() == other.name.lower()

    def __repr__(self) -> str:
        return f"<{self.name}>"


@pytest.mark.parametrize(
    "asked",
    [
        lambda kind: repr(kind("a", names=("b",))).replace(kind.__qualname__, ""),
        lambda kind: [(each.name, each.type, each.default, each.init) for each in dataclasses.fields(kind)],
        lambda kind: dataclasses.is_dataclass(kind),
        lambda kind: dataclasses.asdict(dataclasses.replace(kind("a", 1), start=2)),
        lambda kind: (kind.__match_args__, kind.__slots__, hasattr(kind("a"), "__dict__")),
        lambda kind: get_type_hints(kind),
        lambda kind: kind("a") == kind("a", 3) != kind("a", 4),
        lambda kind: hash(kind("a")) == hash(kind("a", 3)),
        lambda kind: kind("a") in {kind("a", 3)},
        lambda kind: pickle.loads(pickle.dumps(kind("a", 1))) == kind("a", 1),
        lambda kind: kind("a") == ("a", 3, ()),
    ],
)
def test_as_theirs(asked: Any) -> None:
    assert asked(Ours) == asked(Theirs)


@pytest.mark.parametrize(
    "wrong", [lambda kind: kind(), lambda kind: kind("a", 1, (), 2), lambda kind: kind("a", b=1)]
)
def test_refused_as_by_theirs(wrong: Any) -> None:
    for kind in (Ours, Theirs):
        with pytest.raises(TypeError):
            wrong(kind)


def test_what_is_made_otherwise() -> None:
    one = Made("a", note="x")
    assert (one, repr(one)) == (Made("a", note="y"), "Made(path='a', kept={})")
    assert one.kept is not Made("a").kept
    assert repr(Longer("a", end=2)) == "Longer(path='a', start=3, names=(), end=2)"
    assert Longer("a", names=("b",)).size == 1
    assert Longer("a") != Ours("a")
    assert (repr(Empty()), Empty()) == ("Empty()", Empty())
    assert (repr(Named("a")), Named("a")) == ("<a>", Named("A"))


def test_what_factories_make() -> None:
    one = Dated("a", day=date(2026, 1, 2))
    assert (one.year, one.__dict__) == (2026, {"year": 2026})
    assert (one.kept, Dated("a").day) == ({}, date.today())
    assert dataclasses.replace(one, path="b") == Dated("b", day=date(2026, 1, 2)) != one
    assert [each.name for each in dataclasses.fields(Dated)] == ["path", "kept", "note", "day"]


def test_each_equals_itself_alone() -> None:
    one, growing = One("a"), Growing()
    assert one == one != One("a")
    assert {one, One("a")} - {one}
    growing.names.append("a")
    growing.count += 1
    assert (repr(growing), repr(one)) == ("Growing(names=['a'], count=1)", "One(name='a')")
    assert Growing().names == []
    assert growing != Growing(["a"], 1)
