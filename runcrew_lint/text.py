"""A place in a text, the one idea every room shares: offsets are stored, lines and columns derived."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import field
from functools import cached_property
from itertools import accumulate
from typing import Any, TypeVar

from runcrew_lint.frozen import frozen
from runcrew_lint.tuples import NamedTuple

T = TypeVar("T")
_MOST_DIGITS = 300


def number_of(digits: str) -> int:
    """A number as it is written. One of more digits than anything has is greater than all others: int() would
    refuse 4,300 of them, and take the square of fewer.
    """
    return int(digits) if len(digits) <= _MOST_DIGITS else 10**_MOST_DIGITS


class Span(NamedTuple):
    """A half-open range of characters (not bytes) in one text."""

    start: int
    end: int

    def cover(self, other: Span) -> Span:
        """The smallest span that holds both."""
        return Span(min(self.start, other.start), max(self.end, other.end))


class Place(NamedTuple):
    """A span in a named file; `path` is POSIX and relative to the repository's root."""

    path: str
    span: Span


class Position(NamedTuple):
    """Line and column as a person counts them: both from 1, columns in characters."""

    line: int
    column: int


@frozen
class Source:
    """One file's text, with what was made of it.

    Line ends are kept as they are in the file ("\\r\\n" is two characters); a byte order mark is not
    part of the text.
    """

    path: str
    text: str
    _made: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset at which each line begins: "\\n", "\\r\\n" and a lone "\\r" end a line."""
        text = self.text
        starts = [0]
        if "\r" not in text:
            starts += accumulate([len(line) + 1 for line in text.split("\n")])
            starts.pop()  # behind the last line there is no other
            return starts
        for index, character in enumerate(text):
            if character == "\n" or (character == "\r" and text[index + 1 : index + 2] != "\n"):
                starts.append(index + 1)
        return starts

    @cached_property
    def is_ascii(self) -> bool:
        """Whether a character is a byte everywhere in it."""
        return self.text.isascii()

    def position(self, offset: int) -> Position:
        """The line and column of a character offset."""
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def offset(self, line: int, column: int = 1) -> int:
        """The character offset of a line and column, both from 1."""
        return self.line_starts[line - 1] + column - 1

    def offset_of_bytes(self, line: int, byte_column: int) -> int:
        """The character offset of a line (from 1) and a UTF-8 byte column (from 0), as `ast` counts."""
        start = self.line_starts[line - 1]
        if self.is_ascii:
            return start + byte_column
        return start + len(self.line(line).encode()[:byte_column].decode(errors="ignore"))

    def line(self, number: int) -> str:
        """One line's text without its end; `number` is from 1."""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] if number < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def derive(self, make: Callable[[Source], T]) -> T:
        """What `make` makes of this source, made once however often it is asked for.

        A failure is kept too: every reader of a broken document meets the same error.
        """
        if make not in self._made:
            try:
                self._made[make] = (make(self), None)
            except Exception as error:
                self._made[make] = (None, error)
        value, failure = self._made[make]
        if failure is not None:
            raise failure
        made: T = value
        return made

    def made(self, make: Callable[[Source], T]) -> T | None:
        """What was made of it already; None where nobody has asked, or where it failed."""
        found: tuple[T | None, Exception | None] = self._made.get(make, (None, None))
        return found[0]

    def forget(self) -> None:
        """Lets go of everything that was made of the text."""
        self._made.clear()
