"""What a process that judges one repository again and again keeps in between: facts, as they were rebuilt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from runcrew_lint.domains.claims import Claims, claimed
from runcrew_lint.engine.cache import Known
from runcrew_lint.engine.pulse import Pulse
from runcrew_lint.tuples import NamedTuple

_ROOTS = 4  # whose facts are kept; a monorepo's may take 200 MiB


class Remembered(NamedTuple):
    """An answer of a reader, under the key of what it was made of.

    Arguments:
        consulted: the digest of every other file that it rests on, None for one that is not linted.
        answer: a fact, a trouble, or None.
    """

    key: bytes
    consulted: Mapping[str, str | None]
    answer: Any


class Memory:
    """The last answer of each kind and file: as much as one run holds, however many runs there are.

    Answers are frozen, so that every run may hand out the same. It serves one run at a time.
    """

    def __init__(self) -> None:
        self.files: dict[str, Known] = {}
        self.kept: dict[type, Any] = {}  # by the models that are derived from facts
        self._answers: dict[tuple[str, str], Remembered] = {}
        self._claims: tuple[Sequence[str], Claims] | None = None

    def claimed(self, paths: Sequence[str]) -> Claims:
        """The files that may hold each kind; while the listing stands, nobody looks for them again."""
        if self._claims is None or self._claims[0] != paths:
            self._claims = paths, claimed(paths)
        return self._claims[1]

    def recall(self, kind: str, path: str, key: bytes) -> Remembered | None:
        """The answer that was made of this very content, if it was the last one."""
        found = self._answers.get((kind, path))
        return found if found is not None and found.key == key else None

    def keep(self, kind: str, path: str, remembered: Remembered) -> None:
        """Remembers an answer in the place of the last one."""
        self._answers[kind, path] = remembered


class Memories:
    """The memory of each of the few repositories that were judged last."""

    def __init__(self) -> None:
        self._of: dict[Path, Memory] = {}

    def of(self, root: Path) -> Memory:
        """The one of this repository, new where there is none."""
        memory = self._of.pop(root) if root in self._of else Memory()
        self._of[root] = memory  # the last one
        while len(self._of) > _ROOTS:
            del self._of[next(iter(self._of))]
        return memory


class Standing(NamedTuple):
    """What a process that makes runs for others hands to each: what it remembers, and how to break it off."""

    memories: Memories
    pulse: Pulse
