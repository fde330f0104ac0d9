"""A reader's view of a repository that exists only in a test."""

from __future__ import annotations

from collections.abc import Mapping

from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Source


class Consulting:
    """Answers `consult` from a table of files and keeps a list of what was asked for."""

    policy = Policy("test")

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = dict(files)
        self.consulted: list[str] = []

    def consult(self, path: str) -> Source | None:
        """The file of that path, or None."""
        self.consulted.append(path)
        return Source(path, self.files[path]) if path in self.files else None
