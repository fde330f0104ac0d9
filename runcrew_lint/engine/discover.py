"""Which files are linted: what git tracks or would track, or what a plain folder holds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from runcrew_lint.domains.fact import Base
from runcrew_lint.engine import git
from runcrew_lint.engine.disk import Stat
from runcrew_lint.engine.survey import Passed, Unseen, survey
from runcrew_lint.frozen import frozen
from runcrew_lint.model.errors import SetupError
from runcrew_lint.policy.globs import ByGlob

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


@frozen
class Tree:
    """A folder's files as the linter sees them; it opens none. Implements repository.Worktree.

    Arguments:
        root: the folder.
        top: the work tree that it lies in; None where git keeps none.
        stats: the linted files and what the file system says of each.
        untracked: those that git does not track.
        links: the links that git tracks; what they lead to is linted where it lies.
        passed: what is listed and not linted, where somebody may miss it.
        notices: lines on what the listing could not tell.
        base: the files as they were before the change that is judged.
    """

    root: Path
    top: Path | None
    stats: Mapping[str, Stat]
    untracked: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    passed: tuple[Passed, ...] = ()
    notices: tuple[str, ...] = ()
    base: Base | None = None

    @property
    def is_git(self) -> bool:
        """Whether git keeps this folder."""
        return self.top is not None

    @cached_property
    def paths(self) -> Sequence[str]:
        """Every file that is linted, sorted."""
        return tuple(sorted(self.stats))

    def is_tracked(self, path: str) -> bool:
        """Whether git tracks the file or link; in a plain folder, whether it is there."""
        return path in self.links or (path in self.stats and path not in self.untracked)

    def with_new(self, paths: Iterable[str]) -> Tree:
        """The tree once these files are there too, untracked."""
        new = {path: Stat(0, 0, 0, 0) for path in paths if path not in self.stats}
        return (
            replace(self, stats={**self.stats, **new}, untracked=self.untracked.union(new)) if new else self
        )

    def ignored(self, paths: Iterable[str]) -> frozenset[str]:
        """Which of these paths the repository's own ignore rules keep out.

        Where there is no git to ask, all of them: nobody can say that one is not.
        """
        asked = list(paths)
        try:
            return git.ignored(self.root, asked, self.top)
        except git.GitMissing:
            return frozenset(asked)


def default_branch(tree: Tree) -> tuple[str, str]:
    """The default branch's name and commit, "" where none is known."""
    try:
        return git.default_branch(tree.root, tree.top) if tree.top else ("", "")
    except git.GitMissing:
        return "", ""


def settled(tree: Tree, commit: str, paths: Iterable[str]) -> frozenset[str]:
    """Which of these files the default branch's commit has: nobody can take those back."""
    return git.among(tree.root, tree.top, commit, paths) if tree.top and commit else frozenset()


def discover(root: Path, exclude: Iterable[str] = (), *, by_name: bool = False) -> Tree:
    """The files of the repository or folder at `root`, but for the excluded globs.

    Arguments:
        by_name: whoever asks needs few of many files: none is looked at before it is asked for, so that what
            is listed may be no regular file, or gone.
    """
    top, listed, notices = _listed(root)
    shut_out = ByGlob((glob, (glob,)) for glob in exclude)
    kept = (
        entry
        for entry in listed
        if (top or _FOREIGN.isdisjoint(entry.path.split("/"))) and not shut_out.has(entry.path)
    )
    if by_name:
        names = [entry.path for entry in kept if not entry.path.endswith("/")]
        return Tree(root, top, Unseen(root, names), notices=tuple(notices))
    seen = survey(root, kept, is_git=top is not None)
    return Tree(
        root,
        top,
        seen.stats,
        frozenset(seen.untracked),
        frozenset(seen.links),
        tuple(seen.passed),
        tuple(notices),
    )


def _listed(root: Path) -> tuple[Path | None, list[git.Entry], list[str]]:
    """The work tree's root, the listing, and what is to be said of it."""
    top = work_tree(root)
    notices: list[str] = []
    try:
        if top is not None:
            try:
                return top, list(git.listing(root, top, notices.append)), notices
            except git.NoRepository:
                notices.append("git does not recognise the .git here, so the files count as they lie")
        return None, list(git.plain_listing(root, notices.append)), notices
    except git.GitMissing:
        notices.append("there is no git on PATH, so every file counts and none as ignored")
        return None, list(_walk(root, notices.append)), notices


def work_tree(folder: Path) -> Path | None:
    """The git work tree that keeps this folder; None where there is none, or where it ignores the folder."""
    top, here = git.toplevel(folder), folder.resolve()
    if top is None or top == here:
        return top
    try:
        return None if git.ignored(top, [here.relative_to(top).as_posix()], top) else top
    except git.GitMissing:
        return top


def _walk(root: Path, warn: Callable[[str], None]) -> Iterator[git.Entry]:
    for folder, folders, files in os.walk(root, onerror=lambda error: warn(str(error))):
        folders[:] = sorted(set(folders) - _FOREIGN)
        for name in sorted(files):
            yield git.Entry(Path(folder, name).relative_to(root).as_posix(), tracked=True)


def targets_in(root: Path, paths: Iterable[str | Path]) -> frozenset[str]:
    """Named paths, POSIX and relative to the root; none where the root itself is among them.

    Errors:
        SetupError for a path that is not there or lies outside the root.
    """
    found = set()
    top = root.resolve()
    for path in paths:
        given = Path(path) if Path(path).is_absolute() else Path.cwd() / path
        if not os.path.lexists(given):
            raise SetupError(f"there is no {path}", help="name a file or folder of the repository")
        absolute = given.parent.resolve() / given.name if given.name not in ("", "..") else given.resolve()
        try:
            found.add(absolute.resolve().relative_to(top).as_posix())
        except ValueError:
            raise SetupError(
                f"{path} lies outside {root}", help="lint one repository at a time, with paths inside it"
            ) from None
    return frozenset() if "." in found else frozenset(found)


def within(path: str, targets: Set[str]) -> bool:
    """Whether a file is named, or lies in a named folder; without targets everything is."""
    return not targets or not targets.isdisjoint(ancestry(path))


def among(paths: Sequence[str], targets: Set[str]) -> list[str]:
    """The files that are named, or lie in a named folder; without targets all are."""
    if not targets:
        return list(paths)
    folders = tuple(f"{folder}/" for folder in frozenset(targets).difference(paths))
    return [path for path in paths if path in targets or path.startswith(folders)]


def ancestry(path: str) -> Iterator[str]:
    """The path and every folder above it; a hook may name thousands of files, so each is looked up."""
    while path:
        yield path
        path = path.rpartition("/")[0]
