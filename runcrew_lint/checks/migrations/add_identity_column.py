"""add-identity-column: a table is written anew to give its rows an identity."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._adding import adding, rewriting
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each identity column that comes to a table others use."""
    for step, column in adding(repository, policy):
        if column.identity:
            yield rewriting(step, column, "an identity, and every row takes its number from a sequence")
