"""The mend of an UPDATE that gives a column of its own revision one value: the column comes with it.

PostgreSQL keeps the value of a constant default beside the table for the rows that are there (release notes
of 11, "ALTER TABLE ... ADD COLUMN with a non-null column default"), so none of them is written. In between
nobody has seen the column: the transaction that adds it holds ACCESS EXCLUSIVE.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from runcrew_lint.checks.migrations._columns import takes_default
from runcrew_lint.checks.migrations._directions import Function
from runcrew_lint.checks.migrations._mends import is_too_long
from runcrew_lint.domains.migrations.facts import UNREAD, Direction, Form, Kind, Operation, Transaction
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place, Span
from runcrew_lint.tuples import NamedTuple

_KEPT_SINCE = 11
# What may change what a value means, or do something with the rows that can't be seen.
_UNSEEN = frozenset(
    {
        *(Kind.OTHER, Kind.ALTER_ENUM, Kind.ALTER_DOMAIN, Kind.CREATE_DOMAIN, Kind.SET, Kind.CREATE_TRIGGER),
        *(Kind.CREATE_FUNCTION, Kind.CREATE_EXTENSION, Kind.COMMIT, Kind.BEGIN, Kind.ROLLBACK),
    }
)


# What does nothing to a column of the same table that it does not name.
_BESIDE = frozenset(
    {
        *(Kind.ADD_COLUMN, Kind.DROP_COLUMN, Kind.CREATE_INDEX, Kind.DROP_INDEX, Kind.DROP_CONSTRAINT),
        *(Kind.SET_NOT_NULL, Kind.DROP_NOT_NULL, Kind.SET_DEFAULT, Kind.DROP_DEFAULT, Kind.UPDATE),
        Kind.ADD_CONSTRAINT,
    }
)

Key = tuple[str, int, int]


class _Added(NamedTuple):
    """A column as it is added: where, with which default, and whether it is required in the end.

    `tight` is the call that makes it so and does nothing else, which may as well be said where it is added.
    """

    at: int
    span: Span
    default: str
    required: bool
    tight: Span


def fill_mends(found: Iterable[tuple[Function, Operation]], policy: Policy) -> Mapping[Key, MendRequest]:
    """The mend of each whole UPDATE, by its path and call; those of one function are made together.

    Those that leave a default behind are not made with those that do not.
    """
    fills: dict[tuple[str, bool, bool], list[Plain]] = {}
    keys: dict[Key, tuple[str, bool, bool]] = {}
    guarded: set[str] = set()
    for function, operation in found:
        columns = _columns(function, operation) if policy.postgres >= _KEPT_SINCE else None
        if columns is None:
            continue
        up = function.direction is Direction.UPGRADE
        group = (function.path, up, any(each.required for each in columns))
        told: Plain = tuple(
            (name.name, *each.span, each.default, each.required, *each.tight)
            for name, each in zip(operation.columns, columns, strict=True)
        )
        quiet: Plain = tuple(
            (each.start, each.end) for each in _written_between(function, operation, columns)
        )
        batch = any(function.operations[each.at].form is Form.BATCH for each in columns)
        table = operation.table
        fills.setdefault(group, []).append((*operation.call, table.name, table.schema, told, quiet, batch))
        keys[function.path, *operation.call] = group
        if function.lineage.others:
            guarded.add(function.path)
    return {
        key: MendRequest(
            "python_fills.by_default",
            Place(key[0], Span(*key[1:])),
            (
                ("function", "upgrade" if up else "downgrade"),
                ("fills", tuple(fills[path, up, kept])),
                *((("guarded", True),) if path in guarded else ()),
            ),
        )
        for key, (path, up, kept) in keys.items()
    }


def _columns(function: Function, update: Operation) -> list[_Added] | None:
    """The columns that an UPDATE fills; None where one is older, or may have been seen with no value."""
    migration, operations = function.migration, function.operations
    if migration.tool != "alembic" or not update.columns or function.lineage.autocommit:
        return None
    if is_too_long(migration):
        return None
    if update.others or update.only or not _is_plain(update) or update.repeats or update.helper:
        return None
    if any(each.direction is function.direction for each in migration.unresolved):
        return None
    table = _before(function).table(update.table)
    if table is None or not table.made_in or table.kind.is_view or table.triggers or table.parents:
        return None
    if any(
        each is not update
        and (
            each.call == update.call
            or (each.kind is Kind.CREATE_TRIGGER and each.table.key == update.table.key)
        )
        for each in operations
    ):
        return None
    found = [_added(function, update, each.name) for each in update.columns]
    columns = [each for each in found if each is not None]
    if len(columns) < len(found) or not _is_unseen(function, update, columns):
        return None
    if function.lineage.others and any(_is_let_go(function, each) for each in columns):
        return None  # SQLite alters no column outside a batch
    return columns


def _is_let_go(function: Function, column: _Added) -> bool:
    """Whether a default is dropped again outside a batch."""
    in_batch = function.operations[column.at].form is Form.BATCH
    return not (in_batch or column.required or column.default)


def _is_unseen(function: Function, update: Operation, columns: Sequence[_Added]) -> bool:
    """Whether nothing before the UPDATE sees that its columns are empty."""
    names = {each.name for each in update.columns}
    for each in _between(function, update, columns):
        if not _is_plain(each) or each.kind in _UNSEEN or update.table in each.others:
            return False
        if each.table.key == update.table.key:
            named = {
                *(column.name for column in each.columns),
                *(column for constraint in each.constraints for column in constraint.columns),
            }
            is_opaque = any(constraint.expression for constraint in each.constraints)
            if each.kind not in _BESIDE or (each.kind is not Kind.UPDATE and (names & named or is_opaque)):
                return False
    return True


def _between(function: Function, update: Operation, columns: Sequence[_Added]) -> Sequence[Operation]:
    operations = function.operations
    last = next(at for at, each in enumerate(operations) if each is update)
    own = {each.at for each in columns}
    return [operations[at] for at in range(min(own) + 1, last) if at not in own]


def _written_between(function: Function, update: Operation, columns: Sequence[_Added]) -> list[Span]:
    """The other UPDATEs of the table in between: what they are made of only their text says."""
    return [
        each.call
        for each in _between(function, update, columns)
        if each.kind is Kind.UPDATE and each.table.key == update.table.key
    ]


def _is_plain(operation: Operation) -> bool:
    """Whether it runs in the transaction of the revision, whatever comes."""
    return not operation.conditions and operation.transaction is Transaction.MIGRATION


def _before(function: Function) -> Schema:
    """The schema that the function begins with."""
    lineage, revision = function.lineage, function.migration.revision
    return lineage.before(revision) if function.direction is Direction.UPGRADE else lineage.after(revision)


def _added(function: Function, update: Operation, name: str) -> _Added | None:
    """The column as it is added before the UPDATE; None where it is not, or brings more along."""
    operations, table = function.operations, update.table.key
    last = next(at for at, each in enumerate(operations) if each is update)
    about = [
        at
        for at, each in enumerate(operations)
        if each.table.key == table and name in {column.name for column in each.columns}
    ]
    found = [at for at in about if at < last and operations[at].kind is Kind.ADD_COLUMN]
    if len(found) != 1:
        return None
    adds = operations[found[0]]
    (column, *others) = adds.columns
    made = column.serial or column.identity or column.generated is not None or column.default == UNREAD
    keyed = column.unique or column.primary_key or column.references is not None
    if others or made or keyed or not column.nullable or {"default", "nullable"} & set(column.unknown):
        return None
    if adds.form is Form.SQL and column.default is None:
        return None
    if not takes_default(column, function.lineage.others):
        return None
    if not _is_plain(adds) or adds.repeats or adds.helper or not column.span.end:
        return None
    if any(each.call == adds.call and each is not adds for each in operations):
        return None  # an index or a key that comes with it
    tightens = [at for at in about if at > last and operations[at].kind is Kind.SET_NOT_NULL]
    required = bool(tightens) and function.direction is Direction.UPGRADE and column.default is None
    tight = _tight(function, last, tightens) if required else _NOWHERE
    return _Added(found[0], column.span, column.default or "", required, tight)


_NOWHERE = Span(0, 0)


def _tight(function: Function, last: int, tightens: Sequence[int]) -> Span:
    """The one call that makes the column NOT NULL, where nothing before it would see that it is so."""
    operations = function.operations
    (first, *others) = tightens
    operation = operations[first]
    shared = any(each.call == operation.call and each is not operation for each in operations)
    is_own = operation.form is Form.CALL and not (operation.repeats or operation.helper)
    if others or shared or not is_own or not _is_plain(operation) or function.lineage.others:
        return _NOWHERE
    between = operations[last + 1 : first]
    return operation.call if all(_is_beside(each, operation) for each in between) else _NOWHERE


def _is_beside(each: Operation, tight: Operation) -> bool:
    """Whether it leaves the column of each row as it is; of an UPDATE it is known what it sets."""
    is_of_another = bool(each.table.name) and each.table.key != tight.table.key
    is_set = {column.name for column in each.columns}
    leaves = is_of_another or (bool(is_set) and tight.columns[0].name not in is_set)
    return each.kind in _BESIDE and (leaves or each.kind is not Kind.UPDATE)
