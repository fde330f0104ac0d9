"""What only a revision's transaction holds together: where a commit on the way would leave half of it."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._repeating import once_only
from runcrew_lint.domains.migrations.facts import (
    RUNS,
    ConstraintKind,
    Direction,
    Kind,
    Migration,
    Operation,
    Relation,
    Transaction,
    Unresolved,
)
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.schema import Schema, Table
from runcrew_lint.domains.migrations.steps import Step
from runcrew_lint.domains.migrations.vocabulary import ADVISORY, SAID_KINDS
from runcrew_lint.patterns import lazily


def may_commit_before(step: Step) -> bool:
    """Whether what comes before the step can be committed, and the revision be run again from the top."""
    operations = step.migration.upgrade
    again = not any(at < step.at for at in once_only(operations, step.operation.conditions))
    return again and not is_past_return(step.migration, step.at) and not is_between_keys(step)


# What takes something away from the application that still runs: one with all that is to take its place.
_LOSES = frozenset(
    {Kind.DROP_TABLE, Kind.DROP_COLUMN, Kind.RENAME_TABLE, Kind.RENAME_COLUMN, Kind.SET_SCHEMA}
)


def is_past_return(migration: Migration, at: int) -> bool:
    """Whether a commit before an operation of upgrade() makes final what a failure should take back.

    That is what goes or is renamed, even where that can be done twice, and what can't be read.
    """
    lost = any(each.kind in _LOSES for each in migration.upgrade[:at])
    return lost or is_behind_hidden(migration, at) or splits(migration, at)


def splits(migration: Migration, at: int) -> bool:
    """Whether a commit before an operation of upgrade() comes between two that only the transaction joins.

    What lasts as long as the transaction would end there; of what is taken away, to be given back behind it,
    others would miss what is gone, and a failure would leave it so.
    """
    operations = migration.upgrade
    first = at
    while first and operations[first - 1].transaction is Transaction.MIGRATION:
        first -= 1
    before = operations[first:at]
    taken = {each for operation in before for each in _taken(operation)}
    given = (each for operation in operations[at:] for each in _given(operation))
    return any(map(_ends_with_it, before)) or not taken.isdisjoint(given)


def _ends_with_it(operation: Operation) -> bool:
    """Whether what an operation does ends with its transaction; timeouts are set again behind a commit."""
    if operation.kind is Kind.SET:
        lasts = not operation.local or operation.name.endswith("_timeout")
        return not lasts or operation.name in ("constraints", "transaction")
    if operation.kind is Kind.CREATE_TABLE:
        return bool(operation.option("on commit"))
    return operation.kind is Kind.LOCK or operation.words in ("savepoint", ADVISORY)


# By what takes it away, what gives such a thing.
_GIVES = {
    Kind.DROP_VIEW: Kind.CREATE_VIEW,
    Kind.DROP_TRIGGER: Kind.CREATE_TRIGGER,
    Kind.DROP_FUNCTION: Kind.CREATE_FUNCTION,
    Kind.DROP_TYPE: Kind.CREATE_TYPE,
    Kind.DROP_SEQUENCE: Kind.CREATE_SEQUENCE,
    Kind.DROP_DEFAULT: Kind.SET_DEFAULT,
    Kind.DROP_NOT_NULL: Kind.SET_NOT_NULL,
    Kind.DELETE: Kind.INSERT,
    Kind.TRUNCATE: Kind.INSERT,
}
_GIVEN = frozenset(_GIVES.values())
_OF_COLUMNS = (Kind.SET_DEFAULT, Kind.SET_NOT_NULL)
_BY_NAME = (Kind.CREATE_FUNCTION, Kind.CREATE_TYPE)
_OF_TABLE = {
    "drop policy": "create policy",
    "drop rule": "create rule",
    "revoke": "grant",
    "disable trigger": "trigger",
    "disable rule": "rule",
    "disable row level security": "row level security",
    "no force row level security": "force row level security",
}
_TURNS_ON = lazily(r"enable (?:always |replica )?")
_Thing = tuple[str, Relation | str, str]  # what it is, of which table or by which name, and of which column


def _taken(operation: Operation) -> Iterator[_Thing]:
    """What an operation takes away, as what gives it back names it."""
    if operation.kind in _GIVES:
        yield from _things(_GIVES[operation.kind], operation)
    elif operation.kind is Kind.DROP_CONSTRAINT:
        kind = SAID_KINDS.get(operation.option("type"))
        for each in (kind,) if kind is not None else _RULES:
            yield Kind.ADD_CONSTRAINT, operation.table.key, each
    elif operation.words in _OF_TABLE:
        yield _OF_TABLE[operation.words], operation.table.key, ""


def _given(operation: Operation) -> Iterator[_Thing]:
    """What an operation gives that another may have taken away; of keys `between_keys` knows more."""
    if operation.kind in _GIVEN:
        yield from _things(operation.kind, operation)
    elif operation.kind is Kind.ADD_CONSTRAINT:
        for each in operation.constraints:
            if each.kind in _RULES:
                yield Kind.ADD_CONSTRAINT, operation.table.key, each.kind
    elif operation.words:
        yield _TURNS_ON.sub("", operation.words), operation.table.key, ""


def _things(given: Kind, operation: Operation) -> Iterator[_Thing]:
    if given in _OF_COLUMNS:
        for each in operation.columns:
            yield given, operation.table.key, each.name
    else:
        yield given, operation.name if given in _BY_NAME else operation.table.key, ""


_RULES = (ConstraintKind.FOREIGN_KEY, ConstraintKind.CHECK, ConstraintKind.EXCLUDE)


def is_behind_hidden(migration: Migration, at: int) -> bool:
    """Whether something that can't be read may have run before an operation of upgrade().

    Nobody knows whether that can be done twice, nor what only the transaction holds together.
    """
    repeats = migration.upgrade[at].repeats  # what is behind it in its loop comes before its next turn
    return any(repeats or each.first <= at for each in _hidden(migration))


def _hidden(migration: Migration) -> Iterator[Unresolved]:
    """What of upgrade() can't be read; a condition hides nothing."""
    for each in migration.unresolved:
        if each.direction is Direction.UPGRADE and each.what != RUNS:
            yield each


def is_between_keys(step: Step) -> bool:
    """Whether a table has lost a key, to the step or before it, that it gets another for there or behind it.

    Only the transaction keeps doubles out in between. What can't be read may be what gives it the other one.
    """
    return between_keys(step.lineage, step.migration, step.at)


def between_keys(lineage: Lineage, migration: Migration, place: int) -> bool:
    """The same of the operation at a place of upgrade()."""
    lost = set()
    for at, (operation, schema) in enumerate(lineage.steps(migration)):
        if at <= place:
            lost.add(_keyless(operation, schema))
        if at >= place and _gives_key(operation) and (operation.table.key in lost or _ANY in lost):
            return True
    return lost != {None} and any(each.last > place for each in _hidden(migration))


def _keyless(operation: Operation, schema: Schema) -> Relation | None:
    """The table that an operation takes a key from, or may; None for none, and `_ANY` where nobody knows."""
    if operation.kind is Kind.DROP_INDEX:
        on = schema.table_of_index(operation.table._replace(name=operation.name)) or operation.table
        known = schema.table(on)
        index = known.indexes.get(operation.name) if known is not None else None
        return on.key if index is None or index.index.unique else None
    known = schema.table(operation.table)
    if operation.kind is Kind.DROP_COLUMN:
        return operation.table.key if key_columns(known, operation.columns[0].name) else None
    if operation.kind is not Kind.DROP_CONSTRAINT:
        return None
    state = known.constraints.get(operation.name) if known is not None else None
    kind = state.kind if state is not None else SAID_KINDS.get(operation.option("type"))
    return operation.table.key if kind is None or kind in _KEYS else None


_KEYS = (ConstraintKind.UNIQUE, ConstraintKind.PRIMARY_KEY)
_ANY = Relation("", "")  # that of a DROP INDEX whose index the history does not show


def key_columns(table: Table | None, column: str) -> set[str]:
    """The columns of a table's keys that go with one of them."""
    keys = [each.constraint for each in table.constraints.values() if each.kind in _KEYS] if table else []
    return {name for each in keys if column in each.columns for name in each.columns}


def _gives_key(operation: Operation) -> bool:
    """Whether it keeps doubles out of a table."""
    is_unique = operation.index is not None and operation.index.unique
    if operation.kind is Kind.CREATE_INDEX:
        return is_unique
    return operation.kind is Kind.ADD_CONSTRAINT and any(each.kind in _KEYS for each in operation.constraints)


def hands_over(step: Step) -> bool:
    """Whether one statement of the revision takes a table's key away and another gives it one.

    Only the transaction keeps doubles out in between.
    """
    table = step.operation.table.key
    owner = step.schema.table_of_index(step.operation.table._replace(name=step.operation.name))
    names = {table, owner.key if owner is not None else table}
    gone = made = False
    for operation, schema in step.lineage.steps(step.migration):
        if operation.kind is Kind.DROP_INDEX:
            on = schema.table_of_index(operation.table._replace(name=operation.name)) or operation.table
            gone = gone or on.key in names
        elif operation.table.key in names:
            gone = gone or operation.kind is Kind.DROP_CONSTRAINT
            is_unique = operation.index is not None and operation.index.unique
            made = made or (operation.kind is Kind.CREATE_INDEX and is_unique and gone)
    return made
