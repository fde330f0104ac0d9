"""Where a file says what has aged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from runcrew_lint.text import Span


class Hit(NamedTuple):
    """One place; `id` names the row of data/aged.json."""

    id: str
    span: Span


@dataclass(frozen=True, slots=True)
class Aged:
    """The places of one file, in order."""

    path: str
    hits: tuple[Hit, ...]
