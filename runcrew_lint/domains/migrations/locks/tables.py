"""Tables that are made, renamed, moved and set up otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from runcrew_lint.domains.migrations.facts import ConstraintKind, Kind, Operation, Relation
from runcrew_lint.domains.migrations.locks.columns import alter_column, depends_on_sequences
from runcrew_lint.domains.migrations.locks.constraints import alter_constraint
from runcrew_lint.domains.migrations.locks.indexes import alter_index
from runcrew_lint.domains.migrations.locks.partitions import inherits, partition_of
from runcrew_lint.domains.migrations.locks.scene import Handler, Judgement, Scene, referenced, use
from runcrew_lint.domains.migrations.schema import TableKind

# Storage parameters of a table whose change takes ACCESS EXCLUSIVE: reloptions.c of PostgreSQL.
STRONG = frozenset({"user_catalog_table"})
_DEFAULT_SPACE, _DEFAULT_METHOD = "pg_default", "heap"


def _create(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    if operation.if_exists and scene.table(operation.table) is not None:
        return
    for constraint in operation.constraints:
        if constraint.kind is ConstraintKind.FOREIGN_KEY:
            for name in referenced(constraint):
                if name.key != operation.table.key:
                    yield use("create table: reference", other=[name, *scene.partitions(name)])
    for column in operation.columns:
        yield from depends_on_sequences(column.default, scene)
    for like in operation.likes:
        yield use("create table: like", other=[like.table])
        if not {"all", "defaults"}.isdisjoint(like.including):
            yield from _defaults_of(like.table, operation, scene)
    if operation.words.startswith("partition of"):
        for parent in operation.others:
            yield from partition_of(parent, scene)
            yield from _defaults_of(parent, operation, scene)
    elif operation.text or operation.words.startswith("as"):
        empty = "no data" in operation.words
        yield use("create view" if empty else "create table: filled", other=sources(operation.others, scene))
    else:
        yield use("create table: heir", other=operation.others)
        for parent in operation.others:
            yield from _defaults_of(parent, operation, scene)


def _defaults_of(table: Relation, operation: Operation, scene: Scene) -> Iterator[Judgement]:
    """The defaults that a new table takes from another one, but where it has its own."""
    own = {column.name for column in operation.columns if column.default is not None}
    copied = scene.table(table)
    for name, state in copied.columns.items() if copied is not None else ():
        if name not in own:
            yield from depends_on_sequences(state.column.default, scene)


def sources(read: Iterable[Relation], scene: Scene) -> list[Relation]:
    """What a query reads, through views and down to partitions."""
    found: dict[Relation, None] = {}
    waiting = list(read)
    while waiting:
        name = waiting.pop().key
        if name in found:
            continue
        found[name] = None
        table = scene.table(name)
        if table is not None and table.kind is TableKind.VIEW:
            waiting += table.reads
        waiting += scene.family(name)
    return list(found)


def is_view(name: Relation, scene: Scene) -> bool:
    """Whether a relation is a plain view, through which others are locked."""
    table = scene.table(name)
    return table is not None and table.kind is TableKind.VIEW


def _rename(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    name = operation.table
    if scene.schema.table_of_index(name) is not None and scene.table(name) is None:
        yield use("rename index as a table", index=[name])
        return
    if scene.schema.sequence(name) is not None:
        yield use("rename sequence", name)
        return
    form = "rename table" if operation.kind is Kind.RENAME_TABLE else "set schema"
    along = scene.sequences_of(name) if form == "set schema" else ()
    yield use(form, name, along=along)


def _alter(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    words = operation.words
    table = operation.table
    if words.startswith("alter constraint"):
        yield from alter_constraint(operation, scene)
        return
    if words.startswith("alter column") or operation.columns:
        yield from alter_column(words.removeprefix("alter column").strip(), operation, scene)
        return
    if scene.schema.table_of_index(table) is not None and scene.table(table) is None:
        yield from alter_index(words, operation, scene)
        return
    if words.startswith(("inherit", "no inherit")):
        yield from inherits(operation, scene)
    elif words.startswith("set tablespace"):
        yield from _tablespace(operation, scene)
    elif words.startswith(("set logged", "set unlogged")):
        yield from _persistence(operation, scene)
    elif words.startswith("set access method"):
        method = _said(operation, "access method", words.removeprefix("set access method"))
        other = method not in ("", "default", _DEFAULT_METHOD)
        yield use("set access method: other" if other else "set access method", table)
    elif words.startswith("set without oids"):
        yield use("set without oids", table)
    elif words.startswith(("cluster on", "set without cluster")):
        yield use("cluster on", table, index=_indexes(operation))
    elif words.startswith("replica identity"):
        yield use("replica identity", table, index=_indexes(operation))
    elif words.startswith("owner to"):
        yield from _owner(operation, scene)
    elif words in ("set", "reset") or words.startswith(("set (", "reset (")):
        names = {name.lower() for name, _ in operation.options}
        yield use("set table options: strong" if names & STRONG else "set table options", table)
    elif "row level security" in words:
        yield use("row security", table)
    elif "trigger" in words:
        found = scene.table(table)
        fires = found is not None and bool(found.triggers)
        yield use("switch trigger", table, child=scene.partitions(table, operation.only) if fires else ())
    elif "rule" in words.split():
        yield use("switch rule", table)
    else:
        yield use("alter table", table, child=scene.family(table, operation.only))


def _said(operation: Operation, option: str, otherwise: str) -> str:
    return (dict(operation.options).get(option) or operation.name or otherwise).strip().strip('"').lower()


def _indexes(operation: Operation) -> tuple[Relation, ...]:
    return (Relation(operation.table.schema, operation.name),) if operation.name else ()


def _owner(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    table = operation.table
    found = scene.table(table)
    if found is not None and found.kind is TableKind.VIEW:
        yield use("alter view", table)
        return
    yield use("set owner", table, index=scene.indexes(table), along=scene.sequences_of(table))


def _tablespace(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    """A table is taken to lie in the database's own tablespace: the replay does not follow where it lies."""
    del scene
    space = _said(operation, "tablespace", operation.words.removeprefix("set tablespace"))
    form = "set tablespace" if space == _DEFAULT_SPACE else "set tablespace: moved"
    yield use(form, operation.table)


def _persistence(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    table = operation.table
    found = scene.table(table)
    if found is not None and found.unlogged is ("unlogged" in operation.words):
        yield use("set persistence: same", table)
        return
    # An unlogged table may reference any, and only unlogged ones may reference it.
    if "unlogged" in operation.words:
        others = [other.name for other, _ in scene.schema.referencing(table)]
    else:
        others = [name for key in scene.foreign_keys(table) for name in referenced(key.constraint)]
    yield use("set persistence", table, other=others, along=scene.sequences_of(table))


def _comment(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    del scene
    yield use("comment", operation.table)


def _trigger(form: str) -> Handler:
    def handler(operation: Operation, scene: Scene) -> Iterator[Judgement]:
        yield use(form, operation.table, child=scene.partitions(operation.table, operation.only))

    return handler


HANDLERS: Mapping[Kind, Handler] = {
    Kind.CREATE_TABLE: _create,
    Kind.RENAME_TABLE: _rename,
    Kind.SET_SCHEMA: _rename,
    Kind.ALTER_TABLE: _alter,
    Kind.COMMENT_TABLE: _comment,
    Kind.CREATE_TRIGGER: _trigger("create trigger"),
    Kind.DROP_TRIGGER: _trigger("drop trigger"),
}
