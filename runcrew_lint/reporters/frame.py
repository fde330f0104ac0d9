"""A code frame: some lines of one file with marks under, or beside, the places that are meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runcrew_lint.reporters.excerpt import CUT, Mark, Placed, Row, lines_of, placed, row_of
from runcrew_lint.reporters.look import Look, visible
from runcrew_lint.text import Source


def gutter_of(source: Source, marks: Sequence[Mark]) -> int:
    """The width of the greatest line number that the frame shows."""
    return len(str(max(placed(source, mark).last for mark in marks)))


def frame(source: Source, marks: Sequence[Mark], gutter: int, look: Look) -> Iterator[str]:
    """The frame's lines, between two blank ones; the first mark comes first where marks share a line."""
    places = [placed(source, mark) for mark in marks]
    long = sorted((place for place in places if place.first < place.last), key=lambda place: place[1:])
    rails = _Rails(long, source, look)
    width = max(look.width - gutter - 3 - rails.width, 20)

    def line(number: int | None, content: str) -> str:
        head = " " * gutter if number is None else str(number).rjust(gutter)
        return f"{look.paint(f'{head} |', 'dim')} {content}".rstrip()

    yield line(None, "")
    before = 0
    for number in lines_of(places):
        if before and number > before + 1:
            cut = CUT.ljust(gutter + 2 if long else 0)
            yield f"{look.paint(cut, 'dim')} {rails.beside(number)}".rstrip()
        before = number
        row = row_of(source.line(number), number, places, width)
        yield line(number, rails.beside(number) + row.shown().rstrip())
        for place in places:
            if place.first == place.last == number:
                yield line(None, rails.below(number) + _underline(place, row, look))
        for index, place in enumerate(long):
            yield from (line(None, each) for each in rails.turn(index, place, number, row))
    yield line(None, "")


def _underline(place: Placed, row: Row, look: Look) -> str:
    start = row.column(place.start)
    length = max(row.column(place.end) - start, 1)
    return " " * start + _signed(place.mark, length, look)


def _signed(mark: Mark, length: int, look: Look) -> str:
    label = f" {visible(mark.label)}" if mark.label else ""
    return look.paint(mark.sign * length + label, mark.style)


class _Rails:
    """The lines at the left that join the first line of a long place to its last, one for each."""

    def __init__(self, places: Sequence[Placed], source: Source, look: Look) -> None:
        self._places, self._look = places, look
        # A place that opens its line needs no row of its own to show where it begins.
        self._opens = [not source.line(place.first)[: place.start].strip() for place in places]
        self.width = len(places) + 1 if places else 0

    def beside(self, number: int) -> str:
        """The rails beside a line of the text."""
        return self._joined(
            ("/" if self._opens[index] else " ")
            if number == place.first
            else "|" if place.first < number <= place.last else " "
            for index, place in enumerate(self._places)
        )  # fmt: skip

    def below(self, number: int) -> str:
        """The rails beside a row of marks under that line."""
        return self._joined(
            "|" if place.first + (not self._opens[index]) <= number <= place.last else " "
            for index, place in enumerate(self._places)
        )

    def turn(self, index: int, place: Placed, number: int, row: Row) -> Iterator[str]:
        """The row in which a rail leaves for its place's first character, or comes from its last."""
        if number == place.first and not self._opens[index]:
            yield self._arm(index, number, " ", row.column(place.start), "")
        if number == place.last:
            yield self._arm(index, number, "|", row.column(place.end - 1), place.mark.label)

    def _arm(self, index: int, number: int, corner: str, column: int, label: str) -> str:
        mark = self._places[index].mark
        before = [
            "|" if place.first < number <= place.last and at != index else " "
            for at, place in enumerate(self._places)
        ]
        left = "".join(self._painted(at, sign) for at, sign in enumerate(before[:index]))
        reach = "_" * (self.width - index - 1 + column)
        said = f" {visible(label)}" if label else ""
        return left + self._look.paint(f"{corner}{reach}{mark.sign}{said}", mark.style)

    def _joined(self, signs: Iterator[str]) -> str:
        cells = "".join(self._painted(index, sign) for index, sign in enumerate(signs))
        return f"{cells} " if self._places else ""

    def _painted(self, index: int, sign: str) -> str:
        return sign if sign == " " else self._look.paint(sign, self._places[index].mark.style)
