"""Tables and views: made, dropped, renamed, moved, partitioned, filled and emptied."""

from __future__ import annotations

import re

from runcrew_lint.domains.migrations.facts import (
    Column,
    Constraint,
    ConstraintKind,
    Kind,
    Like,
    Operation,
    Relation,
)
from runcrew_lint.domains.migrations.replay import indexes
from runcrew_lint.domains.migrations.replay.columns import forget_relation, made
from runcrew_lint.domains.migrations.replay.constraints import add, drop_references
from runcrew_lint.domains.migrations.replay.copies import replace
from runcrew_lint.domains.migrations.replay.draft import Draft
from runcrew_lint.domains.migrations.replay.names import clipped
from runcrew_lint.domains.migrations.replay.partitions import inherit
from runcrew_lint.domains.migrations.replay.sequences import move_sequence, sequenced
from runcrew_lint.domains.migrations.sql_words import renamed
from runcrew_lint.domains.migrations.states import ColumnState, ConstraintState, Table, TableKind
from runcrew_lint.patterns import lazily

_ORDER = {ConstraintKind.CHECK: 0, ConstraintKind.NOT_NULL: 0, ConstraintKind.PRIMARY_KEY: 1}
_LAST = {ConstraintKind.UNIQUE: 2, ConstraintKind.EXCLUDE: 2, ConstraintKind.FOREIGN_KEY: 3}


def create_table(draft: Draft, operation: Operation, revision: str) -> None:
    """CREATE TABLE in all its forms: columns, LIKE, INHERITS, PARTITION OF, AS."""
    name = operation.table._replace(name=clipped(operation.table.name))
    if (operation.if_exists or operation.conditions) and draft.table(name) is not None:
        return
    partition = operation.words.startswith("partition of")
    parents = operation.others if not operation.text or partition else ()
    if partition and not parents and operation.target is not None:
        parents = (operation.target,)
    parents = tuple(each for each in parents if not draft.descends(each, name))
    from_query = bool(operation.text) and not partition
    columns: dict[str, ColumnState] = {}
    whole = _whole(draft, operation) if from_query else None
    complete = not from_query or (whole is not None and whole.complete)
    for state in whole.columns.values() if whole is not None else ():
        columns[state.column.name] = ColumnState(_value(state.column), revision)
    for parent in parents:
        found = draft.some(parent)
        complete = complete and found.complete
        for state in found.columns.values():
            column = state.column
            if column.identity and not partition:
                column = replace(column, identity=False)
            columns[column.name] = ColumnState(column, revision)
    for like in operation.likes:
        found = draft.some(like.table)
        complete = complete and found.complete
        columns |= {each.column.name: _like(each, like, revision) for each in found.columns.values()}
    owned = []
    for given in operation.columns:
        column, sequence = sequenced(draft, name, _over(columns.get(given.name), given), revision)
        columns[column.name] = made(column, revision)
        if sequence is not None:
            owned.append(sequence)
    table = Table(
        name,
        revision,
        TableKind.PARTITIONED if operation.partitioned else TableKind.TABLE,
        columns,
        parents=parents,
        bound=operation.text or "default" if partition else "",
        partition_key=dict(operation.options).get("partition by", ""),
        reads=operation.others if from_query else (),
        unlogged=operation.unlogged,
        temporary=operation.temporary,
        emptied_in="" if from_query and "no data" not in operation.words else revision,
        complete=complete,
        sequences=tuple(owned),
    )
    if operation.words.startswith("foreign"):
        table = table._replace(kind=TableKind.FOREIGN)
    old = draft.table(name)
    if old is not None:
        forget_table(draft, old, revision)
    draft.put(table)
    draft.dropped = draft.dropped.without(name.key)
    draft.point_all(table._replace(reads=()))
    for constraint in _merged(operation.constraints):
        add(draft, draft.some(name), constraint, revision)
    for parent in parents:
        inherit(draft, draft.some(parent), draft.some(name), revision)
    for like in operation.likes:
        _copy_like(draft, like, name, revision)


_ALL = lazily(r"(?:table|select\s+\*\s+from)\s+[\w.\"]+(?:\s+where\b.*)?\s*\Z", re.IGNORECASE | re.DOTALL)


def _whole(draft: Draft, operation: Operation) -> Table | None:
    """The table of which a query takes every column as it is; None where it may take anything else."""
    if operation.columns or len(operation.others) != 1 or _ALL.match(operation.text) is None:
        return None
    return draft.table(operation.others[0])


def _value(column: Column) -> Column:
    """A column of a query: it has the name and type, and nothing else of the one that it shows."""
    unknown = tuple(each for each in column.unknown if each in ("*", "type"))
    return Column(column.name, type=column.type, collation=column.collation, unknown=unknown)


def _over(before: ColumnState | None, column: Column) -> Column:
    """A column that a partition or child names again: what it says goes over what it inherits."""
    if before is None:
        return column
    return replace(
        before.column,
        nullable=before.column.nullable and column.nullable,
        default=column.default if column.default is not None else before.column.default,
    )


def _like(state: ColumnState, like: Like, revision: str) -> ColumnState:
    """LIKE copies names, types and NOT NULL, and what INCLUDING says."""
    including = {word for each in like.including for word in each.split()}
    everything = "all" in including
    column = state.column
    kept = replace(
        column,
        default=column.default if everything or "defaults" in including else None,
        identity=column.identity and (everything or "identity" in including),
        generated=column.generated if everything or "generated" in including else None,
        comment=column.comment if everything or "comments" in including else None,
        serial=False,
    )
    return made(kept, revision)


def _copy_like(draft: Draft, like: Like, name: Relation, revision: str) -> None:
    including = {word for each in like.including for word in each.split()}
    source = draft.some(like.table)
    for state in source.constraints.values():
        table = draft.some(name)
        if state.kind is ConstraintKind.CHECK and including & {"all", "constraints"}:
            add(draft, table, state.constraint, revision)
        elif state.index and including & {"all", "indexes"}:
            add(draft, table, replace(state.constraint, name="", using_index=""), revision)
    if including & {"all", "indexes"}:
        for index in source.indexes.values():
            if not index.constraint:
                indexes.create(draft, draft.some(name), "", index.index, revision)


def _merged(constraints: tuple[Constraint, ...]) -> list[Constraint]:
    """In the order that the server makes them; keys over the same columns are one."""
    found: list[Constraint] = []
    keys: dict[object, int] = {}
    for each in sorted(constraints, key=lambda one: _ORDER.get(one.kind, _LAST.get(one.kind, 9))):
        like = each.columns, each.deferrable, each.nulls_not_distinct
        twin = keys.get(like) if each.kind is ConstraintKind.UNIQUE and each.columns else None
        if twin is None:
            if each.kind in (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE):
                keys.setdefault(like, len(found))
            found.append(each)
        elif not found[twin].name:
            found[twin] = replace(found[twin], name=each.name)
    return found


def create_view(draft: Draft, operation: Operation, revision: str) -> None:
    """CREATE [OR REPLACE] [MATERIALIZED] VIEW."""
    before = draft.table(operation.table)
    if before is not None and operation.if_exists and not operation.replaces:
        return
    columns = {each.name: made(each, revision) for each in operation.columns}
    view = Table(
        operation.table,
        before.made_in if before is not None and operation.replaces else revision,
        TableKind.MATERIALIZED_VIEW if operation.materialized else TableKind.VIEW,
        columns,
        reads=operation.others,
        read_columns=operation.reads,
        query=operation.text,
        temporary=operation.temporary,
        emptied_in=revision,
        complete=False,
    )
    draft.put(view)
    draft.dropped = draft.dropped.without(operation.table.key)
    draft.point_all(view)


def drop_table(draft: Draft, operation: Operation, revision: str) -> None:
    """DROP TABLE and DROP VIEW."""
    table = draft.table(operation.table)
    if table is not None:
        forget_table(draft, table, revision)
        while operation.cascade and table is not None and table.is_partition:
            parent = table.parents[0]
            drop_references(draft, parent)  # a foreign key rests on every partition that it points at
            table = draft.table(parent)
    else:
        draft.dropped = draft.dropped.put(operation.table.key, revision)
        draft.changed = True


def forget_table(draft: Draft, table: Table, revision: str) -> None:
    """Take a table with its partitions, and what else CASCADE takes: foreign keys, views."""
    drop_references(draft, table.name)
    for child in draft.children(table.name):
        forget_table(draft, child, revision)
    for index in table.indexes:
        draft.index_tables = draft.index_tables.without(Relation(table.name.schema, index).key)
    for sequence in table.sequences:
        draft.sequences = draft.sequences.without(sequence.key)
    draft.tables = draft.tables.without(table.name.key)
    draft.dropped = draft.dropped.put(table.name.key, revision)
    draft.changed = True
    for reader in draft.readers(table.name):
        forget_relation(draft, reader)


def rename_table(draft: Draft, operation: Operation, revision: str) -> None:
    """RENAME TO and SET SCHEMA of whatever bears the name: ALTER TABLE takes indexes and sequences, too."""
    if operation.target is None:
        return
    name = operation.table
    if draft.table(name) is None:
        if draft.table_of_index(name) is not None:
            indexes.rename(draft, name, operation.target.name)
            return
        sequence = draft.sequences.get(name.key)
        if sequence is not None:
            move_sequence(draft, sequence, operation.target)
            return
    move(draft, draft.some(name), operation.target, revision)


def move(draft: Draft, table: Table, target: Relation, revision: str) -> None:
    """Give a table another name; its indexes stay in its schema, and what points at it follows."""
    old = table.name
    draft.tables = draft.tables.without(old.key)
    draft.dropped = draft.dropped.put(old.key, revision).without(target.key)
    for index in table.indexes:
        draft.index_tables = draft.index_tables.without(Relation(old.schema, index).key)
        draft.index_tables = draft.index_tables.put(Relation(target.schema, index).key, target)
    states = {name: replace(each, table=target) for name, each in table.indexes.items()}
    referencing, children, readers = (
        draft.referencing(old),
        draft.children(old),
        draft.readers(old),
    )
    own = {name: _pointed(each.constraint, old, target) for name, each in table.constraints.items()}
    constraints = {name: replace(each, constraint=own[name]) for name, each in table.constraints.items()}
    moved = table._replace(name=target, indexes=states, constraints=constraints)
    draft.put(moved)
    draft.point_all(moved)
    for other, state in referencing:
        current = draft.some(other.name)
        foreign = replace(state, constraint=_pointed(state.constraint, old, target))
        draft.point_all(draft.change(current, constraints={**current.constraints, state.name: foreign}))
    for other in (*children, *readers):
        current = draft.some(other.name)
        parents = tuple(target if each.key == old.key else each for each in current.parents)
        reads = tuple(target if each.key == old.key else each for each in current.reads)
        columns = tuple(
            each._replace(relation=target) if each.relation.key == old.key else each
            for each in current.read_columns
        )
        query = current.query
        if reads != current.reads:  # the text names it as it was; within a schema it can be told anew
            query = renamed(query, old.name, target.name) if old.schema == target.schema else ""
        draft.point_all(
            draft.change(current, parents=parents, reads=reads, read_columns=columns, query=query)
        )
    for sequence in table.sequences:
        found = draft.sequences.get(sequence.key)
        if found is not None:
            move_sequence(draft, replace(found, table=target), Relation(target.schema, sequence.name))


def _pointed(constraint: Constraint, old: Relation, target: Relation) -> Constraint:
    if constraint.references is None or constraint.references.key != old.key:
        return constraint
    return replace(constraint, references=target)


def comment_table(draft: Draft, operation: Operation, revision: str) -> None:
    """COMMENT ON TABLE."""
    del revision
    draft.change(draft.some(operation.table), comment=operation.text or operation.name)


def emptied(draft: Draft, operation: Operation, revision: str) -> None:
    """TRUNCATE, or DELETE of every row, with the rows of other tables that go along."""
    if not operation.table.name or (operation.kind is Kind.DELETE and not operation.whole):
        return
    table = draft.some(operation.table)
    if table.emptied_in == revision:
        return
    draft.change(table, emptied_in=revision)
    for other, key in draft.referencing(table.name):
        if operation.cascade or (operation.kind is Kind.DELETE and _each_row_points(other, key)):
            emptied(draft, replace(operation, table=other.name), revision)


def _each_row_points(table: Table, key: ConstraintState) -> bool:
    """Whether each row of a table points at one, so that none is left once nothing is there to point at."""
    columns = [table.columns.get(each) for each in key.constraint.columns]
    return key.constraint.valid and all(each is not None and not each.column.nullable for each in columns)


def filled(draft: Draft, operation: Operation, revision: str) -> None:
    """Rows are put in."""
    del revision
    table = draft.table(operation.table)
    if table is not None and table.emptied_in:
        draft.change(table, emptied_in="")
