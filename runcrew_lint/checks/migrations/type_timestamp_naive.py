"""type-timestamp-naive: a new column keeps a time without saying where."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._columns import base_of, new_columns
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each new column of type timestamp without time zone."""
    for new in new_columns(repository, policy):
        if base_of(new.column.type).startswith("timestamp") and "without time zone" in new.column.type:
            yield new.fault(
                f"{new.name} keeps a time without its zone: which moment it was depends on who reads it"
            )
