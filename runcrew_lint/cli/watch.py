"""`--watch`: lints again whenever the listing of files says that something has changed.

git lists and the file system is asked of each listed file, as at the start of every run: what git ignores is
never looked at, no platform's own notification is needed, and what changes during a run differs from the look
that was taken before it.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from time import monotonic, sleep

import click

from runcrew_lint.cli import output
from runcrew_lint.engine import git
from runcrew_lint.engine.discover import Tree, discover
from runcrew_lint.engine.disk import Stat, stat_of
from runcrew_lint.engine.memory import Memory
from runcrew_lint.engine.run import Request
from runcrew_lint.model.errors import SetupError
from runcrew_lint.tuples import NamedTuple

_SHORTEST = 0.25  # s between two looks; more where looking takes long: a tenth of the time is spent on it
_SHARE = 10
_NAMED = 3  # changed files that are named

Run = Callable[[Request], int]


class Look(NamedTuple):
    """What lies there; `beside` are files that count without being linted."""

    tree: Tree
    beside: tuple[Stat | None, ...]

    def changed(self, before: Look, own: frozenset[str]) -> list[str]:
        """The paths that are not what they were, but for those that the runs write themselves."""
        old, new = before.tree, self.tree
        other = {path for path, stat in new.stats.items() if old.stats.get(path) != stat}
        other |= old.stats.keys() - new.stats.keys() | (old.untracked ^ new.untracked)
        found = sorted(other - own)
        return found or (["the settings"] if self.beside != before.beside else [])


def watch(request: Request, run: Run, written: Iterable[Path]) -> int:
    """Runs, and runs again at each change, until it is interrupted; the last run's exit code.

    Arguments:
        run: lints, reports and gives the exit code; one at a time.
        written: the files that it writes.
    Errors:
        SetupError for a mistake that the first run meets; a later one is told, and mended by the next change.
    """
    root = request.root.resolve()
    inside = (file.resolve() for file in written if file.resolve().is_relative_to(root))
    own = frozenset(file.relative_to(root).as_posix() for file in inside)
    beside, request = _beside(request), replace(request, memory=Memory())
    code = 0
    try:
        look = _look(root, beside)
        code = run(request)
        while True:
            gc.collect()  # the command line does without while it runs
            output.say(f"watching {len(look.tree.stats):,} files; ctrl-c ends it", err=True)
            look, changed = _next(look, beside, own)
            _clear(changed)
            code = _again(replace(request, today=date.today()), run)
    except KeyboardInterrupt:
        return code


def _again(request: Request, run: Run) -> int:
    try:
        return run(request)
    except SetupError as error:
        output.say(f"runcrew-lint: {error}", err=True)
        return 2


def _next(before: Look, beside: Iterable[Path], own: frozenset[str]) -> tuple[Look, list[str]]:
    """The first look that is another one, and what has changed."""
    pause = _SHORTEST
    while True:
        sleep(pause)
        start = monotonic()
        try:
            look = _look(before.tree.root, beside)
        except SetupError:
            continue  # git may be in the middle of something
        changed = look.changed(before, own)
        if changed:
            return look, changed
        pause = max(_SHORTEST, _SHARE * (monotonic() - start))


def _look(root: Path, beside: Iterable[Path]) -> Look:
    return Look(discover(root), tuple(map(_stat, beside)))


def _beside(request: Request) -> tuple[Path, ...]:
    """What counts and is not linted: a policy from elsewhere; with --staged and --since what git keeps."""
    files = [Path(request.policy)] if request.policy else []
    if request.staged or request.since:
        told = git.asked(["rev-parse", "--absolute-git-dir"], request.root).stdout
        files += [Path(os.fsdecode(told.strip()), name) for name in ("index", "HEAD")]
    return tuple(files)


def _stat(file: Path) -> Stat | None:
    try:
        return stat_of(file.stat())
    except OSError:
        return None


def _clear(changed: list[str]) -> None:
    """Makes room on a terminal, and says what begins."""
    click.clear()
    more = f" and {len(changed) - _NAMED:,} more" if len(changed) > _NAMED else ""
    said = f"{datetime.now():%H:%M:%S} {', '.join(changed[:_NAMED])}{more}"
    output.say(said, err=True)
