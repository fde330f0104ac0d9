"""Looks at each listed path once: files to lint, and what is passed over though somebody may miss it."""

from __future__ import annotations

import os
import stat as modes
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from pathlib import Path

from runcrew_lint.domains.claims import claimed
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.engine.disk import Disk, Stat, is_unfinished, stat_of
from runcrew_lint.engine.git import SUBMODULE, Entry
from runcrew_lint.frozen import mutable
from runcrew_lint.tuples import NamedTuple


class Passed(NamedTuple):
    """A listed path that is not linted, and why."""

    path: str
    reason: str


@mutable
class Survey:
    """The files by path, which of them git does not track, its links, and what is passed over with a word."""

    stats: dict[str, Stat] = field(default_factory=dict)
    untracked: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    passed: list[Passed] = field(default_factory=list)


class Unseen(Mapping[str, Stat]):
    """Listed files at which nobody has looked yet: each is looked at when it is asked for, if ever.

    One that is not there, or is no regular file, answers with a state that nothing is remembered under.
    """

    def __init__(self, root: Path, paths: Iterable[str]) -> None:
        self._disk, self._paths = Disk(root), dict.fromkeys(paths)

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    def __getitem__(self, path: str) -> Stat:
        if path not in self._paths:
            raise KeyError(path)
        try:
            return stat_of(self._disk.status(path))
        except OSError:
            return Stat(0, 0, 0, 0)


def survey(root: Path, entries: Iterable[Entry], *, is_git: bool) -> Survey:
    """What the file system says of each entry, in their order.

    Passed over in silence is what is not there, as in a sparse checkout; a submodule, which is another
    repository; a link whose target is linted where it lies; and what a run of ours left when it was killed.
    """
    disk, seen, links = Disk(root), Survey(), []
    for path, tracked, mode in entries:
        if path.endswith("/"):
            if not is_git:
                seen.passed.append(Passed(path, "it is a git repository of its own: lint it by itself"))
            continue
        if not tracked and is_unfinished(path):
            continue
        try:
            status = disk.status(path)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            seen.passed.append(Passed(path, f"it can't be reached: {error.strerror}"))
            continue
        if modes.S_ISREG(status.st_mode):
            seen.stats[path] = stat_of(status)
            if not tracked:
                seen.untracked.add(path)
        elif modes.S_ISLNK(status.st_mode):
            links.append(path)
            if tracked:
                seen.links.add(path)
        elif mode != SUBMODULE and not modes.S_ISDIR(status.st_mode):
            seen.passed.append(Passed(path, "it is no regular file"))
    seen.passed += _odd_links(os.path.realpath(root), links, seen)
    return seen


def _odd_links(root: str, links: Iterable[str], seen: Survey) -> Iterator[Passed]:
    for path in links:
        target = os.path.realpath(f"{root}/{path}")
        if os.path.commonpath([root, target]) != root:
            yield Passed(path, "it is a link that leads out of the repository")
        elif (
            os.path.relpath(target, root) not in seen.stats and not Path(target).is_dir() and _is_named(path)
        ):
            yield Passed(path, "it is a link to what is not linted itself")


def _is_named(path: str) -> bool:
    """Whether a kind other than those that claim every file claims this one."""
    return any(files and not KINDS[kind].sweeps for kind, files in claimed([path]).items())
