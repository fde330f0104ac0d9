"""What `frozen` makes is what a frozen dataclass would be, whatever its constructor is made of."""

from __future__ import annotations

from dataclasses import field, fields, replace

import pytest

from runcrew_lint.model.frozen import frozen


@frozen
class Plain:
    """Fields without and with a default."""

    one: int
    two: str
    three: tuple[int, ...] = (3,)


@frozen
class Swapped:
    """As many fields, with names of its own."""

    two: str
    one: int = 1
    four: int = 4


@frozen
class Held:
    """A field that is made anew for each."""

    name: str
    held: list[int] = field(default_factory=list)


@frozen
class Derived(Plain):
    """Fields beside those of its base."""

    more: int = 5


@frozen
class Bare:
    """No field."""


def test_the_constructor_takes_fields_by_place_and_by_name() -> None:
    assert [getattr(Plain(1, "2"), each.name) for each in fields(Plain)] == [1, "2", (3,)]
    assert Plain(two="2", one=1, three=()) == Plain(1, "2", ())
    assert (Swapped("a").two, Swapped("a").one, Swapped("a", four=0).four) == ("a", 1, 0)
    assert replace(Plain(1, "2"), two="x") == Plain(1, "x")
    assert Derived(1, "2", (), 7).more == 7
    assert Bare() == Bare()


def test_a_made_default_is_nobody_elses() -> None:
    first, second = Held("a"), Held("b")
    first.held.append(1)
    assert second.held == []


@pytest.mark.parametrize("given", [(), (1,), (1, "2", (), 4)])
def test_a_wrong_number_of_fields_is_told_with_the_name_of_the_class(given: tuple[object, ...]) -> None:
    with pytest.raises(TypeError, match=r"Plain\.__init__"):
        Plain(*given)  # type: ignore[arg-type]


def test_what_is_equal_is_of_one_class() -> None:
    assert Plain(1, "2") != Derived(1, "2")
    assert hash(Plain(1, "2")) == hash(Plain(1, "2"))
    assert repr(Plain(1, "2")) == "Plain(one=1, two='2', three=(3,))"
    assert not hasattr(Plain(1, "2"), "__dict__")
