"""The name that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, names: Iterable[str], least: float = 0.6) -> str:
    """The one that is most alike, the first of several; "" where none is alike enough.

    Arguments:
        least: how alike, from 0 to 1, as `difflib` counts it.
    """
    from difflib import get_close_matches  # where nothing is wrong nobody asks

    return next(iter(get_close_matches(name, list(names), 1, least)), "")
