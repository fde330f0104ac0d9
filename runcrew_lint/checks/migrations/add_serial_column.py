"""add-serial-column: a table is written anew to number its rows."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._adding import adding, rewriting
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each serial column that comes to a table others use, `primary_key=True` included."""
    for step, column in adding(repository, policy):
        if column.serial:
            yield rewriting(step, column, "serial, and every row takes its number from a sequence")
