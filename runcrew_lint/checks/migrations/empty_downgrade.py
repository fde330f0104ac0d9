"""empty-downgrade: a rollback that leaves what upgrade() made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runcrew_lint.checks.migrations._mirror import mirror_mend
from runcrew_lint.domains.migrations.facts import (
    ConstraintKind,
    Direction,
    Form,
    Kind,
    Migration,
    Operation,
    Relation,
    Transaction,
)
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.model.finding import Fault, Note, Related
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

# What can be undone whatever rows were written since. A wider type, a dropped NOT NULL or constraint
# need not fit the rows any more; a value can't leave an enum; comments, defaults and settings harm no old
# code.
_UNDONE = {
    Kind.CREATE_TABLE: "drop table {table}",
    Kind.DROP_TABLE: "create table {table} again (its rows don't come back)",
    Kind.RENAME_TABLE: "rename table {target} back to {table}",
    Kind.SET_SCHEMA: "move {target} back to {table}",
    Kind.ADD_COLUMN: "drop column {table}.{column}",
    Kind.DROP_COLUMN: "add column {table}.{column} again (its values don't come back)",
    Kind.RENAME_COLUMN: "rename {table}.{name} back to {column}",
    Kind.SET_NOT_NULL: "drop NOT NULL of {table}.{column}",
    Kind.ADD_CONSTRAINT: "drop constraint {name} of {table}",
    Kind.RENAME_CONSTRAINT: "rename constraint {target} back to {name}",
    Kind.CREATE_INDEX: "drop index {name}",
    Kind.DROP_INDEX: "create index {name} again",
    Kind.RENAME_INDEX: "rename index {target} back to {name}",
    Kind.CREATE_VIEW: "drop view {table}",
    Kind.DROP_VIEW: "create view {table} again",
    Kind.CREATE_TYPE: "drop type {name}",
}
_SHOWN = 3


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each downgrade() that does nothing where upgrade() left something to undo."""
    for lineage in repository.derive(history_of).lineages:
        for migration in lineage.judged(policy.migrations.after):
            if migration.downgrade_empty:
                left = _left(lineage, migration)
                if left:
                    yield _fault(migration, left, mirror_mend(lineage, migration))


def _left(lineage: Lineage, migration: Migration) -> list[Operation]:
    """What the upgrade changes and leaves changed."""
    around = _Around(migration.upgrade)
    return [
        operation
        for at, (operation, schema) in enumerate(lineage.steps(migration))
        if operation.kind in _UNDONE
        and operation.form is not Form.INLINE
        and not operation.temporary
        and not operation.conditions
        and not _is_void(operation, schema)
        and not _goes_with_its_table(operation, schema, migration.revision)
        and not around.takes_it_back(operation, at)
        and not around.was_there(operation, at)
        and not around.replaces(operation, at)
    ]


def _is_void(operation: Operation, schema: Schema) -> bool:
    """Whether IF [NOT] EXISTS may leave nothing to do: what it makes is there, what it drops may not be."""
    if not operation.if_exists:
        return False
    if operation.kind in (Kind.CREATE_TABLE, Kind.CREATE_VIEW):
        return schema.table(operation.table) is not None
    if operation.kind is Kind.ADD_COLUMN:
        return schema.column(operation.table, operation.columns[0].name) is not None
    if operation.kind is Kind.CREATE_INDEX:
        return schema.table_of_index(operation.table._replace(name=operation.name)) is not None
    return True


def _goes_with_its_table(operation: Operation, schema: Schema, revision: str) -> bool:
    """Whether it acts on what this revision made, so that undoing that undoes it, too."""
    if operation.kind in (Kind.CREATE_TABLE, Kind.CREATE_VIEW):
        return False
    table = schema.table(operation.table)
    if table is not None and table.made_in == revision:
        return operation.kind is not Kind.RENAME_TABLE
    if operation.kind in (Kind.ADD_COLUMN, Kind.RENAME_COLUMN) or not operation.columns:
        return False
    state = schema.column(operation.table, operation.columns[0].name)
    return state is not None and state.made_in == revision


# What one of these makes or drops, a later one of the same name takes back, or makes anew.
_PAIRS = {
    Kind.CREATE_TABLE: (Kind.DROP_TABLE,),
    Kind.DROP_TABLE: (Kind.CREATE_TABLE,),
    Kind.CREATE_VIEW: (Kind.DROP_VIEW,),
    Kind.DROP_VIEW: (Kind.CREATE_VIEW,),
    Kind.ADD_COLUMN: (Kind.DROP_COLUMN,),
    Kind.CREATE_INDEX: (Kind.DROP_INDEX,),
    Kind.DROP_INDEX: (Kind.CREATE_INDEX,),
    Kind.ADD_CONSTRAINT: (Kind.DROP_CONSTRAINT,),
    Kind.CREATE_TYPE: (Kind.DROP_TYPE,),
    Kind.SET_NOT_NULL: (Kind.DROP_NOT_NULL,),
}


_MADE_BY = {drop: make for make, drops in _PAIRS.items() for drop in drops if drop.name.startswith("DROP_")}


class _Around:
    """The first and the last place of each kind of change to each thing in an upgrade."""

    def __init__(self, upgrade: Sequence[Operation]) -> None:
        self._first: dict[tuple[Kind, tuple[str, ...]], int] = {}
        self._last: dict[tuple[Kind, tuple[str, ...]], int] = {}
        self._gone: dict[Relation, int] = {}
        for at, operation in enumerate(upgrade):
            self._first.setdefault((operation.kind, _subject(operation)), at)
            self._last[operation.kind, _subject(operation)] = at
            if operation.kind is Kind.DROP_TABLE:
                self._gone[operation.table.key] = at

    def takes_it_back(self, operation: Operation, at: int) -> bool:
        """Whether something behind `at` drops what the operation makes, or what it acts on."""
        subject = _subject(operation)
        kinds = _PAIRS.get(operation.kind, ())
        return self._gone.get(operation.table.key, -1) > at or any(
            self._last.get((each, subject), -1) > at for each in kinds
        )

    def was_there(self, operation: Operation, at: int) -> bool:
        """Whether it drops what something before `at` has made."""
        made = _MADE_BY.get(operation.kind)
        return made is not None and self._first.get((made, _subject(operation)), at) < at

    def replaces(self, operation: Operation, at: int) -> bool:
        """Whether it stands for something of its name that went before: a wider CHECK, a table made anew.

        The old CHECK need not fit the rows written since, and what differs between two tables is not told.
        """
        if operation.kind is Kind.CREATE_TABLE:
            pair = Kind.DROP_TABLE
        elif operation.kind is Kind.ADD_CONSTRAINT and operation.constraints[0].kind is ConstraintKind.CHECK:
            pair = Kind.DROP_CONSTRAINT
        else:
            return False
        return self._first.get((pair, _subject(operation)), at) < at


def _subject(operation: Operation) -> tuple[str, ...]:
    """What an operation is about, by name: an index and a type without their table."""
    if operation.kind in (Kind.CREATE_INDEX, Kind.DROP_INDEX, Kind.CREATE_TYPE, Kind.DROP_TYPE):
        return (operation.name,)
    columns = tuple(each.name for each in operation.columns)
    of_table = operation.kind in (Kind.CREATE_TABLE, Kind.DROP_TABLE, Kind.CREATE_VIEW, Kind.DROP_VIEW)
    return (*operation.table.key, operation.name, *(() if of_table else columns))


def _fault(migration: Migration, left: list[Operation], mend: MendRequest | None) -> Fault:
    missing = not migration.downgrade_span.end
    span = migration.upgrade_span if missing else migration.downgrade_span
    undone = list(dict.fromkeys(_undo(each) for each in left))
    more = f" and {len(undone) - _SHOWN} more" if len(undone) > _SHOWN else ""
    first = left[0]
    notes = [Note("to undo", "; ".join(undone[:_SHOWN]) + more)]
    if any(each.transaction is Transaction.AUTOCOMMIT for each in left):
        notes.append(Note("transaction", "what ran in an autocommit_block is undone in one, too"))
    return Fault(
        migration.place(span, Direction.UPGRADE if missing else Direction.DOWNGRADE),
        _said(migration, missing=missing),
        related=(Related(Place(migration.path, first.span), "done here"),),
        notes=tuple(notes),
        mend=mend,
    )


def _said(migration: Migration, *, missing: bool) -> str:
    what, leaves = "downgrade() does nothing", "`alembic downgrade` leaves what upgrade() changed"
    if migration.tool != "alembic":
        what, leaves = "the script of the way back does nothing", "a rollback leaves what this one changed"
    elif missing:  # Alembic asks the module for the function
        return "there is no downgrade(), so `alembic downgrade` stops here with an AttributeError"
    return f"{what}, so {leaves} and the next upgrade meets it"


def _undo(operation: Operation) -> str:
    column = operation.columns[0].name if operation.columns else ""
    return _UNDONE[operation.kind].format(
        table=operation.table, target=operation.target, column=column, name=operation.name or "(unnamed)"
    )
