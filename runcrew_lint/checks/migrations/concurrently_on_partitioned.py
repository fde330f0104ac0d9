"""concurrently-on-partitioned: CONCURRENTLY on a partitioned table, which every server refuses."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind, Relation
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.schema import Table
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each CREATE and DROP INDEX CONCURRENTLY of an index over all partitions."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.CREATE_INDEX, Kind.DROP_INDEX):
        operation = step.operation
        if not operation.concurrently or (operation.index is not None and operation.index.only):
            continue
        table = _table(step)
        if table is None or not table.partitioned:
            continue
        did = "CREATE" if operation.kind is Kind.CREATE_INDEX else "DROP"
        yield told(
            step,
            f"{table.name} is partitioned, and {did} INDEX CONCURRENTLY on such a table is refused (0A000)",
        )


def _table(step: Step) -> Table | None:
    operation = step.operation
    if operation.kind is Kind.CREATE_INDEX:
        return step.table
    index = step.schema.index(Relation(operation.table.schema, operation.name))
    return step.schema.table(index.table) if index is not None else None
