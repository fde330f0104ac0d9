"""Revision identifiers that were mistyped: which one was meant."""

from __future__ import annotations

from collections.abc import Iterable

_SHORTEST = 4  # Alembic's own lower bound for an identifier that is cut off


def nearest(wrong: str, known: Iterable[str]) -> str:
    """The one identifier that is an edit away from a wrong one, or that it is the beginning of; else ""."""
    near = [each for each in known if _is_near(wrong, each)]
    return near[0] if len(near) == 1 else ""


def _is_near(wrong: str, right: str) -> bool:
    """Whether one character was changed, left out, put in, or swapped with the next."""
    if wrong == right:
        return False
    if len(wrong) >= _SHORTEST and right.startswith(wrong):
        return True
    if wrong.casefold() == right.casefold():
        return True
    head = 0
    while head < min(len(wrong), len(right)) and wrong[head] == right[head]:
        head += 1
    one, other = wrong[head:], right[head:]
    swapped = one[:2] == other[:2][::-1] and one[2:] == other[2:]
    return one[1:] == other[1:] or one[1:] == other or one == other[1:] or swapped
