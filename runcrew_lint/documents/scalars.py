"""A YAML or JSON scalar's text with the place of every character, for the language that it holds."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from runcrew_lint.documents.spliced import Mark, Spliced
from runcrew_lint.documents.tree import Scalar
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Span

_ESCAPE = lazily(r"\\(?:x..|u....|U.{8}|.)")
_BLANK = lazily(r"[ \t\r\n]*")


def spliced(text: str, scalar: Scalar) -> Spliced:
    """What a string scalar says, each character with its place in `text`.

    Where a quote, an escape or a fold stands between, the characters that follow still find their
    places; one that is written nowhere (a folded space) has that of the blank it was made of.
    """
    value = scalar.value if isinstance(scalar.value, str) else text[scalar.span.start : scalar.span.end]
    start, end = scalar.span
    if scalar.style in ("|", ">"):
        start = _body(text, start)
    elif scalar.style in ("'", '"'):
        start, end = start + 1, end - 1
    if text.startswith(value, start) and not (scalar.style == ">" and "\n" in value[:-1]):
        return Spliced(value, (Mark(0, start),))
    if scalar.style == "|" and (lines := _lines(value, text, start)):
        return Spliced(value, lines)
    return Spliced(value, _aligned(value, text, Span(start, end), scalar.style))


def later(text: str, scalar: Scalar) -> Callable[[], Spliced]:
    """What `spliced` says, made once and only where it is asked for."""
    return cache(partial(spliced, text, scalar))


def _body(text: str, start: int) -> int:
    """Where the lines of a block scalar begin, behind its header and the first line's indentation."""
    line = text.find("\n", start) + 1
    if not line:
        return start
    blank = _BLANK.match(text, line)
    end = blank.end() if blank else line
    return end if "\n" not in text[line:end] else line


def _lines(value: str, text: str, start: int) -> tuple[Mark, ...]:
    """The lines of a literal block, each behind the same indentation; nothing where they don't stand so.

    Arguments:
        start: where its first line begins, with or without its indentation.
    """
    start = text.rfind("\n", 0, start) + 1
    blank = _BLANK.match(text, start)
    begins = blank.end() if blank else start
    width = begins - (text.rfind("\n", 0, begins) + 1)
    marks: list[Mark] = []
    at = 0
    for line in value.split("\n"):
        if at >= len(value):
            break
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        begin = min(start + width, end)
        if text[begin:end] != line:
            return ()
        marks.append(Mark(at, begin))
        at, start = at + len(line) + 1, end + 1
    return tuple(marks)


def _aligned(value: str, text: str, span: Span, style: str) -> tuple[Mark, ...]:
    """Walks value and source together: equal characters pair up, blanks and escapes are passed."""
    passed = " \t\r\n\\'" if style == "'" else " \t\r\n\\"
    start, end = span
    marks: list[Mark] = []
    at, gap = start, True
    for index, character in enumerate(value):
        skipped = at
        while skipped < end and text[skipped] != character and text[skipped] in passed:
            skipped += 1
        if skipped < end and text[skipped] == character:
            if skipped != at or gap:
                marks.append(Mark(index, skipped))
            at, gap = skipped + 1, False
        else:
            # An escape's letter (`\\n`) or a folded line end: it stands where the walk is.
            marks.append(Mark(index, min(at, max(end - 1, start))))
            escape = _ESCAPE.match(text, at)
            at, gap = (escape.end() if escape else at), True
    return tuple(marks) or (Mark(0, start),)
