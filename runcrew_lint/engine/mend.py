"""Realises mend requests: each is a function of runcrew_lint.mends, given one file's text."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from runcrew_lint.model.mend import Edit, Fix, MendRequest
from runcrew_lint.text import Source, Span


def realise(request: MendRequest, source: Source) -> Fix | None:
    """The fix of a request, or None where the file can't be mended exactly."""
    module, _, name = request.name.rpartition(".")
    mend: Any = getattr(import_module(f"runcrew_lint.mends.{module}"), name)
    found: Callable[[MendRequest, Source], Fix | None] = mend
    return found(request, source)


def apply(text: str, fixes: list[Fix], path: str) -> tuple[str, list[Fix]]:
    """A text with as many of the fixes made as do not overlap, the first ones first, and those.

    A fix is made whole or not at all: one whose edit in this file touches an edit made before is left
    for the next round.
    """
    made: list[Fix] = []
    taken: list[Span] = []
    edits: list[Edit] = []
    for fix in fixes:
        here = [edit for edit in fix.edits if edit.path == path]
        if any(_touch(edit.span, other) for edit in here for other in taken):
            continue
        made.append(fix)
        taken += [edit.span for edit in here]
        edits += here
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text, made


def _touch(one: Span, other: Span) -> bool:
    """Whether two edits can't both be made: they share a character, or insert at the same place."""
    return (one.start < other.end and other.start < one.end) or one == other
