"""type-serial: a new column takes its numbers from a sequence that only looks like its own."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._columns import new_columns
from runcrew_lint.domains.migrations.facts import Form
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each new column that SQL calls serial; what SQLAlchemy renders so nobody chose."""
    for new in new_columns(repository, policy):
        if new.column.serial and new.step.operation.form is Form.SQL:
            yield new.fault(
                f"{new.name} is serial: its sequence has its own grants, and an INSERT may write past it"
            )
