"""CREATE, DROP and ALTER INDEX."""

from __future__ import annotations

from runcrew_lint.domains.migrations.facts import Constraint, ConstraintKind, Index, Operation, Relation
from runcrew_lint.domains.migrations.replay.copies import replace
from runcrew_lint.domains.migrations.replay.draft import Draft
from runcrew_lint.domains.migrations.replay.names import addition, clipped, free, key_name
from runcrew_lint.domains.migrations.sql_words import words
from runcrew_lint.domains.migrations.states import ConstraintState, IndexState, Table

_MOST_PARTS = 10_000  # indexes of a table's partitions; no migration writes out more


def create_index(draft: Draft, operation: Operation, revision: str) -> None:
    """An index, and one on each partition of its table."""
    index = operation.index or Index()
    table = draft.some(operation.table)
    name = clipped(operation.name)
    if operation.if_exists and name and draft.index_tables.get(Relation(table.name.schema, name).key):
        return
    create(draft, table, name, index, revision, concurrently=operation.concurrently)


def create(
    draft: Draft,
    table: Table,
    name: str,
    index: Index,
    revision: str,
    *,
    concurrently: bool = False,
    parent: str = "",
) -> None:
    """Give a table an index, and each of its partitions a part of it; `name` is "" for the server to pick."""
    automatic = not name
    columns = frozenset(table.columns)
    if automatic:
        keys = [key_name(key, columns) for key in (*index.keys, *index.include)]
        name = free(draft, table.name.schema, table.name.name, addition(keys), "idx")
    made = IndexState(
        name,
        table.name,
        index,
        revision,
        read_by(index, columns),
        concurrently,
        parent=parent,
        valid=not (index.only and table.partitioned),
        automatic=automatic,
    )
    put_index(draft, table, made)
    if table.partitioned and not index.only:
        for child in parted(draft, table):
            if not attached(draft, child, name, index):
                create(draft, child, "", index, revision, parent=name)


def parted(draft: Draft, table: Table) -> tuple[Table, ...]:
    """The partitions that get a part of each index; none where that would be more than anybody has."""
    children = draft.children(table.name)
    return children if len(children) * len(table.indexes) <= _MOST_PARTS else ()


def is_parted(draft: Draft, table: Table) -> bool:
    """Whether a new partition gets a part of each index."""
    return draft.most_children(table.name) * len(table.indexes) <= _MOST_PARTS


def attached(draft: Draft, child: Table, parent: str, index: Index) -> bool:
    """Whether a partition has such an index already, which then becomes the parent's part."""
    for each in child.indexes.values():
        mine = each.index
        if (
            not each.parent
            and not each.constraint
            and (mine.keys, mine.unique, mine.where, mine.using, mine.ordering, mine.include)
            == (index.keys, index.unique, index.where, index.using, index.ordering, index.include)
        ):
            part = replace(each, parent=parent)
            draft.change(child, indexes={**child.indexes, each.name: part})
            return True
    return False


def read_by(index: Index, columns: frozenset[str]) -> frozenset[str]:
    """The table's columns that an index mentions; a key that is a plain name is one, known or not."""
    found = set(index.include)
    for key in index.keys:
        plain = key in columns or (key.isidentifier() and not columns)
        found |= {key} if plain else words(key) & columns if columns else words(key)
    if index.where:
        found |= words(index.where) & columns if columns else words(index.where)
    return frozenset(found)


def put_index(draft: Draft, table: Table, made: IndexState) -> Table:
    """Give a table an index."""
    draft.index_tables = draft.index_tables.put(Relation(table.name.schema, made.name).key, table.name)
    return draft.change(table, indexes={**table.indexes, made.name: made})


def forget_index(draft: Draft, table: Table, name: str) -> Table:
    """Take an index from a table, and its parts from the partitions."""
    draft.index_tables = draft.index_tables.without(Relation(table.name.schema, name).key)
    left = {each: state for each, state in table.indexes.items() if each != name}
    table = draft.change(table, indexes=left)
    for child in draft.children(table.name):
        for state in child.indexes.values():
            if state.parent == name:
                if state.constraint:
                    kept = {n: c for n, c in child.constraints.items() if n != state.constraint}
                    child = draft.change(child, constraints=kept)
                forget_index(draft, draft.some(child.name), state.name)
                break
    return table


def drop_index(draft: Draft, operation: Operation, revision: str) -> None:
    """The index goes, whichever table has it."""
    del revision
    table = draft.table_of_index(Relation(operation.table.schema, operation.name))
    if table is not None:
        forget_index(draft, draft.some(table), operation.name)


def rename_index(draft: Draft, operation: Operation, revision: str) -> None:
    """An index and, if it carries one, its constraint."""
    del revision
    if operation.target is not None:
        rename(draft, Relation(operation.table.schema, operation.name), operation.target.name)


def rename(draft: Draft, index: Relation, new: str) -> bool:
    """Give an index another name; whether there is one."""
    table_name = draft.table_of_index(index)
    table = draft.tables.get(table_name.key) if table_name is not None else None
    if table is None or index.name not in table.indexes:
        return False
    state = table.indexes[index.name]
    if state.constraint:
        rename_constraint_in(draft, table, state.constraint, new)
        return True
    _renamed(draft, table, index.name, new)
    return True


def _renamed(draft: Draft, table: Table, old: str, new: str, constraint: str = "") -> Table:
    schema = table.name.schema
    draft.index_tables = draft.index_tables.without(Relation(schema, old).key)
    draft.index_tables = draft.index_tables.put(Relation(schema, new).key, table.name)
    indexes = {
        (new if name == old else name): (
            replace(each, name=new, automatic=False, constraint=constraint or each.constraint)
            if name == old
            else each
        )
        for name, each in table.indexes.items()
    }
    table = draft.change(table, indexes=indexes)
    for child in draft.children(table.name):
        parts = {n: replace(s, parent=new) if s.parent == old else s for n, s in child.indexes.items()}
        draft.change(child, indexes=parts)
    return table


def rename_constraint_in(draft: Draft, table: Table, old: str, new: str) -> Table:
    """Give a constraint and the index that carries it another name."""
    if old not in table.constraints:
        return table
    state = table.constraints[old]
    if state.index:
        table = _renamed(draft, table, state.index, new, constraint=new)
    constraints = {
        (new if name == old else name): (
            replace(
                each,
                constraint=replace(each.constraint, name=new),
                automatic=False,
                index=new if each.index else "",
            )
            if name == old
            else each
        )
        for name, each in table.constraints.items()
    }
    draft.name(table.name, new)
    return draft.change(table, constraints=constraints)


def carry(draft: Draft, table: Table, constraint: Constraint, revision: str, *, parent: str = "") -> Table:
    """A key or an exclusion with the index that carries it, and their like on each partition."""
    label = {ConstraintKind.PRIMARY_KEY: "pkey", ConstraintKind.UNIQUE: "key"}.get(constraint.kind, "excl")
    columns = constraint.columns
    automatic = not constraint.name
    name = clipped(constraint.name)
    if automatic:
        keys = "" if label == "pkey" else addition((*columns, *constraint.include))
        name = free(draft, table.name.schema, table.name.name, keys, label, constraint=True)
    unique = constraint.kind is not ConstraintKind.EXCLUDE
    index = Index(
        columns, unique, include=constraint.include, nulls_not_distinct=constraint.nulls_not_distinct
    )
    named = constraint if constraint.name == name else replace(constraint, name=name)
    reads = frozenset((*columns, *constraint.include))
    if not unique:
        reads = words(constraint.expression) & frozenset(table.columns)
    made = IndexState(
        name, table.name, index, revision, reads, constraint=name, parent=parent, automatic=automatic
    )
    table = put_index(draft, table, made)
    state = ConstraintState(named, revision, name, automatic, bool(parent))
    table = draft.change(table, constraints={**table.constraints, name: state})
    draft.name(table.name, name)
    if table.partitioned:
        for child in parted(draft, table):
            if not taken_over(draft, child, name, constraint):
                carry(draft, child, replace(constraint, name=""), revision, parent=name)
    return table


def taken_over(draft: Draft, child: Table, parent: str, constraint: Constraint) -> bool:
    """Whether a partition has such a key already, which then becomes the parent's part."""
    for each in child.constraints.values():
        mine = each.constraint
        if (
            each.index
            and not child.indexes[each.index].parent
            and (mine.kind, mine.columns, mine.include)
            == (constraint.kind, constraint.columns, constraint.include)
        ):
            part = replace(child.indexes[each.index], parent=parent)
            state = replace(each, inherited=True)
            draft.change(
                child,
                indexes={**child.indexes, part.name: part},
                constraints={**child.constraints, each.name: state},
            )
            return True
    return False


def take_over(draft: Draft, table: Table, constraint: Constraint, revision: str) -> Table:
    """USING INDEX: the constraint takes an index over, which is then called like it."""
    old = constraint.using_index
    state = table.indexes.get(old)
    name = clipped(constraint.name) or old
    if state is None:
        state = IndexState(old, table.name, Index(unique=True))
        table = put_index(draft, table, state)
    table = _renamed(draft, table, old, name, constraint=name)
    made = replace(constraint, name=name, columns=constraint.columns or state.index.keys)
    draft.name(table.name, name)
    entry = ConstraintState(made, revision, name, not constraint.name)
    return draft.change(table, constraints={**table.constraints, name: entry})


def attach_index(draft: Draft, index: Relation, child: Relation) -> None:
    """ALTER INDEX ... ATTACH PARTITION: the parent is valid once every partition has its part."""
    table_name, part_table = draft.table_of_index(index), draft.table_of_index(child)
    if table_name is None or part_table is None:
        return
    part = draft.some(part_table)
    if child.name in part.indexes:
        attached = replace(part.indexes[child.name], parent=index.name)
        draft.change(part, indexes={**part.indexes, child.name: attached})
    table = draft.some(table_name)
    if index.name in table.indexes:
        whole = all(
            any(each.parent == index.name for each in partition.indexes.values())
            for partition in draft.children(table.name)
        )
        state = replace(table.indexes[index.name], valid=whole)
        draft.change(table, indexes={**table.indexes, index.name: state})
