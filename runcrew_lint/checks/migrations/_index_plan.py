"""Which index operations of a revision leave its transaction together, and where they go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from runcrew_lint.checks.migrations._indexes import (
    bars,
    call_of,
    drops,
    goes_with_column,
    is_partitioned,
    is_there,
    key_of,
    names_of,
    table_of,
    texts_of,
)
from runcrew_lint.checks.migrations._repeating import is_stuck
from runcrew_lint.checks.migrations._together import (
    between_keys,
    is_past_return,
)
from runcrew_lint.domains.migrations.facts import (
    Direction,
    Form,
    Kind,
    Migration,
    Operation,
    Transaction,
)
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.domains.migrations.steps import Step
from runcrew_lint.patterns import lazily
from runcrew_lint.tuples import NamedTuple

_KINDS = (Kind.CREATE_INDEX, Kind.DROP_INDEX, Kind.REINDEX)
# What may make something that an index with an expression, a method or an operator class needs.
_MAKES = frozenset(
    {
        *(Kind.CREATE_EXTENSION, Kind.CREATE_FUNCTION, Kind.CREATE_TYPE, Kind.CREATE_DOMAIN, Kind.OTHER),
        *(Kind.ALTER_ENUM, Kind.CREATE_SCHEMA),
    }
)
_WRITES = frozenset({Kind.UPDATE, Kind.DELETE, Kind.INSERT, Kind.TRUNCATE})
_WORD = lazily(r"\w+")


class Plan(NamedTuple):
    """The calls that are mended together, and before which one they go where they can't stay.

    A call has its start and end, and the name of an index that is given none.
    """

    calls: tuple[tuple[int, int, str], ...]
    before: tuple[int, int, str] | None


def plan_of(step: Step) -> Plan:
    """The plan of the revision that a step stands in, made once."""
    lineage, migration = step.lineage, step.migration
    key = ("index plan", migration.path, migration.revision)
    known = lineage.derived
    if key not in known:
        known[key] = _made(lineage, migration, _may_hide(step))
    plan: Plan = known[key]
    return plan


def _may_hide(step: Step) -> bool:
    """Whether something of upgrade() can't be read, so that it may be what an index needs."""
    return any(each.direction is Direction.UPGRADE for each in step.migration.unresolved)


def _made(lineage: Lineage, migration: Migration, hidden: bool) -> Plan:
    operations = migration.upgrade
    leaving = [
        at
        for at, (operation, schema) in enumerate(lineage.steps(migration))
        if _leaves(operation, schema, operations)
        and not is_past_return(migration, at)
        and not between_keys(lineage, migration, at)
    ]
    alone = {key_of(each) for at, each in enumerate(operations) if at not in leaving}
    moved = [at for at in leaving if key_of(operations[at]) not in alone]  # a call that does nothing else
    moved = _without_lost(lineage.steps(migration), moved)
    if _is_stuck_without(operations, moved):
        moved = [at for at in moved if not operations[at].repeats]  # a loop can't go to the front
    if not _is_stuck_without(operations, moved):
        return Plan(tuple(dict.fromkeys(call_of(operations[at], lineage) for at in moved)), None)
    cut = _front(operations, frozenset(moved))
    if hidden or any(operation.form is Form.BATCH for operation in (operations[at] for at in moved)):
        return Plan((), None)
    free: list[int] = []
    for at in moved:
        before = [each for other, each in enumerate(operations[:at]) if other not in free]
        if not any(_needs(operations[at], each) for each in before[cut:]):
            free.append(at)
    if _without_lost(lineage.steps(migration), free) != free:
        return Plan((), None)
    rest = [each for at, each in enumerate(operations) if at not in free]
    ahead = [_outside(operations[at]) for at in free]
    if not free or cut >= len(rest) or is_stuck([*rest[:cut], *ahead, *rest[cut:]]):
        return Plan((), None)
    return Plan(tuple(call_of(operations[at], lineage) for at in free), call_of(rest[cut], lineage))


def _without_lost(steps: Sequence[tuple[Operation, Schema]], moved: list[int]) -> list[int]:
    """Those that leave, but the drop of an index whose table gets another behind it, in the transaction.

    A failure there would leave the table without both. Of an index that nobody knows, the table may be any.
    """
    stays = [
        (at, names_of(steps, operation.table.key))
        for at, (operation, _) in enumerate(steps)
        if operation.kind is Kind.CREATE_INDEX and at not in moved
    ]

    def is_lost(at: int) -> bool:
        table = table_of(*steps[at])
        return drops(steps[at][0]) and any(
            at < other and (not table.name or table.key in names) for other, names in stays
        )

    return [at for at in moved if not is_lost(at)]


def _is_stuck_without(operations: Sequence[Operation], moved: Sequence[int]) -> bool:
    """Whether the revision can't be run again after a failure once some leave its transaction."""
    stays = [_outside(each) if at in moved else each for at, each in enumerate(operations)]
    return is_stuck(stays) and not is_stuck(operations)


def _leaves(operation: Operation, schema: Schema, operations: Sequence[Operation]) -> bool:
    """Whether it is an index operation of the transaction on a table that this revision does not make."""
    if operation.kind not in _KINDS or operation.transaction is not Transaction.MIGRATION:
        return False
    if operation.form is Form.INLINE or operation.helper or operation.concurrently:
        return False
    if operation.repeats and not _may_repeat(operation, schema):
        return False
    if any(bars(operation, each) for each in operation.conditions):
        return False
    if is_there(operation, schema) or goes_with_column(operation, schema, operations):
        return False
    on = table_of(operation, schema).key
    return not any(
        each.kind in (Kind.CREATE_TABLE, Kind.DROP_TABLE) and each.table.key == on for each in operations
    )


def _may_repeat(operation: Operation, schema: Schema) -> bool:
    """Whether each turn of the loop that it stands in may build or drop its index on its own."""
    is_unique = operation.index is not None and operation.index.unique
    is_named = operation.form is Form.CALL and bool(operation.name)
    return is_named and not is_unique and not is_partitioned(operation, schema)


def _outside(operation: Operation) -> Operation:
    return replace(operation, transaction=Transaction.AUTOCOMMIT, concurrently=True, if_exists=True)


def _front(operations: Sequence[Operation], moved: frozenset[int]) -> int:
    """How many of the operations that stay may stand before a block: the session's settings."""
    count = 0
    for at, each in enumerate(operations):
        if at in moved:
            continue
        if each.kind is not Kind.SET or each.local:
            break
        count += 1
    return count


def _needs(index: Operation, earlier: Operation) -> bool:
    """Whether an index operation may need what an earlier operation does."""
    names = {earlier.name.rpartition(".")[2], earlier.target.name if earlier.target is not None else ""}
    if earlier.kind in _KINDS or index.name.rpartition(".")[2] in names:
        return True  # the order of index operations among each other is their author's
    if index.kind is Kind.REINDEX:
        return True  # it is for what comes before it
    words = {word for text in texts_of(index) for word in _WORD.findall(text)}
    if earlier.kind in _MAKES:
        return bool(index.index and (index.index.using or index.index.ordering or _has_expression(index)))
    if not _is_on(index, earlier):
        return False
    if earlier.kind in _WRITES:
        return bool(index.index and index.index.unique)
    if earlier.kind in (Kind.RENAME_TABLE, Kind.SET_SCHEMA, Kind.DROP_CONSTRAINT, Kind.RECREATE_TABLE):
        return True
    if index.kind is Kind.DROP_INDEX:
        return earlier.kind in (Kind.ADD_CONSTRAINT, Kind.RENAME_INDEX)
    columns = {each.name for each in earlier.columns} | {earlier.name}
    return bool(columns & words)


def _is_on(index: Operation, earlier: Operation) -> bool:
    """Whether both are about one table, as far as the index operation names its own."""
    return not index.table.name or earlier.table.key == index.table.key or not earlier.table.name


def _has_expression(index: Operation) -> bool:
    keys = index.index.keys if index.index is not None else ()
    return any(not key.replace("_", "a").isalnum() for key in keys)
