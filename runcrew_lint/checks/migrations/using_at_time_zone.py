"""using-at-time-zone: a table is written anew for an expression that the plain change does without."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._retyping import is_waited_for, retypings
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each USING column AT TIME ZONE 'UTC' between the two kinds of timestamp."""
    for change in retypings(repository, policy):
        zone = change.needless_zone
        if zone and not change.lost and is_waited_for(change, policy) and change.step.effect.rewrites:
            table = change.step.operation.table
            yield told(
                change.step,
                f"AT TIME ZONE '{zone}' makes PostgreSQL write {table} anew, where the plain change of "
                f"{change.column.name} keeps the rows as they are",
            )
