"""What a fact is, and what its reader is given.

A fact is a frozen dataclass of plain values (str, int, float, bool, None, enums, NamedTuples and
tuples of them, nested facts), with the `path` of its file; the cache stores it as JSON and rebuilds
it by its own constructor.
"""

from __future__ import annotations

from typing import Protocol

from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Source


class Fact(Protocol):
    """Anything a reader makes of one file."""

    @property
    def path(self) -> str:
        """The file it was read from."""


class Reading(Protocol):
    """What a reader may ask for beside its own file; each answer becomes part of the fact's cache key."""

    @property
    def policy(self) -> Policy:
        """The policy; only the fields that the kind lists as `settings` may be read."""

    def consult(self, path: str) -> Source | None:
        """Another file of the repository, or None where there is none."""
