"""The files as an earlier commit has them, for the rules that ask what a change has done to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import field
from pathlib import Path

from runcrew_lint.engine import git, revisions
from runcrew_lint.engine.disk import Skipped
from runcrew_lint.frozen import frozen
from runcrew_lint.model.errors import SetupError
from runcrew_lint.text import Source


@frozen
class GitBase:
    """The commit that `--since` asks for. Implements domains.fact.Base.

    Arguments:
        name: the revision as it was asked for; `commit` the one where the change left it.
        now: the content of a file as it is linted.
    """

    name: str
    commit: str
    root: Path
    top: Path
    blobs: Mapping[str, str]
    now: Callable[[str], bytes]
    _texts: dict[str, Source | None] = field(default_factory=dict)
    _changed: dict[str, bool] = field(default_factory=dict)

    @property
    def paths(self) -> Set[str]:
        """The files that it had."""
        return self.blobs.keys()

    def is_changed(self, path: str) -> bool:
        """Whether a file has other bytes now, line ends aside, or was not there."""
        if path not in self._changed:
            self._changed[path] = self._is_changed(path)
        return self._changed[path]

    def _is_changed(self, path: str) -> bool:
        name = self.blobs.get(path)
        if name is None:
            return True
        try:
            return not revisions.is_object(self.now(path), name)
        except (OSError, Skipped):
            return True

    def text(self, path: str) -> Source | None:
        """A file's text as it was; None where it was not there, or was no text."""
        if path not in self._texts:
            blob = self.blobs.get(path)
            content = revisions.content(self.root, self.top, blob) if blob else None
            try:
                self._texts[path] = None if content is None else Source(path, content.decode("utf-8-sig"))
            except UnicodeDecodeError:
                self._texts[path] = None
        return self._texts[path]

    def text_now(self, path: str) -> Source | None:
        """A file's text as it is linted; None where it is not there, or is no text."""
        try:
            return Source(path, self.now(path).decode("utf-8-sig"))
        except (OSError, Skipped, UnicodeDecodeError):
            return None


def base_of(root: Path, top: Path | None, revision: str, now: Callable[[str], bytes]) -> GitBase:
    """The base of a run.

    Errors:
        SetupError where git keeps no such revision of the folder, or can't tell where the change left it.
    """
    if top is None:
        raise SetupError("--since asks git, and no git keeps this folder", where=str(root))
    try:
        commit = revisions.commit_before(root, top, revision)
        return GitBase(revision, commit, root, top, revisions.blobs(root, top, commit), now)
    except git.GitMissing:
        raise SetupError("--since asks git, and there is no git on PATH") from None
