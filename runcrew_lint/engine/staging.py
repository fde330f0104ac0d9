"""The files as they are staged: what a commit would hold, whatever else lies in the work tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from runcrew_lint.engine import git, revisions
from runcrew_lint.engine.discover import Tree
from runcrew_lint.engine.disk import Disk, Skipped, Stat
from runcrew_lint.model.errors import SetupError
from runcrew_lint.policy.globs import ByGlob


def staged(tree: Tree, exclude: Iterable[str]) -> tuple[Tree, Mapping[str, bytes]]:
    """The tree of the index, and the contents that are other there than on disk.

    Errors:
        SetupError where git keeps no such folder, or a merge is not settled.
    """
    root, top = tree.root, tree.top
    if top is None:
        raise SetupError("--staged asks git, and no git keeps this folder", where=str(root))
    try:
        names = revisions.staged(root, top)
    except git.GitMissing:
        raise SetupError("--staged asks git, and there is no git on PATH") from None
    shut_out = ByGlob((glob, (glob,)) for glob in exclude)
    names = {path: name for path, name in names.items() if not shut_out.has(path)}
    disk = Disk(root)
    other = {path: name for path, name in names.items() if not _lies_there(disk, path, name)}
    contents = revisions.contents(root, other)
    stats = {
        path: tree.stats[path] if path not in other and path in tree.stats else Stat(0, 0, 0, 0)
        for path in names
        if path not in other or path in contents
    }
    return replace(tree, stats=stats, untracked=frozenset()), contents


def _lies_there(disk: Disk, path: str, name: str) -> bool:
    """Whether the work tree has the very bytes, line ends aside."""
    try:
        return revisions.is_object(disk.read(path)[0], name)
    except (OSError, Skipped):
        return False


def head(root: Path, top: Path | None) -> str:
    """HEAD, or "" where nothing was committed yet."""
    if top is None:
        return ""
    try:
        return revisions.commit_of(root, top, "HEAD")
    except (SetupError, git.GitMissing):
        return ""
