"""Sequences: those that a serial or identity column brings along, and those made by name."""

from __future__ import annotations

from runcrew_lint.domains.migrations.facts import Column, Operation, Relation
from runcrew_lint.domains.migrations.replay.copies import replace
from runcrew_lint.domains.migrations.replay.draft import Draft
from runcrew_lint.domains.migrations.replay.names import free
from runcrew_lint.domains.migrations.sql_words import counted, quoted
from runcrew_lint.domains.migrations.states import SequenceState, Table


def sequenced(draft: Draft, table: Relation, column: Column, revision: str) -> tuple[Column, Relation | None]:
    """A serial or identity column with the sequence that the server makes for it."""
    if not column.serial and not column.identity:
        return column, None
    name = Relation(table.schema, free(draft, table.schema, table.name, column.name, "seq"))
    draft.sequences = draft.sequences.put(name.key, SequenceState(name, revision, table, column.name))
    draft.changed = True
    return (column if column.identity else replace(column, default=_next(name))), name


def _next(name: Relation) -> str:
    """The default of a column that counts on a sequence, as the server prints it."""
    schema = f"{quoted(name.key.schema)}." if name.key.schema else ""
    return f"nextval('{schema}{quoted(name.name)}'::regclass)"


def move_sequence(draft: Draft, state: SequenceState, target: Relation) -> None:
    """Give a sequence another name or schema; its column's default follows."""
    moved = replace(state, name=target)
    draft.sequences = draft.sequences.without(state.name.key).put(target.key, moved)
    draft.changed = True
    _follow(draft, state.name, target)
    table = draft.table(state.table) if state.table.name else None
    if table is None:
        return
    names = tuple(target if each.key == state.name.key else each for each in table.sequences)
    draft.change(table, sequences=names)


def _follow(draft: Draft, old: Relation, target: Relation) -> None:
    """Let every default that counts on a sequence name it anew: a table LIKE another shares its sequence."""
    for table in draft.once_users_of(old):
        columns = {
            name: each._replace(column=replace(each.column, default=_next(target)))
            for name, each in table.columns.items()
            if each.column.default and counted(each.column.default) == old.key
        }
        if columns:
            changed = draft.change(table, columns={**table.columns, **columns})
            for each in columns.values():
                draft.rest(each.column, changed.name)


def forget_sequences(draft: Draft, table: Table, column: str) -> tuple[Relation, ...]:
    """Take the sequences that a column owns; the table's others are given back."""
    kept = []
    for each in table.sequences:
        found = draft.sequences.get(each.key)
        if found is not None and found.column == column:
            draft.sequences = draft.sequences.without(each.key)
        else:
            kept.append(each)
    return tuple(kept)


def create_sequence(draft: Draft, operation: Operation, revision: str) -> None:
    """CREATE SEQUENCE, owned or not."""
    if draft.sequence(operation.table) is not None and (operation.if_exists or operation.conditions):
        return
    draft.sequences = draft.sequences.put(operation.table.key, SequenceState(operation.table, revision))
    draft.changed = True
    _own(draft, operation)


def alter_sequence(draft: Draft, operation: Operation, revision: str) -> None:
    """ALTER SEQUENCE: its owner, its name; what it counts is not followed."""
    del revision
    state = draft.sequence(operation.table)
    if operation.target is not None and state is not None:
        move_sequence(draft, state, operation.target)
        return
    _own(draft, operation)


def _own(draft: Draft, operation: Operation) -> None:
    """OWNED BY table.column, the table being in `others`."""
    owner = dict(operation.options).get("owned by", "")
    state = draft.sequence(operation.table)
    if not owner or state is None:
        return
    if owner.lower() == "none" or not operation.others:
        draft.sequences = draft.sequences.put(operation.table.key, SequenceState(state.name, state.made_in))
        return
    table = draft.some(operation.others[0])
    column = owner.rpartition(".")[2].strip('"')
    owned = replace(state, table=table.name, column=column)
    draft.sequences = draft.sequences.put(operation.table.key, owned)
    if state.name not in table.sequences:
        draft.change(table, sequences=(*table.sequences, state.name))


def drop_sequence(draft: Draft, operation: Operation, revision: str) -> None:
    """DROP SEQUENCE; with CASCADE the defaults that count on it go."""
    del revision
    state = draft.sequence(operation.table)
    counting = draft.defaults_by(operation.table)
    draft.sequences = draft.sequences.without(operation.table.key)
    draft.changed = True
    for table, column in counting:
        bare = column._replace(column=replace(column.column, default=None, serial=False))
        now = draft.some(table.name)
        draft.change(now, columns={**now.columns, column.column.name: bare})
    owner = draft.table(state.table) if state is not None and state.table.name else None
    if state is not None and owner is not None:
        kept = tuple(each for each in owner.sequences if each.key != state.name.key)
        draft.change(owner, sequences=kept)
