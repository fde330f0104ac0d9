"""concurrent-index-not-retryable: a build that failed leaves an invalid index, which the next try meets."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._index_mends import index_mend
from runcrew_lint.checks.migrations._order import before
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind, Transaction
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each CREATE INDEX CONCURRENTLY that no DROP INDEX IF EXISTS of its name goes before.

    One that a transaction holds never begins: that is concurrently-in-transaction's to tell.
    """
    for step in judged_steps(repository.derive(history_of), policy, Kind.CREATE_INDEX):
        operation = step.operation
        if not operation.concurrently or not operation.name or _is_dropped_first(step):
            continue
        if not step.lineage.autocommit and operation.transaction is Transaction.MIGRATION:
            continue
        after = "takes it for the real one" if operation.if_exists else "fails on it"
        if operation.conditions:
            after = "fails on it, or finds its name and takes it for the real one"
        yield told(
            step,
            f"a build that breaks off leaves an invalid {operation.name} behind, and the next try {after}",
            mend=index_mend(step),
        )


def _is_dropped_first(step: Step) -> bool:
    operation = step.operation
    return any(
        each.kind is Kind.DROP_INDEX and each.name == operation.name and each.if_exists
        for each in before(operation, step.migration.upgrade)
    )
