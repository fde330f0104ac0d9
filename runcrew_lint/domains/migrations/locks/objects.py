"""Views, sequences, types and domains, and what stands beside tables: policies, rules, publications."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from runcrew_lint.domains.migrations.facts import Kind, Operation, Relation
from runcrew_lint.domains.migrations.locks.drops import named
from runcrew_lint.domains.migrations.locks.indexes import alter_index
from runcrew_lint.domains.migrations.locks.scene import Handler, Judgement, Scene, use
from runcrew_lint.domains.migrations.locks.tables import sources
from runcrew_lint.domains.migrations.schema import TableKind


def _create_view(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    exists = scene.table(operation.table) is not None
    if exists and operation.if_exists and not operation.replaces:
        return
    if operation.materialized:
        empty = "no data" in operation.words
        yield use("create view" if empty else "create view: filled", other=sources(operation.others, scene))
    elif exists:
        yield use("replace view", operation.table, other=operation.others)
    else:
        yield use("create view", other=operation.others)


def _refresh(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    view = operation.table
    found = scene.table(view)
    read = sources(found.reads if found is not None else (), scene)
    form = "refresh concurrently" if operation.concurrently else "refresh"
    if "no data" in operation.words:
        yield use("refresh", view)
    else:
        yield use(form, view, other=read)
        if form == "refresh" and scene.indexes(view):
            yield use("refresh: indexed", view)


def _alter_sequence(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    sequence = operation.table
    words = operation.words
    if words.startswith(("owner", "rename", "set schema")):
        yield use("rename sequence", sequence)
        return
    yield use("alter sequence", sequence)
    yield use("alter sequence: owned", other=operation.others)
    del scene


def _alter_enum(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    """ADD VALUE; a type that the same transaction made may have it before 12, too."""
    state = scene.schema.type(named(operation))
    if len(operation.values) != 1 or operation.words.startswith("rename"):
        return
    if state is None or not state.made_in or state.made_in != scene.revision:
        yield use("add enum value")


def _alter_type(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    words = operation.words
    if "attribute" in words:
        name = named(operation)
        yield use("alter composite", name)
        del scene


def _alter_domain(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    words = operation.words
    constraint = operation.constraints[0] if operation.constraints else None
    checks = words.startswith(("add", "validate", "set not null"))
    if not checks or (constraint is not None and not constraint.valid):
        return
    users: dict[Relation, None] = {}
    for table, state in scene.schema.users_of(named(operation)):
        if table.kind in (TableKind.TABLE, TableKind.MATERIALIZED_VIEW):  # others hold no rows
            users[table.name] = None
        for view in scene.schema.readers(table.name, state.column.name):
            if view.kind is TableKind.MATERIALIZED_VIEW:
                users[view.name] = None
    yield use("constrain domain", other=users)


# Statements that PostgreSQL refuses in a transaction block, whatever they name.
_ALONE = (
    *("create database", "drop database", "create tablespace", "drop tablespace", "alter system"),
    "create subscription",
)
_FORMS = (
    ("create policy", "policy"),
    ("alter policy", "policy"),
    ("drop policy", "policy"),
    ("create rule", "rule"),
    ("alter rule", "rule"),
    ("drop rule", "rule"),
    ("alter trigger", "rename trigger"),
    ("grant", "grant"),
    ("revoke", "grant"),
    ("create publication", "publish"),
    ("alter publication", "publish"),
    ("create statistics", "create statistics"),
    ("comment on constraint", "comment on constraint"),
    ("comment on trigger", "comment on constraint"),
    ("comment on policy", "comment on constraint"),
    ("comment on rule", "comment on constraint"),
    ("comment on view", "comment"),
    ("comment on materialized view", "comment"),
    ("comment on sequence", "comment"),
    ("comment on foreign table", "comment"),
    ("alter view", "alter view"),
    ("alter materialized view", "alter view"),
)


def _other(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    words = operation.words
    if words.startswith(_ALONE):
        yield use("outside of transactions")
    elif words.startswith("comment on index"):
        index = Relation(operation.table.schema, operation.name) if operation.name else operation.table
        yield use("comment on index", index=[index])
    elif words.startswith("alter index"):
        yield from alter_index(words.removeprefix("alter index").strip(), operation, scene)
    elif words == "do" and operation.options:
        yield use("do: commit")
    else:
        form = next((form for start, form in _FORMS if words.startswith(start)), "")
        tables = [operation.table] if operation.table.name else list(operation.others)
        for table in tables if form else ():
            yield use(form, table, child=scene.partitions(table))


HANDLERS: Mapping[Kind, Handler] = {
    Kind.CREATE_VIEW: _create_view,
    Kind.REFRESH: _refresh,
    Kind.ALTER_SEQUENCE: _alter_sequence,
    Kind.ALTER_ENUM: _alter_enum,
    Kind.ALTER_TYPE_OBJECT: _alter_type,
    Kind.ALTER_DOMAIN: _alter_domain,
    Kind.OTHER: _other,
}
