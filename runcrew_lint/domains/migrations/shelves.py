"""An immutable map that is cheap to change: a history has one for every revision and operation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

_SHELVES = 64


class Shelves(Generic[K, V]):
    """A map whose changes share what they leave alone.

    The entries lie on 64 shelves by their key's hash; a change copies one shelf and the list of
    shelves, so that replaying a history costs the same for each operation, however long it is.
    """

    __slots__ = ("_shelves",)

    def __init__(self, shelves: tuple[dict[K, V], ...] = ({},) * _SHELVES) -> None:
        self._shelves = shelves

    def get(self, key: K) -> V | None:
        """The value of a key, or None."""
        return self._shelves[hash(key) % _SHELVES].get(key)

    def put(self, key: K, value: V) -> Shelves[K, V]:
        """The map with this value at the key."""
        at = hash(key) % _SHELVES
        return self._replaced(at, self._shelves[at] | {key: value})

    def without(self, key: K) -> Shelves[K, V]:
        """The map without the key."""
        at = hash(key) % _SHELVES
        if key not in self._shelves[at]:
            return self
        return self._replaced(at, {kept: value for kept, value in self._shelves[at].items() if kept != key})

    def items(self) -> Iterator[tuple[K, V]]:
        """Every entry, in no order that may be relied on between runs."""
        for shelf in self._shelves:
            yield from shelf.items()

    def changed(self, other: Shelves[K, V]) -> list[K]:
        """The keys whose values are not the same object in another map: what the two do not share."""
        found: list[K] = []
        for mine, theirs in zip(self._shelves, other._shelves, strict=True):
            if mine is not theirs:
                found += [key for key, value in mine.items() if theirs.get(key) is not value]
                found += [key for key in theirs if key not in mine]
        return found

    def _replaced(self, at: int, shelf: dict[K, V]) -> Shelves[K, V]:
        return Shelves((*self._shelves[:at], shelf, *self._shelves[at + 1 :]))
