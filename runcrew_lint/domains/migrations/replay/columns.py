"""Columns: added, changed, renamed and dropped with all that mentions them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from runcrew_lint.domains.migrations.facts import (
    NO_RELATION,
    Column,
    ConstraintKind,
    Kind,
    Operation,
    Relation,
)
from runcrew_lint.domains.migrations.replay.constraints import add, drop, drop_references
from runcrew_lint.domains.migrations.replay.copies import replace
from runcrew_lint.domains.migrations.replay.draft import Draft
from runcrew_lint.domains.migrations.replay.indexes import forget_index
from runcrew_lint.domains.migrations.replay.sequences import forget_sequences, sequenced
from runcrew_lint.domains.migrations.sql_words import is_own, mentions, renamed
from runcrew_lint.domains.migrations.states import ColumnState, Table
from runcrew_lint.patterns import lazily


def made(column: Column, revision: str) -> ColumnState:
    """The state of a new column."""
    return ColumnState(column, revision, revision if column.comment is not None else "")


def add_column(draft: Draft, operation: Operation, revision: str) -> None:
    """ALTER TABLE ... ADD COLUMN, with the constraints that it brings along."""
    for column in operation.columns:
        table = draft.some(operation.table)
        if column.name in table.columns and (operation.if_exists or operation.conditions):
            continue
        column, sequence = sequenced(draft, table.name, column, revision)
        owned = table.sequences if sequence is None else (*table.sequences, sequence)
        state = made(column, revision)
        columns = {**table.columns, column.name: state}
        table = draft.change(table, columns=columns, sequences=owned)
        draft.rest(column, table.name)
        for child in () if operation.only else draft.descendants(table.name):
            mine = child.columns.get(column.name)
            if mine is None:
                draft.change(child, columns={**child.columns, column.name: state})
                draft.rest(column, child.name)
            elif mine.column.nullable and not column.nullable:  # the two are merged
                mine = mine._replace(column=replace(mine.column, nullable=False))
                draft.change(child, columns={**child.columns, column.name: mine})
    for constraint in operation.constraints:
        add(draft, draft.some(operation.table), constraint, revision, only=operation.only)


def drop_column(draft: Draft, operation: Operation, revision: str) -> None:
    """ALTER TABLE ... DROP COLUMN; what else rests on the column goes, as CASCADE has it."""
    del revision
    for column in operation.columns:
        for table in _family(draft, operation):
            forget_column(draft, table, column.name)


def forget_column(draft: Draft, table: Table, name: str) -> None:
    """Take a column with the indexes, constraints, sequences, foreign keys and views that need it."""
    for constraint in list(table.constraints.values()):
        if name in (*constraint.constraint.columns, *constraint.constraint.include) or (
            constraint.kind is ConstraintKind.EXCLUDE and mentions(constraint.constraint.expression, name)
        ):
            table = draft.some(table.name)
            if constraint.name in table.constraints:
                drop(draft, table, constraint.name)
    table = draft.some(table.name)
    for index in list(table.indexes.values()):
        if name in index.reads:
            table = forget_index(draft, table, index.name)
    for _, state in draft.referencing(table.name):
        if name in state.constraint.referred:
            drop_references(draft, table.name, frozenset(state.constraint.referred))
    for other in list(draft.some(table.name).columns):
        generated = table.columns[other].column.generated if other in table.columns else None
        if generated and other != name and mentions(generated, name):
            forget_column(draft, draft.some(table.name), other)
    table = draft.some(table.name)
    left = {each: state for each, state in table.columns.items() if each != name}
    draft.change(table, columns=left, sequences=forget_sequences(draft, table, name))
    for reader in draft.readers(table.name, name):
        if reader.query or reader.read_columns:
            forget_relation(draft, reader)


def forget_relation(draft: Draft, view: Table) -> None:
    """Take a view, and the views that read it."""
    for index in view.indexes.values():
        draft.index_tables = draft.index_tables.without(Relation(view.name.schema, index.name).key)
    draft.tables = draft.tables.without(view.name.key)
    draft.changed = True
    for reader in draft.readers(view.name):
        forget_relation(draft, reader)


def _family(draft: Draft, operation: Operation) -> Iterator[Table]:
    """The table and, unless ONLY it is meant, those that inherit its columns."""
    table = draft.some(operation.table)
    yield table
    if not operation.only:
        yield from draft.descendants(table.name)


_LITERAL = lazily(r"'(?:[^']|'')*'\Z")
Change = Callable[[ColumnState, Operation, str], ColumnState]


def altered(change: Change, *, inherited: bool = True) -> Callable[[Draft, Operation, str], None]:
    """A change of one attribute of a column."""

    def apply(draft: Draft, operation: Operation, revision: str) -> None:
        name = operation.columns[0].name
        for table in _family(draft, operation) if inherited else (draft.some(operation.table),):
            state = table.columns.get(name) or ColumnState(Column(name, unknown=("*",)))
            after = change(state, operation, revision)
            draft.change(table, columns={**table.columns, name: after})
            if after.column.type != state.column.type or after.column.default != state.column.default:
                draft.rest(after.column, table.name)

    return apply


def typed(state: ColumnState, operation: Operation, revision: str) -> ColumnState:
    """ALTER ... TYPE: the default stays what it was, of its old type."""
    del revision
    told, before = operation.columns[0], state.column
    unknown = (*(each for each in before.unknown if each != "type"), *told.unknown)
    default = before.default
    kept = before.type not in ("", told.type) and not is_own(
        told.type
    )  # the server casts no default to those
    if kept and default is not None and _LITERAL.match(default):
        default = f"{default}::{before.type.partition('(')[0]}"
    column = replace(before, type=told.type, collation=told.collation, unknown=unknown, default=default)
    return state._replace(column=column)


def nullable(state: ColumnState, operation: Operation, revision: str) -> ColumnState:
    """SET and DROP NOT NULL."""
    del revision
    unknown = tuple(each for each in state.column.unknown if each != "nullable")
    column = replace(state.column, nullable=operation.kind is Kind.DROP_NOT_NULL, unknown=unknown)
    return state._replace(column=column)


def defaulted(state: ColumnState, operation: Operation, revision: str) -> ColumnState:
    """SET and DROP DEFAULT."""
    del revision
    default = operation.columns[0].default if operation.kind is Kind.SET_DEFAULT else None
    unknown = tuple(each for each in state.column.unknown if each != "default")
    column = replace(state.column, default=default, serial=False, unknown=unknown)
    return state._replace(column=column)


def commented(state: ColumnState, operation: Operation, revision: str) -> ColumnState:
    """COMMENT ON COLUMN."""
    told = operation.columns[0]
    unknown = tuple(each for each in state.column.unknown if each != "comment")
    column = replace(state.column, comment=told.comment, unknown=(*unknown, *told.unknown))
    return state._replace(column=column, comment_in=revision)


def rename_column(draft: Draft, operation: Operation, revision: str) -> None:
    """RENAME COLUMN: everything that mentions the column follows it."""
    del revision
    old, new = operation.columns[0].name, operation.name
    for table in _family(draft, operation):
        rename_in(draft, table, old, new)


def rename_in(draft: Draft, table: Table, old: str, new: str) -> None:
    """Rename a column in its table, the foreign keys that point at it and the views that read it."""

    def names(given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(new if each == old else each for each in given) if old in given else given

    state = table.columns.get(old) or ColumnState(Column(old, unknown=("*",)))
    moved = state._replace(column=replace(state.column, name=new))
    columns = {
        (new if name == old else name): moved if name == old else _regenerated(each, old, new)
        for name, each in table.columns.items()
    }
    columns.setdefault(new, moved)
    constraints = {
        name: replace(
            each,
            constraint=replace(
                each.constraint,
                columns=names(each.constraint.columns),
                include=names(each.constraint.include),
                expression=renamed(each.constraint.expression, old, new),
            ),
        )
        for name, each in table.constraints.items()
    }
    indexes = {
        name: replace(
            each,
            reads=frozenset(names(tuple(each.reads))),
            index=replace(
                each.index,
                keys=tuple(
                    new if key == old else key if key in table.columns else renamed(key, old, new)
                    for key in each.index.keys
                ),
                include=names(each.index.include),
                where=renamed(each.index.where, old, new),
            ),
        )
        if old in each.reads
        else each
        for name, each in table.indexes.items()
    }
    for sequence in table.sequences:
        found = draft.sequences.get(sequence.key)
        if found is not None and found.column == old:
            draft.sequences = draft.sequences.put(sequence.key, replace(found, column=new))
    key = renamed(table.partition_key, old, new)
    draft.change(table, columns=columns, constraints=constraints, indexes=indexes, partition_key=key)
    for other, foreign in draft.referencing(table.name):
        current = draft.some(other.name)
        constraint = replace(foreign.constraint, referred=names(foreign.constraint.referred))
        pointed = {**current.constraints, foreign.name: replace(foreign, constraint=constraint)}
        draft.change(current, constraints=pointed)
    for reader in draft.readers(table.name, old):
        reads = tuple(
            each._replace(column=new)
            if each.column == old and each.relation.key in (table.name.key, NO_RELATION)
            else each
            for each in reader.read_columns
        )
        alike = any(each.name == old for each in reader.reads)  # no telling which of the two is meant
        query = "" if alike else renamed(reader.query, old, new)
        draft.change(reader, query=query, read_columns=reads)


def _regenerated(state: ColumnState, old: str, new: str) -> ColumnState:
    generated = state.column.generated
    if not generated or not mentions(generated, old):
        return state
    return state._replace(column=replace(state.column, generated=renamed(generated, old, new)))
