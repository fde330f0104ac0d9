"""The mend of a dropped column: it stays, deprecated, where nothing counts on its going."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import TypeVar

from runcrew_lint.checks.migrations._mends import is_mendable
from runcrew_lint.domains.migrations.facts import NO_RELATION, Column, ConstraintKind, Form, Kind, Relation
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.schema import ColumnState, ConstraintState, IndexState
from runcrew_lint.domains.migrations.steps import Step
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily

N = TypeVar("N")
_WORD = lazily(r"\w+")


def deprecating_mend(step: Step, state: ColumnState | None) -> MendRequest | None:
    """A dated deprecation in place of the drop, where the column has none yet."""
    operation = step.operation
    if operation.form is not Form.CALL or not is_mendable(step.migration, operation) or operation.conditions:
        return None
    if state is None or state.column.comment or {"comment", "nullable"} & set(state.column.unknown):
        return None
    if step.lineage.others:
        return None  # SQLite and MySQL alter no column by a comment alone
    column = state.column
    nullable = column.nullable or column.default is not None or column.identity or column.serial
    comes_back = [
        each
        for back in step.migration.downgrade
        if back.kind is Kind.ADD_COLUMN and back.table.key == operation.table.key
        for each in back.columns
        if each.name == column.name
    ]
    is_filled = any(each.default is not None for each in comes_back) or _is_filled_again(step)
    if _comes_later(step) or _binds_rows(step, column) or _is_held_again(step, column.name):
        return None
    if is_filled and (not nullable or _is_required_again(step, column)):
        return None  # rows that came in meanwhile would have no value
    if _loses_its_type(step, column) or _is_viewed(step):
        return None
    required = not nullable and not any(each.nullable for each in comes_back)
    told = (
        *(("table", operation.table.name), ("column", column.name)),
        *(("nullable", nullable), ("required", required)),
    )
    return MendRequest("python_columns.deprecated", step.place, told, dated=True)


def _comes_later(step: Step) -> bool:
    """Whether something later counts on the drop: it is about the table as a whole, bears a name of the
    column's or of what goes with it, drops the table that it refers to, or makes anew what goes with it. An
    index that downgrade() forgets another fix makes anew; what was renamed comes back under its old name.
    """
    table, column = step.operation.table, step.operation.columns[0].name
    bound, indexes = _constraints(step, column), _indexes(step, column)
    if any(not each.index.unique for each in indexes) or _is_renamed(step, column):
        return True
    gone = {column} | {each.name for each in bound} | {each.name for each in indexes}
    here = step.migration.upgrade[step.at + 1 :]
    own = (each for each in here if each.table.key == table.key)
    if any(
        each.kind in (Kind.DROP_TABLE, Kind.RENAME_TABLE, Kind.SET_SCHEMA)
        or not gone.isdisjoint((each.name, *(named.name for named in each.columns)))
        for each in chain(own, step.lineage.later(step.migration, table))
    ):
        return True
    referred = {each.constraint.references.key for each in bound if each.constraint.references is not None}
    if any(
        each.kind is Kind.DROP_TABLE and each.table.key in referred
        for each in chain(here, *(step.lineage.later(step.migration, each) for each in referred))
    ):
        return True
    return len(gone) > 1 and _is_bound_again(step, column)


def _is_renamed(step: Step, column: str) -> bool:
    """Whether the revision itself has called it so."""
    return any(
        each.kind is Kind.RENAME_COLUMN and each.table.key == step.operation.table.key and each.name == column
        for each in step.migration.upgrade[: step.at]
    )


def _loses_its_type(step: Step, column: Column) -> bool:
    """Whether a type of its name is dropped or altered later, which the column would not let go."""
    return _is_ahead(step, _types_that_go, _WORD.findall(column.type))


def _is_viewed(step: Step) -> bool:
    """Whether a view takes in all columns of the table later: this one, too, which then could not go."""
    return _is_ahead(step, _last_views, (step.operation.table.key, NO_RELATION))


def _is_ahead(
    step: Step, last_of: Callable[[Lineage], Mapping[N, tuple[int, int]]], names: Iterable[N]
) -> bool:
    """Whether the last place of one of the names, which a history is searched for once, is behind a step."""
    known = step.lineage.derived
    if last_of not in known:
        known[last_of] = last_of(step.lineage)
    last: Mapping[N, tuple[int, int]] = known[last_of]
    at = (step.lineage.ranks[step.migration.revision], step.at)
    return any(last.get(each, at) > at for each in names)


def _last_views(lineage: Lineage) -> dict[Relation, tuple[int, int]]:
    """The last place where a view takes in all columns of each table, of none where that is not known."""
    return {
        read.relation.key: (rank, at)
        for rank, migration in enumerate(lineage.order)
        for at, each in enumerate(migration.upgrade)
        for read in each.reads
        if read.column == "*"
    }


def _types_that_go(lineage: Lineage) -> dict[str, tuple[int, int]]:
    """The last place in the history where a type of each name is dropped or altered, up or down.

    A downgrade() runs before those of earlier revisions, so it stands in front of its revision.
    """
    found: dict[str, tuple[int, int]] = {}
    for rank, migration in enumerate(lineage.order):
        for at, each in (*((-1, each) for each in migration.downgrade), *enumerate(migration.upgrade)):
            if each.kind in (Kind.DROP_TYPE, Kind.ALTER_TYPE_OBJECT):
                found[each.name.rpartition(".")[2]] = found[each.table.name] = (rank, at)
    return found


def _is_bound_again(step: Step, column: str) -> bool:
    """Whether downgrade() makes an index or a constraint of the column, as it has to after a drop."""
    return any(
        column in (each.index.keys if each.index is not None else ())
        or any(column in constraint.columns for constraint in each.constraints)
        for each in step.migration.downgrade
        if each.table.key == step.operation.table.key
    )


def _is_held_again(step: Step, column: str) -> bool:
    """Whether downgrade() holds the column's values against a constraint: nothing has kept them meanwhile."""
    return any(
        any(column in constraint.columns for constraint in each.constraints)
        or (each.index is not None and each.index.unique and column in each.index.keys)
        for each in step.migration.downgrade
        if each.table.key == step.operation.table.key and each.kind is not Kind.ADD_COLUMN
    )


def _binds_rows(step: Step, column: Column) -> bool:
    """Whether a column that stays would keep out rows which do not give it: it is in the table's key or in a
    CHECK, or each of them would have the same value of it and it may be there once."""
    kinds = {each.kind for each in _constraints(step, column.name)}
    if kinds & {ConstraintKind.PRIMARY_KEY, ConstraintKind.CHECK, ConstraintKind.EXCLUDE}:
        return True
    return column.default is not None and any(each.index.unique for each in _indexes(step, column.name))


def _constraints(step: Step, column: str) -> tuple[ConstraintState, ...]:
    found = step.table.constraints.values() if step.table is not None else ()
    return tuple(each for each in found if column in each.constraint.columns)


def _indexes(step: Step, column: str) -> tuple[IndexState, ...]:
    return tuple(each for each in step.schema.indexes_of(step.operation.table) if column in each.reads)


def _is_required_again(step: Step, column: Column) -> bool:
    """Whether downgrade() makes the column NOT NULL once it is filled."""
    return any(
        each.kind is Kind.SET_NOT_NULL
        and each.table.key == step.operation.table.key
        and column.name in (named.name for named in each.columns)
        for each in step.migration.downgrade
    )


def _is_filled_again(step: Step) -> bool:
    """Whether downgrade() writes rows of the table: NOT NULL has to wait until it has."""
    return any(
        each.kind in (Kind.UPDATE, Kind.INSERT) and each.table.key in (step.operation.table.key, NO_RELATION)
        for each in step.migration.downgrade
    )
