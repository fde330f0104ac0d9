"""The suppression comments of a file."""

from __future__ import annotations

from runcrew_lint.frozen import frozen
from runcrew_lint.text import Span


@frozen
class Promise:
    """One comment: `runcrew-lint: ignore[rule, rule] until=YYYY-MM-DD reason`.

    `first` and `last` are the lines it excuses, both from 1 and inclusive (0 for the whole file);
    `until` is the date as written; `flaw` says what is wrong with the comment itself.
    """

    span: Span
    rules: tuple[str, ...]
    first: int
    last: int
    trailing: bool
    until: str
    reason: str
    flaw: str = ""


@frozen
class Promises:
    """Every promise of one file, in order."""

    path: str
    promises: tuple[Promise, ...]
