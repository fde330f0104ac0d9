"""An immutable map that is cheap to change: a history has one for every revision and operation."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")

_WIDTH = 32
_SHELVES = _WIDTH**2

Shelf = dict[K, V]
Room = tuple[Shelf[K, V], ...]


class Shelves(Generic[K, V]):
    """A map whose changes share what they leave alone.

    The entries lie by their key's hash on the 32 shelves of 32 rooms; a change copies one shelf and the
    lists of shelves and of rooms, so that replaying a history costs the same for each operation, however
    long it is.
    """

    __slots__ = ("_rooms",)

    def __init__(self, rooms: tuple[Room[K, V], ...] = (({},) * _WIDTH,) * _WIDTH) -> None:
        self._rooms = rooms

    def get(self, key: K) -> V | None:
        """The value of a key, or None."""
        at = hash(key) % _SHELVES
        return self._rooms[at // _WIDTH][at % _WIDTH].get(key)  # rules ask more often than anything else

    def put(self, key: K, value: V) -> Shelves[K, V]:
        """The map with this value at the key."""
        room, shelf = _at(key)
        return self._replaced(room, shelf, self._rooms[room][shelf] | {key: value})

    def without(self, key: K) -> Shelves[K, V]:
        """The map without the key."""
        room, shelf = _at(key)
        before = self._rooms[room][shelf]
        if key not in before:
            return self
        return self._replaced(room, shelf, {kept: value for kept, value in before.items() if kept != key})

    def items(self) -> Iterator[tuple[K, V]]:
        """Every entry, in no order that may be relied on between runs."""
        return chain.from_iterable(map(dict.items, filter(None, chain.from_iterable(self._rooms))))

    def changed(self, other: Shelves[K, V]) -> list[K]:
        """The keys whose values are not the same object in another map: what the two do not share."""
        found: list[K] = []
        for mine, theirs in _unlike(self._rooms, other._rooms):
            for here, there in _unlike(mine, theirs):
                found += [key for key, value in here.items() if there.get(key) is not value]
                found += [key for key in there if key not in here]
        return found

    def _replaced(self, room: int, shelf: int, entries: Shelf[K, V]) -> Shelves[K, V]:
        return Shelves(_put(self._rooms, room, _put(self._rooms[room], shelf, entries)))


def _at(key: object) -> tuple[int, int]:
    """The room of a key, and its shelf there."""
    return divmod(hash(key) % _SHELVES, _WIDTH)


def _put(items: tuple[T, ...], at: int, item: T) -> tuple[T, ...]:
    return (*items[:at], item, *items[at + 1 :])


def _unlike(mine: tuple[T, ...], theirs: tuple[T, ...]) -> Iterator[tuple[T, T]]:
    """The pairs that are not the same object."""
    return (pair for pair in zip(mine, theirs, strict=True) if pair[0] is not pair[1])
