"""The reading of one file: what its reader may ask for beside the text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from runcrew_lint.engine.disk import Skipped
from runcrew_lint.engine.files import Files
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source


class Consulting:
    """What a reader may ask for, with a record of it: linted files alone, so that a laptop's ignored
    files never change an answer, and of the policy what its kind names.
    """

    def __init__(
        self,
        policy: Any,
        digests: Callable[[str], str | None],
        files: Files,
        consulted: dict[str, str | None],
    ) -> None:
        self.policy, self._digests, self._files, self.consulted = policy, digests, files, consulted

    def consult(self, path: str) -> Source | None:
        """Another file's text; None where it is not linted, or does not read."""
        self.consulted[path] = self._digests(path)
        if self.consulted[path] is None:
            return None
        try:
            return self._files.consulted(path)
        except (OSError, Skipped, Unreadable):
            return None
