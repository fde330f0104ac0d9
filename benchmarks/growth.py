"""`make growth`: what a run costs the more revisions or files there are: a table, and benchmarks/growth.svg.

    python -m benchmarks.growth [--runs N]

CPU seconds of whole processes, the least of N runs each, since a machine may be shared; the exponent is the
slope in logarithms from the second size on: 1 is linear, and start-up weighs least there.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from benchmarks import delivery, history
from benchmarks.installed import installed
from benchmarks.measure import Contender
from tests.fixtures_git import git
from tests.scratch import scratch

REVISIONS = (100, 250, 500, 1000, 2500, 5000)
FILES = (100, 300, 1000, 3000, 10_000)
PLOT = Path(__file__).with_name("growth.svg")
_WIDTH, _HEIGHT, _MARGIN = 360, 220, 48  # of one panel, in pixels


class Point(NamedTuple):
    """One size, and what it cost."""

    size: int
    cpu: float
    peak: float


class Series(NamedTuple):
    """What one kind of thing costs as there is more of it."""

    of: str
    points: tuple[Point, ...]

    @property
    def each(self) -> float:
        """Milliseconds of CPU for one more, from the first size to the last."""
        first, last = self.points[0], self.points[-1]
        return 1000 * (last.cpu - first.cpu) / (last.size - first.size)

    @property
    def exponent(self) -> float:
        """Of the power that CPU grows with, from the second size on."""
        second, last = self.points[1], self.points[-1]
        return math.log(last.cpu / second.cpu) / math.log(last.size / second.size)


def _revisions(folder: Path, count: int) -> Path:
    return history.write(folder, count).relative_to(folder)


def _files(folder: Path, count: int) -> Path:
    """A tenth are workflows, images and compose files, the rest is source text that no rule is about."""
    shipped = count // 10
    delivery.write(folder, shipped // 3, shipped // 3, shipped // 3)
    random_ = random.Random(count)
    for number in range(count - 3 * (shipped // 3)):
        suffix, lines = random_.choice((("py", _PYTHON), ("ts", _SCRIPT), ("md", _WORDS)))
        text = "".join(random_.choice(lines).format(random_.randrange(999)) for _ in range(60))
        file = folder / f"src/part{number % 97}/file{number}.{suffix}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return Path()


_PYTHON = (
    "value_{0} = load({0})\n",
    "def work_{0}(a):\n    return a + {0}\n",
    "print(work_{0})\n",
    "# {0}\n",
)
_SCRIPT = ("const value{0} = load({0});\n", "export function work{0}(a) {{ return a + {0}; }}\n", "// {0}\n")
_WORDS = ("Part {0} is read before part {0}0.\n", "- see `work_{0}`\n", "\n")


def grown(
    of: str,
    counts: Sequence[int],
    write: Callable[[Path, int], Path],
    arguments: Sequence[str],
    ours: Path,
    runs: int,
) -> Series:
    """A run over a generated repository of each size, without a cache."""
    points = []
    for count in counts:
        with scratch("runcrew-lint-growth-") as folder:
            root = folder / "repository"
            root.mkdir()
            where = write(root, count)
            git(root, "init", "--quiet")
            git(root, "add", "--all")
            run = Contender("", [str(ours), "--no-cache", *arguments, str(where)], root)
            for _ in range(runs):
                run.run()
            points.append(Point(count, min(run.cpu), run.peak))
            print(f"| {of} | {count:,} | {min(run.cpu):.2f} | {run.peak:.0f} |", flush=True)
    return Series(of, tuple(points))


def plot(all_series: Sequence[Series]) -> str:
    """The CPU of each series as SVG, one panel beside the other, with the straight line to its last point."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH * len(all_series)}" height="{_HEIGHT}" '
        'font-family="sans-serif" font-size="11" fill="#444">'
    ]
    for number, series in enumerate(all_series):
        parts.append(f'<g transform="translate({number * _WIDTH})">')
        parts += _panel(series)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>", ""])


def _panel(series: Series) -> Iterator[str]:
    most, dearest = series.points[-1].size, max(point.cpu for point in series.points)
    across, up = _WIDTH - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN

    def at(count: float, cpu: float) -> tuple[float, float]:
        return round(_MARGIN + across * count / most, 1), round(_HEIGHT - _MARGIN - up * cpu / dearest, 1)

    x0, y0 = at(0, 0)
    first, last = at(0, max(0.0, series.points[0].cpu)), at(most, series.points[-1].cpu)
    yield f'<path d="M{x0} {_MARGIN}V{y0}H{_WIDTH - _MARGIN}" stroke="#999" fill="none"/>'
    yield f'<path d="M{first[0]} {first[1]}L{last[0]} {last[1]}" stroke="#bbb" stroke-dasharray="3 3"/>'
    for one, other in pairwise(at(point.size, point.cpu) for point in series.points):
        yield f'<path d="M{one[0]} {one[1]}L{other[0]} {other[1]}" stroke="#1f6feb" stroke-width="2"/>'
    for point in series.points:
        x, y = at(point.size, point.cpu)
        yield f'<circle cx="{x}" cy="{y}" r="3" fill="#1f6feb"/>'
    title = f"{series.each:.1f} ms of CPU for each of {most:,} {series.of}; exponent {series.exponent:.2f}"
    yield f'<text x="{x0}" y="{_MARGIN - 16}">{title}</text>'
    yield f'<text x="{x0 - 6}" y="{_MARGIN + 4}" text-anchor="end">{dearest:.0f} s</text>'
    yield f'<text x="{_WIDTH - _MARGIN}" y="{y0 + 16}" text-anchor="end">{most:,}</text>'


def main() -> None:
    """Prints the table as Markdown, and writes the plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    with scratch("runcrew-lint-growth-") as folder:
        ours = installed(folder / "installed")
        print("| of | count | CPU s | peak MiB |\n|---|---|---|---|")
        all_series = [
            grown("revisions", REVISIONS, _revisions, ["--select", "migrations"], ours, asked.runs),
            grown("files", FILES, _files, [], ours, asked.runs),
        ]
    for each in all_series:
        print(f"\n{each.of}: {each.each:.2f} ms for one more, exponent {each.exponent:.2f}")
    PLOT.write_text(plot(all_series), encoding="utf-8")


if __name__ == "__main__":
    main()
