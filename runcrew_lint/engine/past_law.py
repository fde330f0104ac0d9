"""The law that an earlier commit has, read from git."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from runcrew_lint.engine import git, revisions
from runcrew_lint.engine.baseline import parse, path_of
from runcrew_lint.engine.law import Law
from runcrew_lint.model.errors import SetupError
from runcrew_lint.policy.load import FILE_NAMES, Presets
from runcrew_lint.policy.load import load as load_policy
from runcrew_lint.text import Source

_SHOWN = 12  # hex digits of a commit


def law_at(root: Path, top: Path | None, commit: str, presets: Presets) -> Law:
    """The law that a commit has.

    Errors:
        SetupError for a mistake in it, or where git can't tell it.
    """
    label = f"@{commit[:_SHOWN]}"
    reads = _Reads(root, top, commit)
    linked = revisions.links(root, commit, FILE_NAMES)
    if linked:
        raise SetupError(
            f"{linked[0]} is a link in {commit[:_SHOWN]}, and git does not follow it",
            help="let the policy that changes are judged by be a file",
        )
    policy = load_policy(root, None, presets, reads, label)
    path = path_of(policy)
    kept = reads(root / path)
    if kept is None and policy.baseline:
        raise SetupError(f"there is no baseline {path} in {commit[:_SHOWN]}")

    def source(shown: str) -> Source | None:
        content = reads(root / shown.removesuffix(label)) if shown.endswith(label) else None
        return None if content is None else Source(shown, content.decode("utf-8-sig", "replace"))

    return Law(policy, None if kept is None else parse(kept, f"{path}{label}"), commit, source)


class _Reads:
    """A commit's files, each read once; those above the folder, too, since `extends` may name them."""

    def __init__(self, root: Path, top: Path | None, commit: str) -> None:
        if top is None:
            raise SetupError(
                "a revision's policy is asked for, and no git keeps this folder", where=str(root)
            )
        self._root, self._top = root, top.resolve()
        try:
            self._blobs: Mapping[str, str] = revisions.blobs(self._top, self._top, commit)
        except git.GitMissing:
            raise SetupError("a revision's policy is asked for, and there is no git on PATH") from None
        self._kept: dict[str, bytes | None] = {}

    def __call__(self, file: Path) -> bytes | None:
        path = self._path(file)
        if path not in self._kept:
            blob = self._blobs.get(path)
            self._kept[path] = revisions.contents(self._top, {path: blob}).get(path) if blob else None
        return self._kept[path]

    def below(self, folder: Path) -> Iterable[Path]:
        """The files of a folder in the commit."""
        start = self._path(folder)
        return [
            folder / path.rpartition("/")[2]
            for path in self._blobs
            if (path.rpartition("/")[0] or ".") == start
        ]

    def _path(self, file: Path) -> str:
        """A path as the commit has it, whatever links lie in the work tree: those are the change's own."""
        below = os.path.relpath(file, self._root)
        return Path(os.path.relpath(self._root.resolve() / below, self._top)).as_posix()
