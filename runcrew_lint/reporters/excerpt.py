"""What is shown of a file around the places that are meant: which lines, and how much of a long one."""

from __future__ import annotations

from collections.abc import Sequence

from runcrew_lint.model.finding import Finding, Region
from runcrew_lint.reporters.look import columns, visible
from runcrew_lint.text import Source
from runcrew_lint.tuples import NamedTuple

HEAD, TAIL = 4, 2  # lines shown of a place that has more
CUT = "..."


class Mark(NamedTuple):
    """A place to point at: with `sign` under its characters, in a style, and a label behind it."""

    region: Region
    sign: str
    style: str
    label: str = ""


class Placed(NamedTuple):
    """A mark on the lines as they are shown: columns are from 0, the end is behind the last character."""

    mark: Mark
    first: int
    start: int
    last: int
    end: int


class Row(NamedTuple):
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
        tail = CUT if self.right < len(self.text) else ""
        return self.lead + visible(self.text[self.left : self.right]) + tail


def marks_of(finding: Finding) -> dict[str, list[Mark]]:
    """The places of a finding by their file, its own first."""
    files = {finding.path: [Mark(finding.region, "^", finding.severity.value)]}
    for related in finding.related:
        mark = Mark(related.region, "-", "related", related.message)
        files.setdefault(related.region.path, []).append(mark)
    return files


def placed(source: Source, mark: Mark) -> Placed:
    """Line ends and blank lines behind a long place are not what it means."""
    begin = source.offset(*mark.region.start)
    stop = source.offset(*mark.region.end)
    text = source.text[begin:stop]
    if "\n" in text or "\r" in text:
        stop = begin + len(text.rstrip())
    start, end = source.position(begin), source.position(max(begin, stop))
    return Placed(mark, start.line, start.column - 1, end.line, end.column - 1)


def lines_of(places: Sequence[Placed]) -> list[int]:
    """The lines to show: of a long place its head and tail; a gap of one line is not worth a cut."""
    chosen: set[int] = set()
    for place in places:
        if place.last - place.first < HEAD + TAIL:
            chosen.update(range(place.first, place.last + 1))
        else:
            chosen.update(range(place.first, place.first + HEAD))
            chosen.update(range(place.last - TAIL + 1, place.last + 1))
    return sorted(chosen | {number + 1 for number in chosen if number + 2 in chosen})


def row_of(text: str, number: int, places: Sequence[Placed], width: int) -> Row:
    """The line, or as much of it around the first mark as `width` columns take."""
    here = [place for place in places if number in (place.first, place.last)]
    # Blanks at the end take no room, but for those that a mark stands under.
    needed = max([len(text.rstrip(" \t")), *(place.end for place in here if place.last == number)])
    if len(text) <= 4 * width and columns(text[:needed]) <= width:
        return Row(text, 0, len(text), "")
    focus = (here[0].start if here[0].first == number else here[0].end - 1) if here else 0
    room = width - 2 * len(CUT)
    left, spent = _reach_back(text, min(max(focus, 0), len(text)), room // 4)
    right, rest = _reach(text, min(max(focus, 0), len(text)), room - spent)
    left, _ = _reach_back(text, left, rest)
    if columns(text[: min(left, width)]) <= len(CUT):
        left = 0  # what the cut would hide is no longer than the cut
    if columns(text[right : right + width]) <= len(CUT):
        right = len(text)
    return Row(text, left, right, CUT if left else "")


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
