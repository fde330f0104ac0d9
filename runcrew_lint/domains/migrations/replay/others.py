"""Functions, triggers, schemas, and the actions of ALTER TABLE that have no kind of their own."""

from __future__ import annotations

from runcrew_lint.domains.migrations.facts import Kind, Operation, Relation
from runcrew_lint.domains.migrations.replay.columns import altered
from runcrew_lint.domains.migrations.replay.constraints import drop
from runcrew_lint.domains.migrations.replay.copies import replace
from runcrew_lint.domains.migrations.replay.draft import Draft
from runcrew_lint.domains.migrations.replay.partitions import inherit
from runcrew_lint.domains.migrations.replay.sequences import (
    alter_sequence,
    create_sequence,
    drop_sequence,
    forget_sequences,
    sequenced,
)
from runcrew_lint.domains.migrations.replay.tables import forget_table, move
from runcrew_lint.domains.migrations.replay.types import forget_type, named
from runcrew_lint.domains.migrations.states import (
    ColumnState,
    FunctionState,
    TriggerState,
)
from runcrew_lint.patterns import lazily


def create_function(draft: Draft, operation: Operation, revision: str) -> None:
    """CREATE FUNCTION and PROCEDURE."""
    name = operation.table if operation.table.name else named(operation.name)
    before = draft.function(name)
    made = before.made_in if before is not None and operation.replaces else revision
    returns = dict(operation.options).get("returns", "")
    rated = dict(operation.options).get("volatility", "volatile")
    draft.functions = draft.functions.put(name.key, FunctionState(name, made, returns, operation.text, rated))
    draft.changed = True


def drop_function(draft: Draft, operation: Operation, revision: str) -> None:
    """DROP FUNCTION; the triggers that call it go with it, as CASCADE has it."""
    del revision
    name = operation.table if operation.table.name else named(operation.name)
    draft.functions = draft.functions.without(name.key)
    draft.changed = True
    if operation.cascade:
        for _, table in list(draft.tables.items()):
            kept = {n: t for n, t in table.triggers.items() if named(t.function).key != name.key}
            if len(kept) < len(table.triggers):
                draft.change(table, triggers=kept)


def create_trigger(draft: Draft, operation: Operation, revision: str) -> None:
    """CREATE TRIGGER: `options` or `text` names the function."""
    table = draft.some(operation.table)
    function = dict(operation.options).get("execute", "") or operation.text
    made = TriggerState(operation.name, function.partition("(")[0].strip(), revision)
    draft.change(table, triggers={**table.triggers, operation.name: made})


def drop_trigger(draft: Draft, operation: Operation, revision: str) -> None:
    """DROP TRIGGER ... ON."""
    del revision
    table = draft.table(operation.table)
    if table is not None:
        left = {name: each for name, each in table.triggers.items() if name != operation.name}
        draft.change(table, triggers=left)


def rename_schema(draft: Draft, operation: Operation, revision: str) -> None:
    """ALTER SCHEMA ... RENAME TO: all that lies in it moves."""
    if operation.target is None:
        return
    schema = _key(operation.name)
    for key, table in list(draft.tables.items()):
        if key.schema == schema:
            move(draft, table, Relation(operation.target.name, key.name), revision)


def drop_schema(draft: Draft, operation: Operation, revision: str) -> None:
    """DROP SCHEMA ... CASCADE: all that lies in it goes."""
    schema = _key(operation.name)
    for key, table in list(draft.tables.items()):
        if key.schema == schema:
            forget_table(draft, table, revision)
    for key, state in list(draft.types.items()):
        if key.schema == schema:
            forget_type(draft, state.name, cascade=True)
    for key, _ in list(draft.sequences.items()):
        if key.schema == schema:
            draft.sequences = draft.sequences.without(key)
    for key, _ in list(draft.functions.items()):
        if key.schema == schema:
            draft.functions = draft.functions.without(key)
    draft.changed = True


def _key(schema: str) -> str:
    """The schema as the keys of what lies in it have it: `public` goes without saying."""
    return Relation(schema, "").key.schema


_IDENTITY = lazily(r"\b(add|set|drop|alter)\b.*\b(identity|expression|computed)\b|\bidentity\b|\bcomputed\b")


_ROW_SECURITY = {
    "enable": {"secured": True},
    "disable": {"secured": False},
    "force": {"forced": True},
    "no force": {"forced": False},
}


def alter_table(draft: Draft, operation: Operation, revision: str) -> None:
    """The actions of ALTER TABLE that change what is replayed; the others change nothing here."""
    words = operation.words or operation.name
    table = draft.some(operation.table)
    if operation.columns and _IDENTITY.search(words):
        _generated(draft, operation, revision, words)
    elif words.startswith(("set logged", "set unlogged")):
        draft.change(table, unlogged=words == "set unlogged")
    elif words.endswith("row level security"):
        draft.change(table, **_ROW_SECURITY.get(words.removesuffix(" row level security"), {}))
    elif words.startswith("no inherit"):
        gone = {each.key for each in operation.others}
        draft.change(table, parents=tuple(each for each in table.parents if each.key not in gone))
    elif words.startswith("inherit"):
        parents = [each for each in operation.others if not draft.descends(each, table.name)]
        draft.point_all(draft.change(table, parents=(*table.parents, *parents)))
        for parent in parents:
            inherit(draft, draft.some(parent), draft.some(table.name), revision)
    elif words.startswith("alter constraint"):
        for given in operation.constraints:
            state = table.constraints.get(given.name)
            if state is not None:
                changed = replace(
                    state.constraint,
                    deferrable=given.deferrable,
                    deferred=given.deferred,
                    enforced=given.enforced,
                )
                kept = {**table.constraints, given.name: replace(state, constraint=changed)}
                table = draft.change(table, constraints=kept)
    elif words.startswith("drop constraint"):
        if operation.name in table.constraints:
            drop(draft, table, operation.name, only=operation.only)


def _generated(draft: Draft, operation: Operation, revision: str, words: str) -> None:
    """ADD and DROP IDENTITY, SET and DROP EXPRESSION."""
    name = operation.columns[0].name
    told = operation.columns[0]

    def changed(state: ColumnState, operation: Operation, revision: str) -> ColumnState:
        del operation, revision
        column = state.column
        if "identity" in words:
            drops = words.endswith("drop identity") or "drop identity" in words
            return state._replace(column=replace(column, identity=not drops, default=None))
        if "drop expression" in words:
            return state._replace(column=replace(column, generated=None))
        return state._replace(column=replace(column, generated=told.generated))

    had = draft.column(operation.table, name)
    if "drop identity" in words and had is not None and not had.column.identity and not had.column.unknown:
        return
    altered(changed)(draft, operation, revision)
    if "identity" not in words:
        return
    table = draft.some(operation.table)
    if "drop identity" in words:
        draft.change(table, sequences=forget_sequences(draft, table, name))
    elif had is None or not had.column.identity:
        column, sequence_name = sequenced(draft, table.name, table.columns[name].column, revision)
        del column
        if sequence_name is not None:
            not_null = table.columns[name]
            not_null = not_null._replace(column=replace(not_null.column, nullable=False))
            columns = {**table.columns, name: not_null}
            draft.change(table, columns=columns, sequences=(*table.sequences, sequence_name))


CHANGES = {
    Kind.CREATE_SEQUENCE: create_sequence,
    Kind.ALTER_SEQUENCE: alter_sequence,
    Kind.DROP_SEQUENCE: drop_sequence,
    Kind.CREATE_FUNCTION: create_function,
    Kind.DROP_FUNCTION: drop_function,
    Kind.CREATE_TRIGGER: create_trigger,
    Kind.DROP_TRIGGER: drop_trigger,
    Kind.RENAME_SCHEMA: rename_schema,
    Kind.DROP_SCHEMA: drop_schema,
    Kind.ALTER_TABLE: alter_table,
}
