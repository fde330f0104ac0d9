"""Statements that read and write rows, lock tables by name, and keep them up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from runcrew_lint.domains.migrations.facts import Kind, Operation, Relation
from runcrew_lint.domains.migrations.locks.scene import Handler, Judgement, Scene, ends, use
from runcrew_lint.domains.migrations.locks.table import TABLE
from runcrew_lint.domains.migrations.locks.tables import is_view, sources
from runcrew_lint.domains.migrations.locks.terms import comparisons

_NUMBERS = ("setval", "nextval")


def _numbers(operation: Operation) -> list[Relation]:
    """The sequences whose numbers a query takes or sets."""
    found = []
    for call, name in operation.options:
        if call in _NUMBERS:
            schema, _, last = name.rpartition(".")
            found.append(Relation(schema.strip('"'), last.strip('"')))
    return found


def _select(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    read = sources(operation.others, scene)
    if operation.words.startswith("for "):
        for each in read:
            yield use("select for update", each)
    else:
        yield use("select", other=read)
    if not _looked_up(operation, operation.others, scene):
        yield use("read rows", other=read)
    yield use("take numbers", other=_numbers(operation))


def _looked_up(operation: Operation, tables: tuple[Relation, ...], scene: Scene) -> bool:
    """Whether WHERE compares the first column of an index with a literal, so that few rows are read."""
    if len(tables) != 1 or not operation.text:
        return False
    wanted = {each.column for each in comparisons(operation.text) if each.operator == "="}
    return any(
        index.index.keys[:1] and index.index.keys[0] in wanted and not index.index.where
        for index in scene.schema.indexes_of(tables[0])
    )


def _write(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    table = operation.table
    if not table.name:
        return
    if operation.kind is Kind.INSERT:
        children = scene.partitions(table)
    else:
        children = scene.family(table, operation.only)
    yield use("write", table, child=children)
    for below in sources([table], scene)[1:] if is_view(table, scene) else ():
        yield use("write", below)
        if operation.kind is not Kind.INSERT:
            yield use("read rows", below)
    if operation.others:
        read = sources(operation.others, scene)
        yield use("select", other=read)
        yield use("read rows", other=read)
    if operation.kind is Kind.INSERT:
        for key in scene.foreign_keys(table):
            yield use("write: key looked up", other=ends(key.constraint, scene))
    elif not _looked_up(operation, (table,), scene):
        yield use("read rows", table, child=children)
    if operation.kind is Kind.DELETE:
        yield use(
            "write: references looked up", other=[other.name for other, _ in scene.schema.referencing(table)]
        )
    if operation.options:
        yield use("take numbers", other=_numbers(operation))


def _lock(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    mode = operation.words.removesuffix(" mode").removeprefix("in ").strip() or "access exclusive"
    table = operation.table
    below = sources([table], scene)[1:] if is_view(table, scene) else scene.family(table, operation.only)
    form = f"lock: {mode}"
    yield use(form if form in TABLE else "lock: access exclusive", table, child=below)


def _vacuum(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    table = operation.table if operation.table.name else None
    form = "vacuum full" if "full" in operation.words else "vacuum"
    yield use(form, table, index=scene.indexes(table) if table is not None else ())


def _analyze(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    table = operation.table
    if not table.name:
        return
    children = scene.family(table, operation.only)
    if scene.is_partitioned(table):
        yield use("analyze", table, child=children)
    else:
        yield use("analyze", table)
        yield use("analyze: heirs", child=children)


def _cluster(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    del scene
    if operation.table.name:
        yield use("cluster", operation.table)
    else:
        yield use("cluster all")


HANDLERS: Mapping[Kind, Handler] = {
    Kind.SELECT: _select,
    Kind.INSERT: _write,
    Kind.UPDATE: _write,
    Kind.DELETE: _write,
    Kind.LOCK: _lock,
    Kind.VACUUM: _vacuum,
    Kind.ANALYZE: _analyze,
    Kind.CLUSTER: _cluster,
}
