"""A code frame: some lines of one file with marks under, or beside, the places that are meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from runcrew_lint.model.finding import Region
from runcrew_lint.reporters.look import Look, columns, visible
from runcrew_lint.text import Source

HEAD, TAIL = 4, 2  # lines shown of a place that has more
_CUT = "..."


class Mark(NamedTuple):
    """A place to point at: with `sign` under its characters, in a style, and a label behind it."""

    region: Region
    sign: str
    style: str
    label: str = ""


class _Place(NamedTuple):
    """A mark on the lines as they are shown: columns are from 0, the end is behind the last character."""

    mark: Mark
    first: int
    start: int
    last: int
    end: int


class _Row(NamedTuple):
    """One line of the text, cut to a window where it is too long to show."""

    text: str
    left: int
    right: int
    lead: str

    def column(self, index: int) -> int:
        """The terminal column of a character, held within the window."""
        return len(self.lead) + columns(self.text[self.left : min(max(index, self.left), self.right)])

    def shown(self) -> str:
        """The line as it is printed."""
        tail = _CUT if self.right < len(self.text) else ""
        return self.lead + visible(self.text[self.left : self.right]) + tail


def gutter_of(source: Source, marks: Sequence[Mark]) -> int:
    """The width of the greatest line number that the frame shows."""
    return len(str(max(_place(source, mark).last for mark in marks)))


def frame(source: Source, marks: Sequence[Mark], gutter: int, look: Look) -> Iterator[str]:
    """The frame's lines, between two blank ones; the first mark comes first where marks share a line."""
    places = [_place(source, mark) for mark in marks]
    long = sorted((place for place in places if place.first < place.last), key=lambda place: place[1:])
    rails = _Rails(long, source, look)
    width = max(look.width - gutter - 3 - rails.width, 20)

    def line(number: int | None, content: str) -> str:
        head = " " * gutter if number is None else str(number).rjust(gutter)
        return f"{look.paint(f'{head} |', 'dim')} {content}".rstrip()

    yield line(None, "")
    before = 0
    for number in _lines(places):
        if before and number > before + 1:
            cut = _CUT.ljust(gutter + 2 if long else 0)
            yield f"{look.paint(cut, 'dim')} {rails.beside(number)}".rstrip()
        before = number
        row = _row(source.line(number), number, places, width)
        yield line(number, rails.beside(number) + row.shown().rstrip())
        for place in places:
            if place.first == place.last == number:
                yield line(None, rails.below(number) + _underline(place, row, look))
        for index, place in enumerate(long):
            yield from (line(None, each) for each in rails.turn(index, place, number, row))
    yield line(None, "")


def _place(source: Source, mark: Mark) -> _Place:
    """Line ends and blank lines behind a long place are not what it means."""
    begin = source.offset(*mark.region.start)
    stop = source.offset(*mark.region.end)
    text = source.text[begin:stop]
    if "\n" in text or "\r" in text:
        stop = begin + len(text.rstrip())
    start, end = source.position(begin), source.position(max(begin, stop))
    return _Place(mark, start.line, start.column - 1, end.line, end.column - 1)


def _lines(places: Sequence[_Place]) -> list[int]:
    """The lines to show: of a long place its head and tail; a gap of one line is not worth a cut."""
    chosen: set[int] = set()
    for place in places:
        if place.last - place.first < HEAD + TAIL:
            chosen.update(range(place.first, place.last + 1))
        else:
            chosen.update(range(place.first, place.first + HEAD))
            chosen.update(range(place.last - TAIL + 1, place.last + 1))
    return sorted(chosen | {number + 1 for number in chosen if number + 2 in chosen})


def _row(text: str, number: int, places: Sequence[_Place], width: int) -> _Row:
    """The line, or as much of it around the first mark as `width` columns take."""
    here = [place for place in places if number in (place.first, place.last)]
    # Blanks at the end take no room, but for those that a mark stands under.
    needed = max([len(text.rstrip(" \t")), *(place.end for place in here if place.last == number)])
    if len(text) <= 4 * width and columns(text[:needed]) <= width:
        return _Row(text, 0, len(text), "")
    focus = (here[0].start if here[0].first == number else here[0].end - 1) if here else 0
    room = width - 2 * len(_CUT)
    left, spent = _reach_back(text, min(max(focus, 0), len(text)), room // 4)
    right, rest = _reach(text, min(max(focus, 0), len(text)), room - spent)
    left, _ = _reach_back(text, left, rest)
    if columns(text[: min(left, width)]) <= len(_CUT):
        left = 0  # what the cut would hide is no longer than the cut
    if columns(text[right : right + width]) <= len(_CUT):
        right = len(text)
    return _Row(text, left, right, _CUT if left else "")


def _reach(text: str, at: int, room: int) -> tuple[int, int]:
    """How far to the right `room` columns reach, and the columns left over."""
    while at < len(text) and columns(text[at]) <= room:
        room -= columns(text[at])
        at += 1
    return at, room


def _reach_back(text: str, at: int, room: int) -> tuple[int, int]:
    """How far to the left `room` columns reach, and the columns spent."""
    spent = 0
    while at > 0 and spent + columns(text[at - 1]) <= room:
        at -= 1
        spent += columns(text[at])
    return at, spent


def _underline(place: _Place, row: _Row, look: Look) -> str:
    start = row.column(place.start)
    length = max(row.column(place.end) - start, 1)
    return " " * start + _signed(place.mark, length, look)


def _signed(mark: Mark, length: int, look: Look) -> str:
    label = f" {visible(mark.label)}" if mark.label else ""
    return look.paint(mark.sign * length + label, mark.style)


class _Rails:
    """The lines at the left that join the first line of a long place to its last, one for each."""

    def __init__(self, places: Sequence[_Place], source: Source, look: Look) -> None:
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

    def turn(self, index: int, place: _Place, number: int, row: _Row) -> Iterator[str]:
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
