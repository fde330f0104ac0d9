"""type-json: a new column keeps JSON as text."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._columns import base_of, new_columns
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each new column of type json."""
    for new in new_columns(repository, policy):
        if base_of(new.column.type) == "json":
            yield new.fault(f"{new.name} keeps its JSON as text: it can't be compared or indexed")
