"""inline-unique: a new column brings a key along, whose index is built while nobody can read the table."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._adding import adding, brought
from runcrew_lint.checks.migrations._refused import refused_key
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import ConstraintKind
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each new column with UNIQUE or PRIMARY KEY; `index=True` beside it is inline-index's.

    A primary key of numbers that are written into every row is told of where that is.
    """
    for step, column in adding(repository, policy):
        for constraint in brought(step, ConstraintKind.UNIQUE, ConstraintKind.PRIMARY_KEY):
            if constraint.kind is ConstraintKind.PRIMARY_KEY and step.effect.rewrites:
                continue
            if refused_key(step, constraint):
                continue  # told of where it is refused
            table = step.operation.table
            yield told(
                step,
                f"nobody can use {table} while the index of {table}.{column.name} "
                f"{constraint.kind.value.upper()} is built",
            )
