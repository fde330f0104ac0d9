"""A repository that is edited step by step while a clock moves, and linted warm and cold after each step."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from runcrew_lint.engine import disk, survey
from runcrew_lint.engine.disk import Stat
from runcrew_lint.engine.echo import Words, told
from runcrew_lint.engine.memory import Memory
from runcrew_lint.engine.run import Outcome, Request, run
from runcrew_lint.reporters.json import as_data
from tests.fixtures_git import git

Step = tuple[Any, ...]
START = 1_800_000_000 * 10**9


def said(outcome: Outcome) -> Words:
    """A run in words; which findings are folded is told by text alone."""
    report = outcome.report
    settled = (each.settled for each in report.findings)
    return Words((json.dumps(as_data(report)), *settled), report.notices, report.worst)


def simulate_clock(patch: pytest.MonkeyPatch) -> None:
    """Lets a file's times be what `os.utime` said, for the kernel's own change time can't be set."""

    def stat_of(status: os.stat_result) -> Stat:
        return Stat(status.st_size, status.st_mtime_ns, status.st_mtime_ns, status.st_ino)

    patch.setattr(disk, "stat_of", stat_of)
    patch.setattr(survey, "stat_of", stat_of)


@dataclass
class Walk:
    """One repository, its cache and its clock, which ticks in whole seconds as a coarse file system's does.

    Steps: ("write", path, text), ("delete", path), ("move", path, path),
    ("policy", text or ""), ("ignore", text of .git/info/exclude), ("track",), ("tick", seconds),
    ("exclude", globs), ("targets", paths), ("select", rules), ("day", number), ("commit",),
    ("baseline", text).
    """

    root: Path
    cache: Path
    patch: pytest.MonkeyPatch
    now: int = START
    exclude: tuple[str, ...] = ()
    targets: frozenset[str] = frozenset()
    select: tuple[str, ...] = ()
    today: date = date(2026, 11, 22)
    log: list[Step] = field(default_factory=list)
    memory: Memory = field(default_factory=Memory)
    standing: Memory = field(default_factory=Memory)  # of a process that has the store, too

    def __post_init__(self) -> None:
        self.root.mkdir()
        git(self.root, "init", "--quiet", "--initial-branch=main")
        simulate_clock(self.patch)
        self.patch.setattr(time, "time_ns", lambda: self.now)

    def take(self, step: Step) -> None:
        """One edit."""
        self.log.append(step)
        getattr(self, f"_{step[0]}")(*step[1:])

    def check(self) -> Outcome:
        """Warm output is cold output, and so is that of a process that remembers."""
        warm, cold = self.lint(self.cache), self.lint(None)
        remembered, standing = self.lint(None, self.memory), self.lint(self.cache, self.standing)
        assert as_data(warm.report) == as_data(cold.report), self.log
        assert as_data(remembered.report) == as_data(standing.report) == as_data(cold.report), self.log
        assert told(self._request(self.cache), "json", said) == said(cold), self.log
        return warm

    def lint(self, cache: Path | None, memory: Memory | None = None) -> Outcome:
        """One run."""
        return run(replace(self._request(cache), memory=memory))

    def _request(self, cache: Path | None) -> Request:
        about = (self.root, self.targets, None, self.select)
        return Request(*about, exclude=self.exclude, cache=cache, today=self.today)

    def _write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("r+" if file.is_file() else "w") as stream:  # in place: the inode stays
            stream.truncate()
            stream.write(text)
        os.utime(file, ns=(self.now // 10**9 * 10**9,) * 2)

    def _delete(self, path: str) -> None:
        (self.root / path).unlink(missing_ok=True)

    def _move(self, path: str, to: str) -> None:
        if (self.root / path).is_file():
            (self.root / to).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).replace(self.root / to)  # keeps its times, as mv does

    def _policy(self, text: str) -> None:
        file = self.root / ".runcrew-lint.yaml"
        if text:
            file.write_text(text)
        else:
            file.unlink(missing_ok=True)

    def _ignore(self, text: str) -> None:
        file = self.root / ".git/info/exclude"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)

    def _track(self) -> None:
        git(self.root, "add", "--all")

    def _day(self, number: int) -> None:
        self.today = self.today.replace(day=number)

    def _commit(self) -> None:
        git(self.root, "commit", "--quiet", "--allow-empty", "--message", "a step")

    def _baseline(self, text: str) -> None:
        (self.root / ".runcrew-lint-baseline.json").write_text(text)

    def _tick(self, seconds: float) -> None:
        self.now += int(seconds * 10**9)

    def _exclude(self, *globs: str) -> None:
        self.exclude = globs

    def _select(self, *rules: str) -> None:
        self.select = rules

    def _targets(self, *paths: str) -> None:
        self.targets = frozenset(paths)


def go(walk: Walk, steps: Iterable[Step]) -> None:
    """Every step, with a warm and a cold run after each edit."""
    for step in steps:
        walk.take(step)
        if step[0] != "tick":
            walk.check()
