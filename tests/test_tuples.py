"""Our named tuples do what `typing`'s do, as far as anybody here asks."""

from __future__ import annotations

import pickle
import typing
from typing import Any, get_type_hints

import pytest

from runcrew_lint import tuples


class Ours(tuples.NamedTuple):
    """A class of each thing that a named tuple may have."""

    path: str
    start: int = 3
    end: int | None = None

    @property
    def size(self) -> int:
        return (self.end or 0) - self.start

    def moved(self, by: int) -> Ours:
        return self._replace(start=self.start + by)


class Theirs(typing.NamedTuple):
    """The same of `typing`'s."""

    path: str
    start: int = 3
    end: int | None = None


class Empty(tuples.NamedTuple):
    """No field."""


def test_what_they_are() -> None:
    one = Ours("a", end=9)
    assert (one.path, one.start, one.end, one.size) == ("a", 3, 9, 6)
    assert (one, hash(one), list(one)) == (("a", 3, 9), hash(("a", 3, 9)), ["a", 3, 9])
    assert not hasattr(one, "__dict__")
    assert (Empty(), Empty._fields) == ((), ())
    assert Ours.moved(one, 2) == ("a", 5, 9)
    match one:
        case Ours(path, start=at):
            assert (path, at) == ("a", 3)


@pytest.mark.parametrize(
    "asked",
    [
        lambda kind: repr(kind("a", 1)).replace(kind.__name__, ""),
        lambda kind: kind._fields,
        lambda kind: kind._field_defaults,
        lambda kind: kind.__match_args__,
        lambda kind: kind("a")._asdict(),
        lambda kind: kind._make(["a", 1, None]),
        lambda kind: get_type_hints(kind),
        lambda kind: pickle.loads(pickle.dumps(kind("a", 1, 2))),
        lambda kind: type(kind("a")._replace(end=4)) is kind,
    ],
)
def test_as_theirs(asked: Any) -> None:
    assert asked(Ours) == asked(Theirs)


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        (lambda one: type(one)(), TypeError),
        (lambda one: type(one)("a", 1, 2, 3), TypeError),
        (lambda one: type(one)("a", middle=1), TypeError),
        (lambda one: one._replace(middle=1), (TypeError, ValueError)),
        (lambda one: setattr(one, "path", "b"), AttributeError),
        (lambda one: setattr(one, "other", "b"), AttributeError),
    ],
)
def test_refused_as_by_theirs(wrong: Any, kind: type[Exception]) -> None:
    for each in (Ours("a"), Theirs("a")):
        with pytest.raises(kind):
            wrong(each)
