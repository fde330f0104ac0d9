"""Constraints: added with their names, dropped with what rests on them, renamed and validated."""

from __future__ import annotations

from runcrew_lint.domains.migrations.facts import Constraint, ConstraintKind, Operation, Relation
from runcrew_lint.domains.migrations.replay.copies import replace
from runcrew_lint.domains.migrations.replay.draft import Draft
from runcrew_lint.domains.migrations.replay.indexes import (
    carry,
    forget_index,
    rename_constraint_in,
    take_over,
)
from runcrew_lint.domains.migrations.replay.names import addition, clipped, free_constraint
from runcrew_lint.domains.migrations.sql_words import words
from runcrew_lint.domains.migrations.states import ColumnState, ConstraintState, Pointer, Table

_KEYS = (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE, ConstraintKind.EXCLUDE)


def add_constraint(draft: Draft, operation: Operation, revision: str) -> None:
    """ALTER TABLE ... ADD: to children, too, where they inherit it."""
    for constraint in operation.constraints:
        table = draft.some(operation.table)
        if constraint.name and constraint.name in table.constraints:
            if operation.if_exists or operation.conditions:
                continue
            drop(draft, table, constraint.name)
            table = draft.some(operation.table)
        add(draft, table, constraint, revision, only=operation.only)


def add(
    draft: Draft,
    table: Table,
    constraint: Constraint,
    revision: str,
    *,
    only: bool = False,
    inherited: bool = False,
) -> Table:
    """Give a table a constraint, and return it."""
    kind = constraint.kind
    if kind in _KEYS:
        if constraint.using_index:
            table = take_over(draft, table, constraint, revision)
            constraint = table.constraints[clipped(constraint.name) or constraint.using_index].constraint
        else:
            table = carry(draft, table, constraint, revision)
        if kind is ConstraintKind.PRIMARY_KEY:
            table = _not_null(draft, table, constraint.columns)
        return table
    name = clipped(constraint.name)
    if kind is ConstraintKind.NOT_NULL:
        table = _not_null(draft, table, constraint.columns)
        name = name or free_constraint(draft, table, addition(constraint.columns), "not_null")
    elif kind is ConstraintKind.CHECK:
        mentioned = words(constraint.expression)
        columns = tuple(each for each in table.columns if each in mentioned)
        if columns != constraint.columns:
            constraint = replace(constraint, columns=columns)
        single = columns[0] if len(columns) == 1 else ""
        name = name or free_constraint(draft, table, single, "check")
    else:
        constraint = _resolved(draft, table, constraint)
        part = addition(constraint.columns)
        name = name or free_constraint(draft, table, part, "fkey")
        if constraint.references is not None:
            draft.point(Pointer.REFERENCES, constraint.references, table.name)
    automatic = not constraint.name
    named = constraint if constraint.name == name else replace(constraint, name=name)
    made = ConstraintState(named, revision, "", automatic, inherited)
    table = draft.change(table, constraints={**table.constraints, name: made})
    draft.name(table.name, name)
    descends = table.partitioned or kind is not ConstraintKind.FOREIGN_KEY
    if descends and not only and not constraint.no_inherit:
        for child in draft.children(table.name):
            if name not in child.constraints:
                add(draft, child, made.constraint, revision, inherited=True)
    return table


def _resolved(draft: Draft, table: Table, constraint: Constraint) -> Constraint:
    """A foreign key that names no columns points at the primary key."""
    if constraint.referred or constraint.references is None:
        return constraint
    target = table if constraint.references.key == table.name.key else draft.table(constraint.references)
    key = target.primary_key if target is not None else None
    return replace(constraint, referred=key.constraint.columns) if key is not None else constraint


def _not_null(draft: Draft, table: Table, names: tuple[str, ...]) -> Table:
    columns = dict(table.columns)
    for name in names:
        state = columns.get(name)
        if state is not None and state.column.nullable:
            columns[name] = state._replace(column=replace(state.column, nullable=False))
    return draft.change(table, columns=columns)


def drop_constraint(draft: Draft, operation: Operation, revision: str) -> None:
    """ALTER TABLE ... DROP CONSTRAINT."""
    del revision
    table = draft.table(operation.table)
    if table is None:
        return
    name = clipped(operation.name)
    if name in table.constraints:
        drop(draft, table, name, only=operation.only)
        return
    for column in table.columns:  # NOT NULL is a constraint since 18, and this is its automatic name
        if name.endswith("_not_null") and name == clipped(f"{table.name.name}_{column}_not_null"):
            set_nullable(draft, table, column)


def set_nullable(draft: Draft, table: Table, name: str) -> None:
    """Let a column hold NULL."""
    state = table.columns[name]
    nullable = ColumnState(replace(state.column, nullable=True), state.made_in, state.comment_in)
    draft.change(table, columns={**table.columns, name: nullable})


def drop(draft: Draft, table: Table, name: str, *, only: bool = False) -> Table:
    """Take a constraint, its index and the foreign keys that rest on it."""
    state = table.constraints[name]
    kept = {each: other for each, other in table.constraints.items() if each != name}
    table = draft.change(table, constraints=kept)
    if state.kind is ConstraintKind.NOT_NULL:
        for column in state.constraint.columns:
            if column in table.columns:
                set_nullable(draft, table, column)
                table = draft.some(table.name)
    if state.index:
        table = forget_index(draft, table, state.index)
        columns = frozenset(state.constraint.columns)
        keys = (each.index for each in table.indexes.values() if each.index.unique and not each.index.where)
        if all(frozenset(each.keys) != columns for each in keys):  # else they rest on that one
            drop_references(draft, table.name, columns)
    elif not only:
        for child in draft.children(table.name):
            found = child.constraints.get(name)
            if found is not None and found.inherited:
                drop(draft, child, name)
    return draft.some(table.name)


def drop_references(draft: Draft, table: Relation, columns: frozenset[str] | None = None) -> None:
    """Drop the foreign keys that point at a table, or at exactly these columns of it.

    Nothing but CASCADE lets the server do so; without it the statement would have failed.
    """
    for other, state in draft.referencing(table):
        if columns is None or frozenset(state.constraint.referred) == columns:
            current = draft.some(other.name)
            if state.name in current.constraints:
                kept = {n: c for n, c in current.constraints.items() if n != state.name}
                draft.change(current, constraints=kept)


def rename_constraint(draft: Draft, operation: Operation, revision: str) -> None:
    """ALTER TABLE ... RENAME CONSTRAINT.

    One that nobody has made here was made elsewhere, so that the history does not tell all of its table.
    """
    del revision
    table = draft.table(operation.table)
    if table is None or operation.target is None:
        return
    if operation.name not in table.constraints and not operation.conditions:
        table = draft.change(table, complete=False)
    rename_constraint_in(draft, table, operation.name, operation.target.name)
    for child in draft.descendants(table.name):
        found = child.constraints.get(operation.name)
        if found is not None and found.inherited and not found.index:
            rename_constraint_in(draft, child, operation.name, operation.target.name)


def validate_constraint(draft: Draft, operation: Operation, revision: str) -> None:
    """ALTER TABLE ... VALIDATE CONSTRAINT."""
    del revision
    table = draft.table(operation.table)
    if table is None:
        return
    for each in (table, *draft.descendants(table.name)):
        state = each.constraints.get(operation.name)
        if state is not None and not state.constraint.valid:
            valid = replace(state, constraint=replace(state.constraint, valid=True))
            draft.change(each, constraints={**each.constraints, operation.name: valid})
