"""The mend of COMMITs in a revision: they are left out, and what asked for them gets an autocommit_block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from runcrew_lint.checks.migrations._directions import Function
from runcrew_lint.checks.migrations._mends import around, can_leave
from runcrew_lint.checks.migrations._repeating import is_stuck
from runcrew_lint.domains.migrations.facts import Direction, Form, Kind, Operation, Transaction
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.text import Place

_ROWS = frozenset({Kind.INSERT, Kind.UPDATE, Kind.DELETE})
# What may hang on a transaction that ends, or on a session, in a way that is not known.
_UNSEEN = frozenset(
    {
        *(Kind.BEGIN, Kind.ROLLBACK, Kind.OTHER, Kind.SET, Kind.LOCK, Kind.VACUUM, Kind.CLUSTER),
        *(Kind.REINDEX, Kind.CREATE_FUNCTION, Kind.CREATE_TRIGGER),
    }
)


def commit_mend(function: Function, commits: Sequence[Operation]) -> MendRequest | None:
    """The mend of a function's COMMITs, which are made together; None where one may be needed.

    What runs CONCURRENTLY and new labels of an enum get a block. DDL can fail on a table whose rows the same
    transaction has written, for what its triggers have yet to do: so DDL behind rows is left. So is what
    could not be run again, once a block has committed what comes before it.
    """
    migration, operations = function.migration, function.operations
    if migration.tool != "alembic" or any(
        each.direction is function.direction for each in migration.unresolved
    ):
        return None
    if any(each.kind in _UNSEEN or each.helper for each in operations) or not all(map(_is_plain, commits)):
        return None
    apart = [each for each in operations if _asks(each)]
    first = operations.index(commits[0])
    if any(operations.index(each) < first for each in apart) or _is_behind_rows(operations, apart):
        return None
    blocks = around(function.lineage) if can_leave(function.lineage) else None
    if apart and (blocks is None or not all(_is_alone(each, operations) for each in apart)):
        return None
    if is_stuck([_without(each, apart) for each in operations if each.kind is not Kind.COMMIT]):
        return None
    up = function.direction is Direction.UPGRADE
    alone: Plain = tuple((*each.call, _is_alone(each, operations)) for each in commits)
    told: tuple[tuple[str, Plain], ...] = (
        ("function", "upgrade" if up else "downgrade"),
        ("commits", alone),
        ("apart", tuple((*each.call,) for each in apart)),
    )
    return MendRequest(
        "python_commits.left_out", Place(function.path, commits[0].call), (*told, *(blocks or ()))
    )


def _without(operation: Operation, apart: Sequence[Operation]) -> Operation:
    """An operation as it runs when the COMMITs are gone."""
    is_apart = any(operation is each for each in apart)
    return replace(operation, transaction=Transaction.AUTOCOMMIT if is_apart else Transaction.MIGRATION)


def _is_plain(commit: Operation) -> bool:
    return (
        commit.kind is Kind.COMMIT
        and commit.form is Form.SQL
        and not commit.repeats
        and not commit.conditions
    )


def _asks(operation: Operation) -> bool:
    """Whether it can't run in a transaction, or what comes after it may ask that it is committed."""
    is_label = operation.kind is Kind.ALTER_ENUM and len(operation.values) == 1
    return operation.concurrently or is_label


def _is_alone(operation: Operation, operations: Sequence[Operation]) -> bool:
    """Whether its call sends nothing else, once, and no block holds it."""
    same = [each for each in operations if each.call == operation.call]
    return (
        same == [operation] and not operation.repeats and operation.transaction is not Transaction.AUTOCOMMIT
    )


def _is_behind_rows(operations: Sequence[Operation], apart: Sequence[Operation]) -> bool:
    """Whether something other than rows comes behind rows that were written, with no block in between."""
    written = False
    for each in operations:
        if any(each is other for other in apart):
            written = False
        elif each.kind in _ROWS:
            written = True
        elif written and each.kind not in (Kind.COMMIT, Kind.SELECT):
            return True
    return False
