"""Revisions that commit on their way: what is committed when a statement fails, and can't be done twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runcrew_lint.domains.migrations.facts import Kind, Operation, Transaction

# What does no harm when it is done twice, or has nothing to do by then. Rows are backfill's matter.
_AGAIN = frozenset(
    {
        *(Kind.SET, Kind.SELECT, Kind.BEGIN, Kind.COMMIT, Kind.ROLLBACK, Kind.LOCK, Kind.UPDATE, Kind.DELETE),
        *(Kind.REINDEX, Kind.CLUSTER, Kind.VACUUM, Kind.ANALYZE, Kind.REFRESH, Kind.TRUNCATE),
        *(Kind.SET_NOT_NULL, Kind.DROP_NOT_NULL, Kind.SET_DEFAULT, Kind.DROP_DEFAULT, Kind.ALTER_TYPE),
        *(Kind.COMMENT_TABLE, Kind.COMMENT_COLUMN, Kind.VALIDATE_CONSTRAINT, Kind.ALTER_TABLE),
        *(Kind.ALTER_SEQUENCE, Kind.OTHER),
    }
)
# What is made anew here stood aside before: dropping it if it is there lets it be made again.
_MADE_AFTER = {
    Kind.CREATE_INDEX: Kind.DROP_INDEX,
    Kind.CREATE_TABLE: Kind.DROP_TABLE,
    Kind.CREATE_VIEW: Kind.DROP_VIEW,
    Kind.CREATE_TYPE: Kind.DROP_TYPE,
    Kind.ADD_COLUMN: Kind.DROP_COLUMN,
    Kind.ADD_CONSTRAINT: Kind.DROP_CONSTRAINT,
    Kind.CREATE_TRIGGER: Kind.DROP_TRIGGER,
}
_BY_NAME = (Kind.CREATE_INDEX, Kind.DROP_INDEX, Kind.CREATE_TYPE, Kind.DROP_TYPE)


def once_only(operations: Sequence[Operation], under: Sequence[str] = ()) -> frozenset[int]:
    """The places of the operations that fail where they are done a second time.

    Arguments:
        under: conditions that are no such operation's own: what else one is under may keep it from being done
            again.
    """
    found = []
    cleared: set[tuple[object, ...]] = set()
    for at, operation in enumerate(operations):
        if operation.if_exists:
            cleared.add((operation.kind, *_subject(operation)))
        if operation.kind in _AGAIN or operation.if_exists or operation.replaces:
            continue
        if not set(operation.conditions) <= set(under):
            continue
        if operation.concurrently:
            continue  # concurrent-index-not-retryable's
        if (_MADE_AFTER.get(operation.kind), *_subject(operation)) in cleared:
            continue
        found.append(at)
    return frozenset(found)


def left_behind(operations: Sequence[Operation], once: frozenset[int], at: int) -> int | None:
    """The first operation that is committed when the one at `at` fails, and then fails when run again.

    Of two in one autocommit_block raw-ddl-not-idempotent tells.
    """
    if operations[at].kind in (Kind.SET, Kind.BEGIN, Kind.COMMIT, Kind.ROLLBACK):
        return None
    outside = Transaction.AUTOCOMMIT
    return next(
        (
            each
            for each in committed_before(operations, at)
            if each in once and {operations[each].transaction, operations[at].transaction} != {outside}
        ),
        None,
    )


def is_stuck(operations: Sequence[Operation]) -> bool:
    """Whether a failure may leave the revision so that it can't be run again: autocommit-not-alone's.

    A condition that both have keeps nothing from being done again without the rest being left out.
    """
    if not any(each.transaction is Transaction.AUTOCOMMIT for each in operations):
        return False
    once = {under: once_only(operations, under) for under in {each.conditions for each in operations}}
    return any(
        left_behind(operations, once[each.conditions], at) is not None for at, each in enumerate(operations)
    )


def committed_before(operations: Sequence[Operation], at: int) -> Iterator[int]:
    """The places of those that are committed when the one at `at` fails."""
    first = at
    if operations[at].transaction is not Transaction.AUTOCOMMIT:
        while first and operations[first - 1].transaction is operations[at].transaction:
            first -= 1
    elif operations[at].part:  # the actions of one statement stand or fall together
        while first and operations[first].part:
            first -= 1
    return iter(range(first))


def _subject(operation: Operation) -> tuple[object, ...]:
    if operation.kind in _BY_NAME:
        return (operation.name.rpartition(".")[2],)
    return (operation.table.key, operation.name, *(each.name for each in operation.columns))
