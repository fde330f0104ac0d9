"""What a value of eas.json may be: the few shapes that EAS's own schema is made of.

Joi's ways (17.11, `convert` on): no text is empty, `"true"` and `"false"` in any case are booleans, a
number may stand in quotes, a key that is not listed is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import field

from runcrew_lint.frozen import frozen


@frozen
class Text:
    """A text that is not empty.

    Arguments:
        what: what it should be, for the message.
        values: the only ones that are taken; none for any.
        fits: asked where any will do.
        nullable: whether null counts as no value.
    """

    what: str = "a text"
    values: tuple[str, ...] = ()
    fits: Callable[[str], bool] | None = None
    nullable: bool = False


@frozen
class Boolean:
    """true or false, or one of some texts."""

    values: tuple[str, ...] = ()


@frozen
class Number:
    """A number from `low` to `high`."""

    low: float
    high: float


@frozen
class Texts:
    """A list of texts that are not empty."""


@frozen
class Record:
    """An object; `rest` is the shape of every key that is not listed, or None where there are none."""

    name: str
    keys: Mapping[str, Shape] = field(default_factory=dict)
    rest: Shape | None = None


Shape = Text | Boolean | Number | Texts | Record


def matching(pattern: str) -> Callable[[str], bool]:
    """Whether all of a text matches; digits are ASCII, as in JavaScript."""
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: compiled.fullmatch(text) is not None
