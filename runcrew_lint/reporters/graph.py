"""A history's graph in the margin of a list: the newest revision first, one lane a line of descent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from runcrew_lint.tuples import NamedTuple


class Row(NamedTuple):
    """A line of the margin; `revision` is "" on one where lanes only join or part."""

    margin: str
    revision: str = ""


def drawn(revisions: Sequence[str], parents: Callable[[str], Sequence[str]]) -> Iterator[Row]:
    """The margin for revisions that stand in order, each before its parents; unknown parents end a lane."""
    known = set(revisions)
    lanes: list[str] = []
    for revision in revisions:
        if revision not in lanes:
            lanes.append(revision)
        at = lanes.index(revision)
        while lanes.count(revision) > 1:
            last = len(lanes) - 1 - lanes[::-1].index(revision)
            yield Row(_joined(len(lanes), last))
            del lanes[last]
        yield Row(" ".join("*" if lane == at else "|" for lane in range(len(lanes))), revision)
        above = [each for each in parents(revision) if each in known]
        if not above:
            if at < len(lanes) - 1:
                yield Row(_joined(len(lanes), at + 1))
            del lanes[at]
            continue
        lanes[at] = above[0]
        for parent in above[1:]:
            lanes.append(parent)
            yield Row("| " * (len(lanes) - 2) + "|\\")


def _joined(width: int, lane: int) -> str:
    """Lanes of which one, and those right of it, go a place to the left."""
    return ("| " * (lane - 1) + "|/" + " /" * (width - lane - 1)).rstrip()
