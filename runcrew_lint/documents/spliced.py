"""Text joined from pieces of a file: continued lines, folded scalars. Every character keeps its place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from sys import maxsize

from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple


class Mark(NamedTuple):
    """Where a piece begins: its offset in the joined text, and in the file."""

    at: int
    offset: int


class Spliced(NamedTuple):
    """A joined text; `marks` are its pieces in order, the first at 0."""

    text: str
    marks: tuple[Mark, ...]

    @classmethod
    def join(cls, text: str, pieces: Iterable[Span]) -> Spliced:
        """The pieces of `text`, in order, as one."""
        parts: list[str] = []
        marks: list[Mark] = []
        length = 0
        for start, end in pieces:
            marks.append(Mark(length, start))
            parts.append(text[start:end])
            length += end - start
        return cls("".join(parts), tuple(marks) or (Mark(0, 0),))

    def offset(self, at: int) -> int:
        """The file's offset of a character of the joined text."""
        if len(self.marks) == 1:
            return self.marks[0].offset + at
        mark = self.marks[max(bisect_right(self.marks, (at, maxsize)) - 1, 0)]
        return mark.offset + at - mark.at

    def span(self, start: int, end: int) -> Span:
        """The file's span of a range: it ends behind the range's last character, not before the next."""
        if len(self.marks) == 1:
            first = self.marks[0].offset + start
            return Span(first, first + max(end - start, 0))
        if end <= start:
            return Span(self.offset(start), self.offset(start))
        return Span(self.offset(start), self.offset(end - 1) + 1)

    def cut(self, start: int, end: int) -> Spliced:
        """A part of it, with its places."""
        if len(self.marks) == 1:
            return Spliced(self.text[start:end], (Mark(0, self.marks[0].offset + start),))
        inner = (Mark(mark.at - start, mark.offset) for mark in self.marks if start < mark.at < end)
        return Spliced(self.text[start:end], (Mark(0, self.offset(start)), *inner))

    def stripped(self, characters: str) -> Spliced:
        """Without these characters at either end."""
        end = len(self.text.rstrip(characters))
        start = end - len(self.text[:end].lstrip(characters))
        return self.cut(start, end)
