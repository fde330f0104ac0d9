"""Indexes that are built, dropped, renamed and built again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from runcrew_lint.domains.migrations.facts import Kind, Operation, Relation
from runcrew_lint.domains.migrations.locks.effect import Doubt
from runcrew_lint.domains.migrations.locks.scene import Handler, Judgement, Scene, use
from runcrew_lint.domains.migrations.schema import TableKind

# Parameters of an index whose change takes ACCESS EXCLUSIVE: reloptions.c of PostgreSQL.
STRONG = frozenset(
    {"fastupdate", "gin_pending_list_limit", "buffering", "pages_per_range", "autosummarize", "length"}
)


def _create(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    table = operation.table
    only = operation.index is not None and operation.index.only
    partitions = scene.partitions(table, only)
    form = "create index concurrently" if operation.concurrently else "create index"
    yield use(form, table, child=partitions)
    if operation.if_exists and scene.schema.index(Relation(table.schema, operation.name)) is not None:
        return
    if not (only and scene.is_partitioned(table)):
        yield use("create index: built", table, child=partitions)


def _index(operation: Operation) -> Relation:
    """The index that a statement names: with its own schema, where the operation has no table."""
    return Relation(operation.table.schema, operation.name)


def _drop(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    index = _index(operation)
    table = scene.schema.table_of_index(index) or (operation.table if operation.table.name else None)
    if table is None:
        if not operation.if_exists:
            yield Doubt(
                "lock", index.key, f"the table that {operation.name or 'the index'} is on is not known"
            )
        return
    if operation.if_exists and scene.schema.index(index) is None and scene.table(table) is not None:
        if not operation.table.name:
            return
    form = "drop index concurrently" if operation.concurrently else "drop index"
    yield use(form, table, child=scene.partitions(table), index=[index, *_parts(index, table, scene)])


def _parts(index: Relation, table: Relation, scene: Scene) -> list[Relation]:
    """The indexes of partitions that belong to a partitioned index."""
    names = {index.name}
    found = []
    for partition in scene.partitions(table):
        for each in scene.schema.indexes_of(partition):
            if each.parent in names:
                names.add(each.name)
                found.append(Relation(partition.schema, each.name))
    return found


def _rename(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    del scene
    yield use("rename index", index=[_index(operation)])


def _reindex(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    words = operation.words.split()
    wide = next((word for word in ("schema", "database", "system") if word in words), "")
    if wide:
        if wide != "system":
            yield from _reindex_all(scene, operation.name if wide == "schema" else "")
        else:
            yield use("reindex all")
        return
    if "index" in words:
        index = _index(operation)
        table = scene.schema.table_of_index(index)
        if table is None:
            yield Doubt(
                "lock", index.key, f"the table that {operation.name or 'the index'} is on is not known"
            )
            return
        targets = [index]
    else:
        table = operation.table
        targets = list(scene.indexes(table))
    yield from _reindex_one(table, targets, operation.concurrently, scene)


def _reindex_one(
    table: Relation, targets: list[Relation], concurrently: bool, scene: Scene
) -> Iterator[Judgement]:
    if not scene.is_partitioned(table):
        yield use("reindex concurrently" if concurrently else "reindex", table, index=targets)
        if targets or scene.table(table) is None:
            yield use("reindex: read", table)
        return
    if scene.major < _PARTITIONED_SINCE:
        yield use("reindex partitioned: nothing", table)
        return
    leaves = [each for each in scene.partitions(table) if scene.indexes(each)]
    parts = [index for each in leaves for index in scene.indexes(each)]
    form = "reindex concurrently" if concurrently else "reindex partitioned"
    yield use(form, table, child=leaves, index=parts)
    yield use("reindex: read", child=leaves)


_PARTITIONED_SINCE = 14


def _reindex_all(scene: Scene, schema: str) -> Iterator[Judgement]:
    yield use("reindex all")
    wanted = Relation(schema, "").key.schema
    for name, table in sorted(scene.schema.tables.items()):
        stored = table.kind in (TableKind.TABLE, TableKind.MATERIALIZED_VIEW)
        if stored and (not schema or name.schema == wanted):
            targets = scene.indexes(name)
            yield use("reindex all", name, index=targets)
            if targets:
                yield use("reindex: read", name)


def alter_index(words: str, operation: Operation, scene: Scene) -> Iterator[Judgement]:
    """ALTER INDEX's other actions."""
    index = _index(operation) if operation.name else operation.table
    if words.startswith("alter column"):
        yield use("set index statistics", index=[index])
    elif words.startswith("set tablespace"):
        space = dict(operation.options).get("tablespace", "")
        yield use("set index tablespace", index=[index])
        if space.strip('"') != "pg_default":
            yield use("set index tablespace: moved", index=[index])
    elif words.startswith("attach partition") or operation.kind is Kind.ATTACH_PARTITION:
        table = scene.schema.table_of_index(index)
        parts = operation.others
        tables = [found for part in parts if (found := scene.schema.table_of_index(part)) is not None]
        yield use("attach index", table, other=tables, index=[index], along=parts)
    else:
        names = {name.lower() for name, _ in operation.options}
        strong = bool(names & STRONG)
        yield use("set index options: strong" if strong else "set index options", index=[index])


HANDLERS: Mapping[Kind, Handler] = {
    Kind.CREATE_INDEX: _create,
    Kind.DROP_INDEX: _drop,
    Kind.RENAME_INDEX: _rename,
    Kind.REINDEX: _reindex,
}
