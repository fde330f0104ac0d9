"""`make compare DIR=...`: each finding of the specialists on real checkouts, held against ours.

A finding of theirs is *ours, too* where one of the rules that docs/compared.yaml names for theirs speaks of
that line, of a line near it, or quotes what stands there. Else it is *left*, with the reason that is written
there, and *missed* where none is. The exit status is 1 where one is missed.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from runcrew_lint.catalogue.build import read
from runcrew_lint.engine.run import Request, run
from runcrew_lint.model.finding import Finding
from tests.tools.mend_real import checkouts
from tests.tools.peer_findings import PEERS, Said, said

ROOT = Path(__file__).resolve().parents[2]
ANSWERS: dict[str, dict[str, Any]] = read(ROOT / "docs" / "compared.yaml")["findings"]
_NEAR = 3  # lines
_QUOTED = re.compile(r"`([^`]+)`")


class Answer(NamedTuple):
    """What a peer's rule is met with.

    `ours` are our rules for the same thing, `whole` says that one finding of theirs stands for its file;
    `left` is why what none of them speaks of is left, "" where nothing is.
    """

    ours: tuple[str, ...] = ()
    whole: bool = False
    left: str = ""


def answer(peer: str, rule: str) -> Answer:
    """The answer to a rule; a rule that docs/compared.yaml does not know has none."""
    told = ANSWERS.get(peer, {}).get(rule, {})
    if isinstance(told, str):
        return Answer(left=told)
    return Answer(tuple(told.get("ours", ())), told.get("whole", False), told.get("left", ""))


class Ours:
    """Our findings in one checkout: the lines that they name, and what they quote, by rule."""

    def __init__(self, root: Path, findings: Iterable[Finding]) -> None:
        self._root = root
        self._lines: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        self._quoted: defaultdict[str, set[str]] = defaultdict(set)
        for each in findings:
            self._quoted[each.rule] |= {word for word in _QUOTED.findall(each.message) if len(word) > _NEAR}
            for region in (each.region, *(related.region for related in each.related)):
                self._lines[each.rule, region.path].add(region.start.line)

    def answers(self, theirs: Said, by: Answer) -> bool:
        """Whether one of these rules speaks of the same."""
        return any(self._speaks(rule, theirs, by.whole) for rule in by.ours)

    def _speaks(self, rule: str, theirs: Said, whole: bool) -> bool:
        key = rule, theirs.path
        if whole and key in self._lines:
            return True
        if any(abs(line - theirs.line) <= _NEAR for line in self._lines.get(key, ())):
            return True
        text = self._text(theirs)
        return any(word in text for word in self._quoted.get(rule, ()))

    def _text(self, theirs: Said) -> str:
        lines = (self._root / theirs.path).read_text(encoding="utf-8", errors="replace").splitlines()
        return lines[theirs.line - 1] if 0 < theirs.line <= len(lines) else ""


class Verdict(NamedTuple):
    """A finding of theirs and what it is: `ours`, `left` or `missed`."""

    theirs: Said
    kind: str


def judged(root: Path, policy: Path) -> tuple[list[Verdict], Counter[str]]:
    """Every finding of every peer, and ours by rule."""
    findings = run(Request(root, policy=policy)).report.findings
    ours = Ours(root, findings)
    verdicts = []
    for theirs in said(root):
        by = answer(theirs.peer, theirs.rule)
        kind = "ours" if ours.answers(theirs, by) else "left" if by.left else "missed"
        verdicts.append(Verdict(theirs, kind))
    return verdicts, Counter(each.rule for each in findings)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, help="checkouts, or folders of them")
    parser.add_argument("--policy", type=Path, default=Path(__file__).with_name("compare_peers.policy.yaml"))
    parser.add_argument("--each", action="store_true", help="list what is left, finding by finding")
    given = parser.parse_args()
    everything: list[Verdict] = []
    for root in checkouts(given.folders):
        verdicts, ours = judged(root, given.policy)
        everything += verdicts
        print(f"\n{root.name}: {sum(ours.values())} of ours, {len(verdicts)} of theirs")
        for kind in ("missed", "left") if given.each else ("missed",):
            for theirs, how in sorted(verdicts):
                if how == kind:
                    at = f"{theirs.path}:{theirs.line}"
                    print(f"  {kind} {theirs.peer} {theirs.rule} {at} {theirs.message[:160]}")
    print("\n".join(table(everything)))
    return 1 if any(each.kind == "missed" for each in everything) else 0


def table(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """The counts by peer, as Markdown."""
    counts: Mapping[tuple[str, str], int] = Counter((each.theirs.peer, each.kind) for each in verdicts)
    yield from (
        "",
        "| | findings | ours, too | left, with a reason | missed |",
        "| --- | ---: | ---: | ---: | ---: |",
    )
    for peer in PEERS:
        of = [counts.get((peer, kind), 0) for kind in ("ours", "left", "missed")]
        yield f"| {peer} | {sum(of)} | {' | '.join(map(str, of))} |"


if __name__ == "__main__":
    sys.exit(main())
