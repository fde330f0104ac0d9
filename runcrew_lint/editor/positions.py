"""Places as an editor counts them: lines from 0, columns in the units that client and server agreed on.

Source: Language Server Protocol 3.17, "Position": UTF-16 code units unless `positionEncoding` says otherwise;
lines end where text.Source ends them. A byte order mark is no part of our text, and may be one of the
editor's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from lsprotocol.types import Position, PositionEncodingKind, Range

from runcrew_lint import text

_CODECS = {PositionEncodingKind.Utf8: ("utf-8", 1), PositionEncodingKind.Utf16: ("utf-16-le", 2)}
MARK = "\ufeff"


class Ruler:
    """One text, measured in an editor's units."""

    def __init__(self, written: str, units: PositionEncodingKind | str = PositionEncodingKind.Utf16) -> None:
        """`written` is the text with a byte order mark, if it has one, as the editor has it."""
        self._units = PositionEncodingKind(units)
        self._mark = written.startswith(MARK)
        self.source = text.Source("", written.removeprefix(MARK))

    def position(self, offset: int) -> Position:
        """Where a character stands; behind the last one where there is none."""
        offset = min(max(offset, 0), len(self.source.text))
        starts = self.source.line_starts
        line = bisect_right(starts, offset) - 1
        before = self._marked(line) + self.source.text[starts[line] : offset]
        return Position(line, self._width(before))

    def at(self, position: text.Position) -> Position:
        """The same place as a report gives it."""
        if position.line > len(self.source.line_starts):
            return self.position(len(self.source.text))
        return self.position(self.source.offset(position.line, position.column))

    def range(self, span: text.Span) -> Range:
        """A span."""
        return Range(self.position(span.start), self.position(span.end))

    def offset(self, position: Position) -> int:
        """The character at a position; the end of the line where it has fewer, one whose middle is named."""
        starts = self.source.line_starts
        if position.line >= len(starts):
            return len(self.source.text)
        line = self._marked(position.line) + self.source.line(position.line + 1)
        left, column = position.character, 0
        while column < len(line) and left >= (width := self._width(line[column])):
            left -= width
            column += 1
        return starts[position.line] + max(column - len(self._marked(position.line)), 0)

    def _marked(self, line: int) -> str:
        return MARK if self._mark and line == 0 else ""

    def _width(self, characters: str) -> int:
        if self._units is PositionEncodingKind.Utf32 or characters.isascii():
            return len(characters)
        codec, size = _CODECS[self._units]
        return len(characters.encode(codec, "surrogatepass")) // size


class Rulers:
    """The texts of one root, each measured once."""

    def __init__(self, units: PositionEncodingKind | str, written: Callable[[str], str | None]) -> None:
        """`written` is a file's text as the editor has it, or would have it; None where there is none."""
        self._units, self._written = units, written
        self._made: dict[str, Ruler] = {}

    def __call__(self, path: str) -> Ruler:
        """The ruler of a file; of an empty one where it can't be read."""
        if path not in self._made:
            self._made[path] = Ruler(self._written(path) or "", self._units)
        return self._made[path]
