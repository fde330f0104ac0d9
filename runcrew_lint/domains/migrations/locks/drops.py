"""Tables, views, sequences, types, schemas and extensions that go, with what goes along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from runcrew_lint.domains.migrations.facts import Kind, Operation, Relation
from runcrew_lint.domains.migrations.locks.extensions import TYPES
from runcrew_lint.domains.migrations.locks.inline import column_goes, reference_goes
from runcrew_lint.domains.migrations.locks.scene import Handler, Judgement, Scene, use
from runcrew_lint.domains.migrations.schema import TypeKind


def _table(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    if operation.if_exists and scene.schema.dropped_in(operation.table):
        return
    yield from table_goes(operation.table, scene, set())


def table_goes(table: Relation, scene: Scene, seen: set[Relation]) -> Iterator[Judgement]:
    """What DROP TABLE takes for one table: its indexes, children, views, and both sides of foreign keys."""
    if table.key in seen:
        return
    seen.add(table.key)
    yield use(
        "drop table",
        table,
        index=scene.indexes(table),
        along=(*scene.views_over(table), *scene.sequences_of(table)),
    )
    for key in scene.foreign_keys(table):
        yield from reference_goes(table, key, scene)
    for other, _ in scene.schema.referencing(table):
        yield use("drop foreign key", other.name, other=[table])
    found = scene.table(table)
    if found is not None and found.is_partition:
        for parent in found.parents:
            if parent.key not in seen:
                yield use("drop partition", table, other=[parent], default=scene.default_partition(parent))
    for child in scene.schema.children(table):
        yield from table_goes(child.name, scene, seen)


def _view(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    if operation.if_exists and scene.schema.dropped_in(operation.table):
        return
    table = operation.table
    yield use("drop view", table, index=scene.indexes(table), along=scene.views_over(table))


def _truncate(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    tables: dict[Relation, None] = {}
    waiting = [operation.table]
    while waiting:
        name = waiting.pop()
        named = name == operation.table
        below = scene.family(name, operation.only) if named else scene.partitions(name)
        for each in (name, *below):
            if each.key not in tables:
                tables[each.key] = None
                if operation.cascade:
                    waiting += [other.name for other, _ in scene.schema.referencing(each)]
    restart = "restart" in operation.words
    for each in tables:
        yield use("truncate", each, along=scene.sequences_of(each) if restart else ())


def _sequence(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    yield use("drop sequence", operation.table)
    users = scene.schema.defaults_by(operation.table) if operation.cascade else ()
    if users:
        yield use("drop sequence: defaults", other=[table.name for table, _ in users])


def named(operation: Operation) -> Relation:
    """The type, function or sequence that an operation names as `schema.name`."""
    if not operation.name:
        return operation.table
    schema, _, name = operation.name.rpartition(".")
    return Relation(schema, name)


def _type(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    name = named(operation)
    yield from _type_goes(name, scene)
    state = scene.schema.type(name)
    if state is not None and state.kind is TypeKind.COMPOSITE:
        yield use("alter composite", name)


def _type_goes(name: Relation, scene: Scene) -> Iterator[Judgement]:
    """A type's columns go with it, and what hangs on them."""
    users = scene.schema.users_of(name)
    yield use("drop type", other=[table.name for table, _ in users])
    for table, state in users:
        yield from column_goes(table.name, state.column.name, scene)


def _function(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    """A function's triggers go with it: under CASCADE, or the statement fails once it has their tables."""
    name = named(operation).key
    for relation, table in scene.schema.tables.items():
        if any(_is(trigger.function, name) for trigger in table.triggers.values()):
            yield use("drop function", other=[relation])


def _is(function: str, name: Relation) -> bool:
    schema, _, last = function.rpartition(".")
    return Relation(schema, last).key == name


def _schema(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    yield from _all_of(operation.name, scene)


def _all_of(schema: str, scene: Scene) -> Iterator[Judgement]:
    wanted = Relation(schema, "").key.schema
    seen: set[Relation] = set()
    for name, table in sorted(scene.schema.tables.items()):
        if name.schema != wanted:
            continue
        if table.kind.is_view:
            yield use("drop view", name, index=scene.indexes(name), along=scene.views_over(name))
        else:
            yield from table_goes(name, scene, seen)
    for name, state in sorted(scene.schema.types.items()):
        if name.schema == wanted and state.name.key == name:
            yield from _type_goes(name, scene)
    for name, _ in sorted(scene.schema.sequences.items()):
        if name.schema == wanted:
            yield use("drop sequence", name)


def _extension(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    types: Iterable[str] = TYPES.get(operation.name, ())
    for name in types:
        yield from _type_goes(Relation("", name), scene)


HANDLERS: Mapping[Kind, Handler] = {
    Kind.DROP_TABLE: _table,
    Kind.DROP_VIEW: _view,
    Kind.TRUNCATE: _truncate,
    Kind.DROP_SEQUENCE: _sequence,
    Kind.DROP_TYPE: _type,
    Kind.DROP_FUNCTION: _function,
    Kind.DROP_SCHEMA: _schema,
    Kind.DROP_EXTENSION: _extension,
}
