"""A frozen class is a dataclass with slots, as far as anybody here asks."""

from __future__ import annotations

import dataclasses
import pickle
from dataclasses import field
from typing import Any, get_type_hints

import pytest

from runcrew_lint.model.frozen import frozen


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
