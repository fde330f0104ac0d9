"""detach-not-concurrent: a partition is taken off while everyone waits."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import is_small, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_CONCURRENT_SINCE = 14  # "ALTER TABLE", notes on DETACH PARTITION CONCURRENTLY


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each plain DETACH PARTITION from a table that others use, where CONCURRENTLY is known."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.DETACH_PARTITION):
        if step.operation.concurrently or step.may_be_new_table or is_small(step.operation.table, policy):
            continue
        if policy.postgres >= _CONCURRENT_SINCE:
            yield told(
                step,
                f"DETACH PARTITION takes {step.operation.table} from everyone, readers too, until it is done",
            )
