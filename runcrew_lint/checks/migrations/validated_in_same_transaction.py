"""validated-in-same-transaction: NOT VALID and VALIDATE in one transaction save nothing."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind, Operation, Transaction
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, is_small, judged_steps
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each VALIDATE CONSTRAINT whose constraint the same transaction has added NOT VALID."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.VALIDATE_CONSTRAINT):
        operation = step.operation
        if step.lineage.autocommit or operation.transaction is not Transaction.MIGRATION:
            continue
        if step.may_be_new_table or is_small(operation.table, policy):
            continue
        before = _added(step)
        if before is not None:
            place = Place(step.migration.path, before.span)
            yield told(
                step,
                f"the lock under which {operation.name} was added is held until the revision ends, so "
                f"{operation.table} waits while every row is read, as without NOT VALID",
                related=(Related(place, "it is added NOT VALID here"),),
            )


def _added(step: Step) -> Operation | None:
    """The operation that added the constraint NOT VALID in the transaction that still runs."""
    found = None
    for each in step.migration.upgrade:
        if each is step.operation:
            return found
        if each.transaction is not Transaction.MIGRATION or each.kind is Kind.COMMIT:
            found = None
        elif each.kind is Kind.ADD_CONSTRAINT and each.table.key == step.operation.table.key:
            if any(made.name == step.operation.name and not made.valid for made in each.constraints):
                found = each
    return None
