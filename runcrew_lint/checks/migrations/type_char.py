"""type-char: a new column pads its texts with blanks."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._columns import base_of, new_columns
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each new column of type character."""
    for new in new_columns(repository, policy):
        base = base_of(new.column.type)
        if base == "character" or base.startswith("character("):
            yield new.fault(
                f"{new.name} is padded with blanks to its full length, which LIKE sees and = does not"
            )
