"""Which files are linted: what git tracks or would track, or what a plain folder holds."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from runcrew_lint.engine import git
from runcrew_lint.model.errors import SetupError

_LINK, _SUBMODULE = "120000", "160000"
# Folders of other people's code, passed over where no git says what belongs to the repository.
_FOREIGN = {
    ".git",
    ".hg",
    "node_modules",
    ".venv",
    "venv",
    "__pycache__",
    ".tox",
    ".mypy_cache",
    ".dart_tool",
}


@dataclass(frozen=True)
class Tree:
    """A folder's files as the linter sees them; it opens none. Implements repository.Worktree."""

    root: Path
    is_git: bool
    entries: tuple[git.Entry, ...]

    @cached_property
    def paths(self) -> Sequence[str]:
        """Every file that is linted, sorted."""
        return tuple(sorted(entry.path for entry in self.entries))

    @cached_property
    def _tracked(self) -> frozenset[str]:
        return frozenset(entry.path for entry in self.entries if entry.tracked)

    def is_tracked(self, path: str) -> bool:
        """Whether git tracks the file; in a plain folder, whether it is there."""
        return path in self._tracked

    def ignored(self, paths: Iterable[str]) -> frozenset[str]:
        """Which of these paths the repository's own ignore rules keep out; none where there is no git."""
        try:
            return git.ignored(self.root, paths, is_git=self.is_git)
        except git.GitMissing:
            return frozenset()


def discover(root: Path, exclude: Iterable[str] = ()) -> Tree:
    """The files of the repository or folder at `root`, but for the excluded globs."""
    is_git = git.toplevel(root) is not None
    try:
        listed = git.listing(root) if is_git else git.plain_listing(root)
        entries = list(listed)
    except git.GitMissing:
        entries = list(_walk(root))
    shut_out = [glob_pattern(glob) for glob in exclude]
    kept = (
        entry
        for entry in entries
        if entry.mode not in (_LINK, _SUBMODULE)
        and not entry.path.endswith("/")
        and (is_git or _FOREIGN.isdisjoint(entry.path.split("/")))
        and not any(pattern.match(entry.path) for pattern in shut_out)
    )
    return Tree(root, is_git, tuple(kept))


def _walk(root: Path) -> Iterator[git.Entry]:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(set(folders) - _FOREIGN)
        for name in sorted(files):
            path = Path(folder, name)
            if not path.is_symlink():
                yield git.Entry(path.relative_to(root).as_posix(), tracked=True)


@cache
def glob_pattern(glob: str) -> re.Pattern[str]:
    """A policy glob as a pattern on a POSIX path.

    `*` stays within a folder, `**` crosses them, a glob without a slash matches a name anywhere, and
    a folder's glob holds for all that is in it.
    """
    anchored = "/" in glob.rstrip("/")
    parts = []
    for token in re.findall(r"\*\*/|\*\*|\*|\?|\[[^]]+\]|.", glob.strip("/")):
        parts.append({"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(token) or _literal(token))
    head = "" if anchored else "(?:.*/)?"
    return re.compile(f"{head}{''.join(parts)}(?:/.*)?\\Z")


def _literal(token: str) -> str:
    if token[0] == "[" and len(token) > 2:
        inside = token[1:-1].replace("\\", "\\\\").replace("!", "^", token[1] == "!")
        return f"[{inside}]"
    return re.escape(token)


def targets_in(root: Path, paths: Iterable[str | Path]) -> tuple[str, ...]:
    """Named paths, POSIX and relative to the root; `.` is the whole.

    Errors:
        SetupError for a path that is not there or lies outside the root.
    """
    found = []
    for path in paths:
        given = Path(path) if Path(path).is_absolute() else Path.cwd() / path
        if not os.path.lexists(given):
            raise SetupError(f"there is no {path}", help="name a file or folder of the repository")
        absolute = given.parent.resolve() / given.name if given.name not in ("", "..") else given.resolve()
        try:
            found.append(absolute.resolve().relative_to(root.resolve()).as_posix())
        except ValueError:
            raise SetupError(
                f"{path} lies outside {root}", help="lint one repository at a time, with paths inside it"
            ) from None
    return tuple(found)


def within(path: str, targets: Sequence[str]) -> bool:
    """Whether a file is named, or lies in a named folder; without targets everything is."""
    return not targets or any(
        target == "." or path == target or path.startswith(f"{target}/") for target in targets
    )
