"""`make real DIR=...`: lints every checkout in a folder, and says what a run over each of them was like.

    python -m tests.tools.real DIR [--policy NAME] [--reports DIR]

One process a checkout, one after the other. Prints Markdown; the exit code is 1 where anything crashed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from runcrew_lint.engine.analyse import Analyst
from runcrew_lint.engine.answers import Trouble
from runcrew_lint.engine.run import Request, run
from runcrew_lint.model.finding import Finding, Severity
from runcrew_lint.reporters.json import as_data

LONGEST = 900  # seconds that one checkout may take: far above the largest so far
SLOW = 1.0  # CPU seconds on one file, for each 100 kB of it, from which on it is named
# What a run could not know, and says so.
_UNKNOWN = frozenset({"dynamic-sql", "file-skipped", "limit-reached"})
_SWEEPS = frozenset({"secrets", "promises"})  # they claim every file there is


@dataclass
class Seen:
    """What one run was like.

    Arguments:
        facts: the files that gave a fact, those of the sweeping kinds aside; `unknown` of them the files
            of which something could not be known.
        slow: files beyond SLOW, each with its CPU seconds.
        crashes: what crashed, one line each.
    """

    name: str
    files: int = 0
    lines: int = 0
    facts: int = 0
    unknown: int = 0
    errors: int = 0
    warnings: int = 0
    infos: int = 0
    seconds: float = 0.0
    slow: dict[str, float] = field(default_factory=dict)
    crashes: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Errors and warnings a thousand lines."""
        return 1000 * (self.errors + self.warnings) / self.lines if self.lines else 0.0

    @property
    def share(self) -> float:
        """The part of the files read of which something could not be known."""
        return self.unknown / self.facts if self.facts else 0.0


def look(root: Path, policy: str, kept: Path | None) -> Seen:
    """Lints one checkout in this process; its JSON report goes to `kept`."""
    spent: defaultdict[str, float] = defaultdict(float)
    facts: set[str] = set()
    answer = Analyst._answer

    def timed(analyst: Analyst, task: Any, *rest: Any) -> Any:
        start = time.process_time()
        found = answer(analyst, task, *rest)
        spent[task.path] += time.process_time() - start
        if found is not None and not isinstance(found, Trouble) and task.kind.name not in _SWEEPS:
            facts.add(task.path)
        return found

    Analyst._answer = timed  # type: ignore[method-assign, assignment]
    start = time.process_time()
    outcome = run(Request(root, policy=policy))
    seen = Seen(root.name, seconds=time.process_time() - start)
    findings = outcome.report.findings
    if kept:
        kept.write_text(json.dumps(as_data(outcome.report)), encoding="utf-8")
    _count(seen, findings)
    seen.files, seen.lines = outcome.report.files, _lines(root)
    unknown = {each.path for each in findings if each.rule in _UNKNOWN or each.rule.endswith("-unresolved")}
    seen.facts, seen.unknown = len(facts | unknown), len(unknown)
    for path, seconds in spent.items():
        if seconds > SLOW * max(1, (root / path).stat().st_size / 100_000):
            seen.slow[path] = round(seconds, 1)
    return seen


def _count(seen: Seen, findings: Iterable[Finding]) -> None:
    by = Counter(each.severity for each in findings)
    seen.errors, seen.warnings, seen.infos = by[Severity.ERROR], by[Severity.WARNING], by[Severity.INFO]
    seen.crashes = [f"{each.path}: {each.message}" for each in findings if each.rule == "rule-crashed"]


def _lines(root: Path) -> int:
    """The lines of all text that git tracks."""
    command = ["git", "grep", "-I", "--count", "--no-color", "-h", ""]
    told = subprocess.run(command, cwd=root, capture_output=True, text=True)
    return sum(map(int, told.stdout.split()))


def apart(root: Path, policy: str, reports: Path | None) -> Seen:
    """Lints one checkout in a process of its own."""
    command = [sys.executable, "-m", "tests.tools.real", str(root), "--one", "--policy", policy]
    command += ["--reports", str(reports)] if reports else []
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return Seen(root.name, crashes=[f"no end after {LONGEST} s"])
    if told.returncode:
        last = told.stderr.strip().rpartition("\n")[2] or "nothing"
        return Seen(root.name, crashes=[f"exit {told.returncode}, it said {last}"])
    return Seen(**json.loads(told.stdout))


def row(seen: Seen) -> str:
    """One line of the table."""
    cells = [seen.name, f"{seen.files:,}", f"{seen.lines:,}", f"{len(seen.crashes)}", f"{len(seen.slow)}"]
    cells += [f"{seen.errors}", f"{seen.warnings}", f"{seen.infos}", f"{seen.rate:.2f}"]
    cells += [f"{seen.share:.1%}", f"{seen.seconds:.1f}"]
    return f"| {' | '.join(cells)} |"


def total(all_seen: list[Seen]) -> Seen:
    """The sum of all runs."""
    summed = Seen(f"all {len(all_seen)}")
    for name in ("files", "lines", "facts", "unknown", "errors", "warnings", "infos", "seconds"):
        setattr(summed, name, sum(getattr(each, name) for each in all_seen))
    summed.crashes = [said for each in all_seen for said in each.crashes]
    summed.slow = {f"{each.name}/{path}": spent for each in all_seen for path, spent in each.slow.items()}
    return summed


def main() -> int:
    """Returns 1 where anything crashed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--policy", default="runcrew")
    parser.add_argument("--reports", type=Path, metavar="DIR", help="keep each JSON report there")
    parser.add_argument("--one", action="store_true", help="DIR is one checkout; tell of it as JSON")
    asked = parser.parse_args()
    if asked.one:
        kept = asked.reports / f"{asked.folder.name}.json" if asked.reports else None
        print(json.dumps(asdict(look(asked.folder, asked.policy, kept))))
        return 0
    if asked.reports:
        asked.reports.mkdir(parents=True, exist_ok=True)
    print("| checkout | files | lines | crashes | slow files | errors | warnings | infos "
          "| errors and warnings a thousand lines | files with something unknown | CPU s |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    all_seen = []
    for root in sorted(each for each in asked.folder.iterdir() if each.is_dir()):
        all_seen.append(apart(root, asked.policy, asked.reports))
        print(row(all_seen[-1]), flush=True)
    summed = total(all_seen)
    print(row(summed))
    for path, seconds in summed.slow.items():
        print(f"\nslow: {path}, {seconds} s")
    for each in all_seen:
        for said in each.crashes:
            print(f"\ncrash: {each.name}: {said}")
    return 1 if summed.crashes else 0


if __name__ == "__main__":
    sys.exit(main())
