"""backfill-with-ddl: rows are written while the same transaction holds the locks of a schema change."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._directions import Function
from runcrew_lint.checks.migrations._order import before
from runcrew_lint.checks.migrations._rows import only_if, writes
from runcrew_lint.domains.migrations.facts import Kind, Operation, Transaction
from runcrew_lint.domains.migrations.steps import is_small
from runcrew_lint.model.finding import Fault, Note, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_WRITES = (Kind.UPDATE, Kind.DELETE, Kind.INSERT)
# They change the schema and lock no table that the application uses.
_HARMLESS = (
    *(Kind.OTHER, Kind.CREATE_TYPE, Kind.ALTER_ENUM, Kind.CREATE_DOMAIN, Kind.CREATE_SEQUENCE),
    *(Kind.CREATE_SCHEMA, Kind.CREATE_EXTENSION, Kind.CREATE_FUNCTION, Kind.DROP_FUNCTION, Kind.DROP_TYPE),
    *(Kind.CREATE_VIEW, Kind.COMMENT_COLUMN, Kind.COMMENT_TABLE),
)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a revision, at the first statement that writes rows of a table that others use.

    An INSERT counts where it copies rows from elsewhere; a few literal rows are soon in. What runs in
    autocommit shares no transaction.
    """
    told: set[str] = set()
    changes: dict[str, Operation | None] = {}
    for function, operation in writes(repository, policy, *_WRITES, upgrade_alone=True):
        path = function.path
        if path in told or not _shares(function, operation) or not _is_bulk(operation):
            continue
        if path not in changes:
            locking = (each for each in function.operations if _locks(function, each, policy))
            changes[path] = next(locking, None)
        change = changes[path]
        if change is not None:
            told.add(path)
            yield _fault(function, operation, change)


def _is_bulk(operation: Operation) -> bool:
    return operation.kind is not Kind.INSERT or bool(operation.others)


def _shares(function: Function, operation: Operation) -> bool:
    return not function.lineage.autocommit and operation.transaction is Transaction.MIGRATION


def _locks(function: Function, operation: Operation, policy: Policy) -> bool:
    """Whether it changes a table that was there before."""
    if operation.kind.is_data or operation.kind in _HARMLESS or not _shares(function, operation):
        return False
    if operation.temporary or not operation.table.name or is_small(operation.table, policy):
        return False
    return operation.kind is not Kind.CREATE_TABLE and not function.is_own(operation)


def _fault(function: Function, operation: Operation, change: Operation) -> Fault:
    path = function.path
    locked = any(each is change for each in before(operation, function.operations))
    held = (
        f"while {change.table} is locked for {change.kind.value}" if locked else "before its schema changes"
    )
    return Fault(
        Place(path, operation.span),
        f"{operation.kind.value.upper()} on {operation.table} comes {held}, in one transaction: whoever "
        "meets either waits for both",
        related=(Related(Place(path, change.span), f"{change.kind.value} on {change.table}"),),
        notes=(*only_if(operation), Note("transaction", "upgrade() runs in one, unless it leaves it")),
    )
