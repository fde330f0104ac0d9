"""uncommitted-transaction: BEGIN and COMMIT that do not pair where no transaction holds the revision."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._directions import Function, functions
from runcrew_lint.domains.migrations.facts import Kind, Operation, Transaction
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each BEGIN that is never committed, and at each COMMIT that has no BEGIN.

    Inside the transaction of Alembic both are nested-transaction's; what runs under a condition may
    pair with what is not seen.
    """
    for function in functions(repository, policy):
        open_at: Operation | None = None
        for operation in function.operations:
            if operation.conditions or not _is_outside(function, operation):
                continue
            if operation.kind is Kind.BEGIN:
                open_at = operation
            elif operation.kind in (Kind.COMMIT, Kind.ROLLBACK):
                if open_at is None:
                    word = operation.kind.value.upper()
                    yield Fault(
                        function.place(operation.span),
                        f"{word} where no transaction is open does nothing: what ran before it was each "
                        "committed by itself, and a failure has left a part of it",
                    )
                open_at = None
        if open_at is not None:
            yield Fault(
                function.place(open_at.span),
                "this BEGIN is never committed: all that follows is rolled back when the connection closes, "
                "while alembic_version may say that it ran",
            )


def _is_outside(function: Function, operation: Operation) -> bool:
    return function.lineage.autocommit or operation.transaction is Transaction.AUTOCOMMIT
