"""check-without-not-valid: a table waits while a CHECK is tried on every row."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._constraints import checked, named
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import ConstraintKind
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each CHECK that is added without NOT VALID to a table that others use."""
    for step, constraint, mend in checked(repository, policy, ConstraintKind.CHECK):
        yield told(
            step,
            f"nobody can use {step.operation.table} while {named(constraint)} is tried on every row",
            mend=mend,
        )
