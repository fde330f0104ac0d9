"""`make draw-fixes DIR=... DRAW_ARGS="--seed 7"`: draws fixes of real checkouts, to be read by a person.

Prints the diffs that `--diff --unsafe-fixes` shows of the files that each drawn fix changes, so with what
other fixes make of them. Two of a file and rule are one; a file that is drawn is drawn once. Nothing is
written but the list of what was shown, so that the next draw shows others.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from runcrew_lint.engine.fix import Mended, diff, mend
from runcrew_lint.engine.run import Request
from tests.tools.mend_real import checkouts


class Drawn(NamedTuple):
    """A finding that a fix is made of, and what its files become."""

    repository: str
    rule: str
    path: str
    said: str
    diffs: tuple[str, ...]

    @property
    def key(self) -> str:
        """What it is known by from one draw to the next."""
        return f"{self.repository}\t{self.path}"


def cases(folder: Path, policy: str, select: tuple[str, ...]) -> Iterator[Drawn]:
    """Each file and rule of a checkout that a fix is made of."""
    mended = mend(Request(folder, policy=policy, select=select), unsafe=True, held=True)
    diffs = _by_path(mended)
    seen = set()
    for each in mended.before.report.findings:
        if each.fix is None or each.path not in diffs or (each.rule, each.path) in seen:
            continue
        seen.add((each.rule, each.path))
        shown = [path for path in sorted(each.fix.paths, key=lambda it: it != each.path) if path in diffs]
        said = f"{each.path}:{each.line}: {each.rule}: {each.message}\n  fix: {each.fix.title}"
        yield Drawn(folder.name, each.rule, each.path, said, tuple(diffs[path] for path in shown))


def _by_path(mended: Mended) -> dict[str, str]:
    """The diff of each file."""
    pieces: list[list[str]] = []
    for line in diff(mended):
        if line.startswith("--- "):
            pieces.append([])
        pieces[-1].append(line)
    return {path: "".join(each) for path, each in zip(sorted(mended.contents), pieces, strict=True)}


def draw(found: Iterable[Drawn], seed: int, count: int, most: int, read: frozenset[str]) -> list[Drawn]:
    """So many of them, at most `most` of a rule and repository, none of a file that has been read."""
    pool = sorted(found)
    random.Random(seed).shuffle(pool)
    drawn: dict[str, Drawn] = {}
    counted: Counter[tuple[str, str]] = Counter()
    for each in pool:
        kind = each.rule, each.repository
        if len(drawn) < count and each.key not in read and each.key not in drawn and counted[kind] < most:
            drawn[each.key] = each
            counted[kind] += 1
    return list(drawn.values())


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, help="checkouts, or folders of them")
    parser.add_argument("--policy", default="runcrew")
    parser.add_argument("--select", default="migrations", help="these rules or families")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--most", type=int, default=3, help="of a rule in one repository")
    parser.add_argument(
        "--read", type=Path, help="the list of files that were shown, which the draw is added to"
    )
    given = parser.parse_args()
    read = (
        frozenset(given.read.read_text().splitlines()) if given.read and given.read.exists() else frozenset()
    )
    found: list[Drawn] = []
    for folder in checkouts(given.folders):
        found += cases(folder, given.policy, tuple(given.select.split(",")))
        print(f"{folder.name}: {len(found)} in all", file=sys.stderr, flush=True)
    drawn = draw(found, given.seed, given.count, given.most, read)
    for at, each in enumerate(drawn, 1):
        print(f"==== {at}. {each.repository}: {each.said}", *each.diffs, sep="\n")
    if given.read:
        with given.read.open("a") as listed:
            listed.writelines(f"{each.key}\n" for each in drawn)
    return 0


if __name__ == "__main__":
    sys.exit(main())
