"""raw-ddl-not-idempotent: a statement that commits by itself and can't be run again."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._directions import functions
from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.domains.migrations.facts import NOWHERE, Form, Kind, Operation, Transaction
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_MAKES = (
    *(Kind.CREATE_TABLE, Kind.ADD_COLUMN, Kind.CREATE_INDEX, Kind.CREATE_SCHEMA, Kind.CREATE_EXTENSION),
    *(Kind.CREATE_SEQUENCE, Kind.ALTER_ENUM),
)
_DROPS = (
    *(Kind.DROP_TABLE, Kind.DROP_COLUMN, Kind.DROP_INDEX, Kind.DROP_SCHEMA, Kind.DROP_EXTENSION),
    *(Kind.DROP_SEQUENCE, Kind.DROP_VIEW, Kind.DROP_TYPE, Kind.DROP_CONSTRAINT),
)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each raw CREATE, ADD or DROP without IF [NOT] EXISTS that no transaction holds.

    CONCURRENTLY is concurrent-index-not-retryable's. A script is noted as run once its last statement is
    done, so nothing can fail behind that one; Alembic's revisions may be noted together.
    """
    for function in functions(repository, policy):
        last = function.operations[-1].span if function.operations else NOWHERE
        for operation in function.operations:
            if operation.span == last and function.migration.tool != "alembic":
                continue
            if _is_meant(operation) and (
                function.lineage.autocommit or operation.transaction is not Transaction.MIGRATION
            ):
                word = "IF NOT EXISTS" if operation.kind in _MAKES else "IF EXISTS"
                yield Fault(
                    function.place(operation.span),
                    f"{operation.kind.value} commits by itself, so after a failure further down the next "
                    f"run meets what this one did: without {word} it stops here",
                    notes=only_if(operation),
                    help=f"write {word}",
                )


def _is_meant(operation: Operation) -> bool:
    if (
        operation.form is not Form.SQL
        or operation.if_exists
        or operation.concurrently
        or operation.conditions
    ):
        return False
    if operation.kind is Kind.ALTER_ENUM:
        return len(operation.values) == 1
    return operation.kind in _MAKES or operation.kind in _DROPS
