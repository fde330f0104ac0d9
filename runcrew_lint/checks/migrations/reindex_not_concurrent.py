"""reindex-not-concurrent: an index is built anew while every write to its table waits."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._alone import sent_alone
from runcrew_lint.checks.migrations._index_mends import index_mend
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import is_small, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_CONCURRENT_SINCE = 12  # "REINDEX": CONCURRENTLY


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each plain REINDEX; SYSTEM knows no other."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.REINDEX):
        operation = step.operation
        if (
            operation.concurrently
            or "system" in operation.words.split()
            or policy.postgres < _CONCURRENT_SINCE
        ):
            continue
        if step.may_be_new_table or is_small(operation.table, policy):
            continue
        what = operation.name or str(operation.table) or "every index"
        yield told(
            step,
            f"REINDEX builds {what} anew while writes wait, and queries that would use it, too",
            help=sent_alone(step.migration.tool, "REINDEX ... CONCURRENTLY"),
            mend=index_mend(step),
        )
