"""exclusion-constraint: an exclusion constraint builds its index while nobody can read the table."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._constraints import added, named
from runcrew_lint.checks.migrations._refused import refusals, refused_key
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import ConstraintKind
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each EXCLUDE that is added to a table that others use.

    And one at each that a partitioned table can't have.
    """
    yield from refusals(repository, policy, ConstraintKind.EXCLUDE)
    for step, constraint in added(repository, policy, ConstraintKind.EXCLUDE):
        if refused_key(step, constraint):
            continue
        yield told(
            step,
            f"nobody can use {step.operation.table} while the index of {named(constraint)} is built",
        )
