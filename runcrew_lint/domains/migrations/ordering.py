"""An order in which each comes after what it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import heapify, heappop, heappush
from typing import Any


def in_order(needs: Mapping[str, Iterable[str]], rank: Callable[[str], tuple[Any, ...]]) -> Iterator[str]:
    """Every name of `needs` after those that it needs, by rank where that leaves a choice.

    What is needed and not there counts as there; the names of a cycle, and behind one, come last.
    """
    before = {name: {each for each in needed if each in needs} for name, needed in needs.items()}
    after: dict[str, list[str]] = {name: [] for name in before}
    for name, needed in before.items():
        for each in needed:
            after[each].append(name)
    ready = [(rank(name), name) for name, needed in before.items() if not needed]
    heapify(ready)
    reached = set()
    while ready:
        _, name = heappop(ready)
        reached.add(name)
        yield name
        for each in after[name]:
            before[each].discard(name)
            if not before[each]:
                heappush(ready, (rank(each), each))
    yield from sorted((name for name in before if name not in reached), key=lambda name: (rank(name), name))
