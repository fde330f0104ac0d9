"""The same thing in many workflows, told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from runcrew_lint.model.finding import Related
from runcrew_lint.text import Place

_SHOWN = 3  # further places in the same file; the last of them says how many more there are


def many(first: Place, others: Sequence[Place]) -> str:
    """How many more places there are: ` in 3 more places of 2 workflows`; nothing where it stands alone."""
    if not others:
        return ""
    files = len({each.path for each in others} - {first.path})
    more = f"{len(others)} more {'place' if len(others) == 1 else 'places'}"
    return f" in {more}" + (f" of {files + 1} workflows" if files else "")


def elsewhere(first: Place, others: Sequence[Place], said: str) -> Iterator[Related]:
    """The next places in this file, and the first in each other one, so that every file is told of it."""
    here = [each for each in others if each.path == first.path]
    for index, place in enumerate(here[:_SHOWN]):
        left = len(here) - _SHOWN
        yield Related(place, said + (f", and in {left} more" if left > 0 and index == _SHOWN - 1 else ""))
    counts = Counter(each.path for each in others)
    seen = {first.path}
    for place in others:
        if place.path not in seen:
            seen.add(place.path)
            left = counts[place.path] - 1
            yield Related(place, said + (f", and in {left} more" if left else ""))
