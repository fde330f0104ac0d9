"""unique-builds-index: a unique constraint builds its index while nobody can read the table."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._constraints import added
from runcrew_lint.checks.migrations._key_mends import key_mends
from runcrew_lint.checks.migrations._refused import refusals, refused_key
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import ConstraintKind
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each UNIQUE that brings its own index to a table that others use.

    And one at each that a partitioned table can't have.
    """
    yield from refusals(repository, policy, ConstraintKind.UNIQUE)
    keys = added(repository, policy, ConstraintKind.UNIQUE)
    found = [
        (step, constraint)
        for step, constraint in keys
        if not constraint.using_index and not refused_key(step, constraint)
    ]
    mends = key_mends(found)
    for step, constraint in found:
        columns = ", ".join(constraint.columns)
        yield told(
            step,
            f"nobody can use {step.operation.table} while the index of UNIQUE ({columns}) is built",
            mend=mends.get((step.migration.path, step.at)),
        )
