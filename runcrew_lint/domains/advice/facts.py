"""Where a file says what has aged."""

from __future__ import annotations

from runcrew_lint.frozen import frozen
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple


class Hit(NamedTuple):
    """One place; `id` names the row of data/aged.json."""

    id: str
    span: Span


@frozen
class Aged:
    """The places of one file, in order."""

    path: str
    hits: tuple[Hit, ...]
