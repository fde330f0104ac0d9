"""The mend of a revision's index operations: which leave the transaction together, and where they go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from runcrew_lint.checks.migrations._mends import (
    around,
    can_leave,
    is_own,
    needs_postgres,
)
from runcrew_lint.checks.migrations._moves import (
    Unit,
    can_move,
    is_needed,
    mends,
    undone_by,
    words_of,
)
from runcrew_lint.checks.migrations._repeating import is_stuck
from runcrew_lint.checks.migrations._swaps import swapped_index
from runcrew_lint.checks.migrations._taken_keys import takes_over
from runcrew_lint.checks.migrations._together import (
    between_keys,
    hands_over,
    is_between_keys,
    is_past_return,
)
from runcrew_lint.domains.migrations.dialect import WITHOUT_IF_EXISTS
from runcrew_lint.domains.migrations.facts import (
    LONGEST_CONDITION,
    UNNAMED,
    Direction,
    Form,
    Kind,
    Migration,
    Operation,
    Relation,
    Transaction,
)
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.naming import named
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.domains.migrations.steps import Step
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place
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


class _Plan(NamedTuple):
    """The calls that are mended together, and before which one they go where they can't stay.

    A call has its start and end, and the name of an index that is given none.
    """

    calls: tuple[tuple[int, int, str], ...]
    before: tuple[int, int, str] | None


def index_mend(step: Step) -> MendRequest | None:
    """The mend that makes an index operation run CONCURRENTLY, on its own, and so that it can be tried again.

    Those of a revision that stand in its transaction are mended together. They stay where they are unless the
    revision could then not be run again after a failure; then they go to its front, where none of them needs
    what comes before it. None where they can't: what an index is built on is made by the revision itself, the
    table is partitioned, the transaction is not Alembic's, or the lock_timeout in force is not known.
    """
    operation, lineage = step.operation, step.lineage
    if not is_own(step.migration, operation) or not can_leave(lineage):
        return None
    if _is_partitioned(operation, step.schema) or (operation.repeats and operation.form is not Form.CALL):
        return None
    if hands_over(step) or is_between_keys(step):
        return None
    if _is_there(operation, step.schema) or not _name(operation, lineage):
        return None
    session = step.schema.session.before(replace(operation, transaction=Transaction.AUTOCOMMIT))
    told = around(lineage, session, asks=True)
    if told is None:
        return None
    path = step.migration.path
    plan, call = _plan(step), _call(operation, lineage)
    if operation.transaction is Transaction.AUTOCOMMIT:
        if any(_bars(operation, each) for each in operation.conditions):
            return None
        plan = _Plan((call,), None)
        told = (("begun", False),)  # the block is there, and told of by its own rules
    if _is_for_some(operation, lineage) or needs_postgres(lineage, told):
        if plan.before is not None:
            return None  # what another database needs first is not known
        guard: tuple[tuple[str, Plain], ...] = (("guarded", True),)
    else:
        guard = ()
    if operation.form is Form.BATCH:
        if plan.before is not None or call not in plan.calls:
            return None
        return MendRequest("python_batch.take_out", Place(path, operation.call), (*told, *guard))
    if call not in plan.calls:
        return None
    return MendRequest(
        "python_indexes.together",
        Place(path, operation.call),
        (("calls", plan.calls), ("before", plan.before or ()), *told, *guard),
    )


def _is_for_some(operation: Operation, lineage: Lineage) -> bool:
    """Whether a database runs it that does not know what becomes of it.

    That is CONCURRENTLY, where SQL says it and no call, and IF EXISTS of an index.
    """
    if operation.form is Form.SQL and not operation.concurrently:
        return bool(lineage.others) and not any(map(_is_on_postgres, operation.conditions))
    return bool(lineage.others & WITHOUT_IF_EXISTS) and not any(map(_is_not_elsewhere, operation.conditions))


_POSTGRES = lazily(r"""=\s*["']postgres|\bis_(?:pg|postgres)""", re.IGNORECASE)


def _is_on_postgres(condition: str) -> bool:
    """Whether a condition asks for PostgreSQL."""
    return bool(_POSTGRES.search(condition)) and condition.startswith("not ") == ("!=" in condition)


def index_mends(steps: Sequence[Step]) -> Mapping[tuple[str, int], MendRequest]:
    """The mend of each CREATE INDEX, by its path and place: where it stands, or in a revision of its own."""
    title = "builds the index CONCURRENTLY, in a new revision right after this one: {path}"
    return mends(steps, (index_mend, swapped_index), _unit, title, "index {tables}")


def _unit(step: Step) -> Unit | None:
    """A CREATE INDEX as a part of a revision of its own; None where it can't be."""
    operation, index = step.operation, step.operation.index
    name = _name(operation, step.lineage)
    if not name or index is None or index.only or not can_move(step):
        return None
    if _is_there(operation, step.schema):
        return None
    words = words_of(*_texts(operation))
    if index.unique and takes_over(step, words):
        return None
    if _is_for_another(step):
        return None
    if is_needed(step, name, words, is_key=index.unique):
        return None
    back = undone_by(step.migration, lambda each: each.kind is Kind.DROP_INDEX and each.name == name)
    told = name if operation.words == UNNAMED else ""
    return Unit(step, back=back, name=told) if back is not None else None


def _is_for_another(step: Step) -> bool:
    """Whether the revision drops an index of the table: it would end without that and without the new one."""
    steps = step.lineage.steps(step.migration)
    names = _names(steps, step.operation.table.key)
    return any(_drops(operation) and _on(operation, schema).key in names for operation, schema in steps)


def _names(steps: Sequence[tuple[Operation, Schema]], table: Relation) -> set[Relation]:
    """What a table is called in a revision, from first to last."""
    names = {table}
    for operation, _ in reversed(steps):
        if operation.target is not None and operation.target.key in names:
            names.add(operation.table.key)
    return names


def _name(operation: Operation, lineage: Lineage) -> str:
    """The index's name, by the naming convention where it is given none; "" where that is not known.

    What rebuilds several indexes has none, and needs none.
    """
    if operation.words != UNNAMED:
        return operation.name or operation.kind.value
    keys = operation.index.keys if operation.index is not None else ()
    has_script = any(each.path.endswith(".py") for each in lineage.setups)
    is_known = has_script and lineage.names_are_known and all(key.isidentifier() for key in keys)
    return named(operation, lineage.naming).name if is_known else ""


def _call(operation: Operation, lineage: Lineage) -> tuple[int, int, str]:
    """The start and end of the call, and the name of an index that it gives none."""
    return *_key(operation), _name(operation, lineage) if operation.words == UNNAMED else ""


def _key(operation: Operation) -> tuple[int, int]:
    return operation.call.start, operation.call.end


def _is_partitioned(operation: Operation, schema: Schema) -> bool:
    return operation.kind is not Kind.REINDEX and schema.may_be_partitioned(_on(operation, schema))


def _plan(step: Step) -> _Plan:
    lineage, migration = step.lineage, step.migration
    key = ("index plan", migration.path, migration.revision)
    known = lineage.derived
    if key not in known:
        known[key] = _made(lineage, migration, _may_hide(step))
    plan: _Plan = known[key]
    return plan


def _may_hide(step: Step) -> bool:
    """Whether something of upgrade() can't be read, so that it may be what an index needs."""
    return any(each.direction is Direction.UPGRADE for each in step.migration.unresolved)


def _made(lineage: Lineage, migration: Migration, hidden: bool) -> _Plan:
    operations = migration.upgrade
    leaving = [
        at
        for at, (operation, schema) in enumerate(lineage.steps(migration))
        if _leaves(operation, schema, operations)
        and not is_past_return(migration, at)
        and not between_keys(lineage, migration, at)
    ]
    alone = {_key(each) for at, each in enumerate(operations) if at not in leaving}
    moved = [at for at in leaving if _key(operations[at]) not in alone]  # a call that does nothing else
    moved = _without_lost(lineage.steps(migration), moved)
    if _is_stuck_without(operations, moved):
        moved = [at for at in moved if not operations[at].repeats]  # a loop can't go to the front
    if not _is_stuck_without(operations, moved):
        return _Plan(tuple(dict.fromkeys(_call(operations[at], lineage) for at in moved)), None)
    cut = _front(operations, frozenset(moved))
    if hidden or any(operation.form is Form.BATCH for operation in (operations[at] for at in moved)):
        return _Plan((), None)
    free: list[int] = []
    for at in moved:
        before = [each for other, each in enumerate(operations[:at]) if other not in free]
        if not any(_needs(operations[at], each) for each in before[cut:]):
            free.append(at)
    if _without_lost(lineage.steps(migration), free) != free:
        return _Plan((), None)
    rest = [each for at, each in enumerate(operations) if at not in free]
    ahead = [_outside(operations[at]) for at in free]
    if not free or cut >= len(rest) or is_stuck([*rest[:cut], *ahead, *rest[cut:]]):
        return _Plan((), None)
    return _Plan(tuple(_call(operations[at], lineage) for at in free), _call(rest[cut], lineage))


def _without_lost(steps: Sequence[tuple[Operation, Schema]], moved: list[int]) -> list[int]:
    """Those that leave, but the drop of an index whose table gets another behind it, in the transaction.

    A failure there would leave the table without both.
    """
    stays = [
        (at, _names(steps, operation.table.key))
        for at, (operation, _) in enumerate(steps)
        if operation.kind is Kind.CREATE_INDEX and at not in moved
    ]

    def is_lost(at: int) -> bool:
        return _drops(steps[at][0]) and any(
            at < other and _on(*steps[at]).key in names for other, names in stays
        )

    return [at for at in moved if not is_lost(at)]


def _drops(operation: Operation) -> bool:
    return operation.kind is Kind.DROP_INDEX


def _on(operation: Operation, schema: Schema) -> Relation:
    """The table of an index operation, where it or the schema knows."""
    return schema.table_of_index(operation.table._replace(name=operation.name)) or operation.table


def _is_stuck_without(operations: Sequence[Operation], moved: Sequence[int]) -> bool:
    """Whether the revision can't be run again after a failure once some leave its transaction."""
    stays = [_outside(each) if at in moved else each for at, each in enumerate(operations)]
    return is_stuck(stays) and not is_stuck(operations)


def _is_there(operation: Operation, schema: Schema) -> bool:
    """Whether IF NOT EXISTS finds the index: it is not to be built anew.

    Nor is a unique one that it may find, or nothing would keep doubles out meanwhile.
    """
    index = operation.table._replace(name=operation.name)
    is_made = operation.kind is Kind.CREATE_INDEX and operation.if_exists and bool(operation.name)
    may_be = operation.index is not None and operation.index.unique and not operation.concurrently
    return is_made and (may_be or schema.table_of_index(index) is not None)


def _leaves(operation: Operation, schema: Schema, operations: Sequence[Operation]) -> bool:
    """Whether it is an index operation of the transaction on a table that this revision does not make."""
    if operation.kind not in _KINDS or operation.transaction is not Transaction.MIGRATION:
        return False
    if operation.form is Form.INLINE or operation.helper or operation.concurrently:
        return False
    if operation.repeats and not _may_repeat(operation, schema):
        return False
    if any(_bars(operation, each) for each in operation.conditions):
        return False
    if _is_there(operation, schema):
        return False
    on = _on(operation, schema).key
    return not any(
        each.kind in (Kind.CREATE_TABLE, Kind.DROP_TABLE) and each.table.key == on for each in operations
    )


# Conditions that ask what is there: a build that failed leaves an INVALID index, for which they say yes.
_ASKS = lazily(r"ind(?:ex|ices)|exist|inspect|\bhas_", re.IGNORECASE)
_ELSEWHERE = lazily(r"mysql|mariadb|oracle|mssql", re.IGNORECASE)  # none of them knows IF NOT EXISTS


def _is_not_elsewhere(condition: str) -> bool:
    """Whether a condition leaves out a database that knows no IF NOT EXISTS."""
    return bool(_ELSEWHERE.search(condition)) and condition.startswith("not ")


def _bars(operation: Operation, condition: str) -> bool:
    """Whether a condition leaves out an index that is to be tried again, or is for another database."""
    asks = operation.kind is Kind.CREATE_INDEX and (
        bool(_ASKS.search(condition))
        or operation.name in _WORD.findall(condition)
        or len(condition) >= LONGEST_CONDITION
    )
    return asks or (bool(_ELSEWHERE.search(condition)) and not _is_not_elsewhere(condition))


def _may_repeat(operation: Operation, schema: Schema) -> bool:
    """Whether each turn of the loop that it stands in may build or drop its index on its own."""
    is_unique = operation.index is not None and operation.index.unique
    is_named = operation.form is Form.CALL and bool(operation.name)
    return is_named and not is_unique and not _is_partitioned(operation, schema)


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
    words = {word for text in _texts(index) for word in _WORD.findall(text)}
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


def _texts(index: Operation) -> Iterator[str]:
    if index.index is not None:
        yield from (*index.index.keys, *index.index.include, index.index.where)


def _has_expression(index: Operation) -> bool:
    keys = index.index.keys if index.index is not None else ()
    return any(not key.replace("_", "a").isalnum() for key in keys)
