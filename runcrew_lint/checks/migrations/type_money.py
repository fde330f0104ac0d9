"""type-money: a new column's amounts change with a setting of the server."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._columns import base_of, new_columns
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each new column of type money."""
    for new in new_columns(repository, policy):
        if base_of(new.column.type) == "money":
            yield new.fault(
                f"{new.name} has no currency of its own: the server's lc_monetary says what it means"
            )
