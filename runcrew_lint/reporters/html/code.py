"""Code on the page: frames around the places that are meant, and diffs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from runcrew_lint.reporters.excerpt import CUT, Mark, Placed, lines_of, placed, row_of
from runcrew_lint.reporters.html.words import plain, prose
from runcrew_lint.text import Source

CONTEXT = 1  # lines shown around those that are meant
WIDTH = 200  # columns shown of a line
MOST = 80  # lines of a diff
_GAP = "⋯"


def frame(source: Source, marks: Sequence[Mark]) -> str:
    """The lines of the marks, each place marked where it stands; labels are below their lines."""
    places = [placed(source, mark) for mark in marks]
    rows = []
    before = 0
    for number in _with_context(lines_of(places), source):
        if before and number > before + 1:
            rows.append(_row(_GAP, "", " gap"))
        before = number
        rows.append(_row(str(number), "".join(_line(source.line(number), number, places))))
        said = (each.mark.label for each in places if each.last == number)
        rows += [_row("", prose(label), " label") for label in said if label]
    return _framed(rows, "frame")


def diff(lines: Sequence[str]) -> str:
    """The hunks of a unified diff."""
    rows = list(map(_changed, lines[1:MOST]))  # what the first line says is seen
    if len(lines) > MOST:
        rows.append(_row(_GAP, f"{len(lines) - MOST:,} more lines", " gap"))
    return _framed(rows, "frame diff")


def _framed(rows: Iterable[str], style: str) -> str:
    return f'<pre class="{style}"><code>{chr(10).join(rows)}</code></pre>'


def _row(head: str, text: str, style: str = "") -> str:
    return f'<span class="row{style}"><span class="no">{head}</span><span class="text">{text}</span></span>'


def _with_context(numbers: Iterable[int], source: Source) -> list[int]:
    last = source.position(len(source.text)).line
    around = {number + far for number in numbers for far in range(-CONTEXT, CONTEXT + 1)}
    told = {each for each in around if 1 <= each <= last and source.line(each).strip()}
    return sorted(told.union(numbers))


def _line(text: str, number: int, places: Sequence[Placed]) -> Iterator[str]:
    """What is shown of a line, in pieces that begin and end where a mark does; the narrowest place counts."""
    row = row_of(text, number, places, WIDTH)
    meant: list[tuple[int, int, str]] = []
    for place in sorted(places, key=lambda each: (each.last - each.first, each.end - each.start)):
        if place.first <= number <= place.last:
            start = place.start if number == place.first else len(text) - len(text.lstrip())
            end = place.end if number == place.last else len(text.rstrip())
            left, right = (min(max(at, row.left), row.right) for at in (start, end))
            meant.append((left, max(left, right), place.mark.style))
    yield plain(row.lead)
    edges = sorted({row.left, row.right, *(at for start, end, _ in meant for at in (start, end))})
    for at, end in zip(edges, [*edges[1:], row.right], strict=True):
        for start, stop, style in meant:
            if start == stop == at:
                yield f'<mark class="{style} point"></mark>'
        style = next((style for start, stop, style in meant if start <= at < stop), "")
        piece = plain(text[at:end])
        yield f'<mark class="{style}">{piece}</mark>' if style and piece else piece
    yield CUT if row.right < len(text) else ""


def _changed(line: str) -> str:
    sign, text = line[:1], line[1:]
    if sign == "@":
        return _row(_GAP, "", " gap")
    style = {"+": " added", "-": " removed"}.get(sign, "")
    return _row(plain(sign), plain(text if len(text) <= WIDTH else text[:WIDTH] + CUT), style)
