"""type-varchar: a new column limits the length of its texts."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._columns import base_of, new_columns
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each new column of type character varying with a limit."""
    for new in new_columns(repository, policy):
        if base_of(new.column.type).startswith("character varying("):
            yield new.fault(
                f"{new.name} refuses a longer text, and raising the limit is a migration of its own"
            )
