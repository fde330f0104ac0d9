"""autocommit-without-concurrently: an index is built plainly where it could be built CONCURRENTLY."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._index_mends import index_mend
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Form, Kind, Transaction
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import is_small, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each plain CREATE INDEX inside an autocommit_block, on a table that others use."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.CREATE_INDEX):
        operation = step.operation
        if operation.transaction is not Transaction.AUTOCOMMIT or operation.concurrently:
            continue
        if step.migration.tool != "alembic":
            continue
        if operation.form is Form.INLINE or step.may_be_new_table or is_small(operation.table, policy):
            continue
        yield told(
            step,
            f"{operation.name or 'the index'} is built plainly in an autocommit_block, where it need not: "
            f"writes to {operation.table} wait until it is done",
            mend=index_mend(step),
        )
