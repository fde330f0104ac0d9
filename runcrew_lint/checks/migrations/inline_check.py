"""inline-check: a new column brings a CHECK along, which is tried on every row."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._adding import adding, brought
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import ConstraintKind
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each new column with a CHECK; one that is NOT ENFORCED reads nothing."""
    for step, column in adding(repository, policy):
        for constraint in brought(step, ConstraintKind.CHECK):
            table = step.operation.table
            if constraint.valid and constraint.enforced and step.effect.scans:
                yield told(
                    step,
                    f"nobody can use {table} while the CHECK of {table}.{column.name} is tried on every row",
                )
