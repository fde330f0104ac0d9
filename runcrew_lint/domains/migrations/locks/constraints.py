"""Constraints that are added, validated, changed and dropped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from runcrew_lint.domains.migrations.facts import ConstraintKind, Kind, Operation, Relation
from runcrew_lint.domains.migrations.locks.columns import needs_proof
from runcrew_lint.domains.migrations.locks.effect import Doubt
from runcrew_lint.domains.migrations.locks.inline import constraint_uses
from runcrew_lint.domains.migrations.locks.scene import Handler, Judgement, Scene, ends, referenced, use
from runcrew_lint.domains.migrations.schema import ConstraintState

_UNKNOWN = "{name} is not known: if it is a foreign key, the table it references is locked too"


def _add(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    table = operation.table
    children = scene.family(table, operation.only)
    for constraint in operation.constraints:
        if constraint.kind is ConstraintKind.NOT_NULL:
            yield use("set not null", table, child=children)
            if constraint.valid:
                yield from _proofs(constraint.columns, (table, *children), scene)
        elif constraint.using_index:
            index = Relation(table.schema, constraint.using_index)
            yield use("add key: using index", table, index=[index])
            found = scene.schema.index(index)
            if constraint.kind is ConstraintKind.PRIMARY_KEY and found is not None:
                yield from _proofs(found.index.keys, (table,), scene)
        else:
            yield from constraint_uses(constraint, table, children, scene)
            if constraint.kind is ConstraintKind.PRIMARY_KEY and children and not scene.is_partitioned(table):
                yield use("set not null", table, child=children)
                yield from _proofs(constraint.columns, children, scene)


def _proofs(columns: tuple[str, ...], tables: tuple[Relation, ...], scene: Scene) -> Iterator[Judgement]:
    for table in tables:
        if any(needs_proof(table, name, scene) for name in columns):
            yield use("set not null: unproven", table)


def _validate(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    table = operation.table
    found = scene.schema.constraint(table, operation.name)
    children = scene.family(table)
    if found is None:
        yield Doubt("lock", table.key, _UNKNOWN.format(name=operation.name or "the constraint"))
        yield use("validate check: checked", table, child=children)
    if found is None or found.kind is not ConstraintKind.FOREIGN_KEY:
        done = found is not None and found.valid  # then it looks no further
        yield use("validate check", table, child=() if done else children)
        if found is not None and not done:
            yield use("validate check: checked", table, child=children)
        return
    partitions = scene.partitions(table)
    if found.valid:
        yield use("validate foreign key", table)
        return
    others = ends(found.constraint, scene)
    yield use("validate foreign key", table, child=partitions, other=others)
    if any(scene.rows(each) for each in (table, *partitions)):
        yield use("validate foreign key: checked", table, child=partitions, other=others)


def _drop(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    table = operation.table
    found = scene.schema.constraint(table, operation.name)
    children = scene.family(table, operation.only)
    yield use("drop constraint", table)
    if found is None:
        if not operation.if_exists:
            yield use("drop constraint", table, child=children)
            yield Doubt("lock", table.key, _UNKNOWN.format(name=operation.name or "the constraint"))
        return
    if found.kind is ConstraintKind.FOREIGN_KEY:
        others = ends(found.constraint, scene)
        yield use("drop foreign key", table, child=scene.partitions(table), other=others)
    elif found.index:
        yield from _drop_key(found, table, scene)
    else:
        yield use("drop constraint", table, child=children)


def _drop_key(key: ConstraintState, table: Relation, scene: Scene) -> Iterator[Judgement]:
    yield use("drop key", table, child=scene.partitions(table), index=[Relation(table.schema, key.index)])
    for other, foreign in scene.schema.referencing(table):
        referred = foreign.constraint.referred
        if referred == key.constraint.columns or (not referred and key.kind is ConstraintKind.PRIMARY_KEY):
            yield use("drop foreign key", other.name, other=[table])


def _rename(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    table = operation.table
    found = scene.schema.constraint(table, operation.name)
    index = [Relation(table.schema, found.index)] if found is not None and found.index else []
    follows = found is None or found.kind in (ConstraintKind.CHECK, ConstraintKind.NOT_NULL)
    children = scene.family(table, operation.only) if follows else ()
    yield use("rename constraint", table, child=children, index=index)


def alter_constraint(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    """ALTER CONSTRAINT: only what changes whether it is enforced touches the other table's triggers."""
    table = operation.table
    name = operation.name or (operation.constraints[0].name if operation.constraints else "")
    found = scene.schema.constraint(table, name)
    others = referenced(found.constraint) if found is not None else ()
    children = scene.partitions(table)
    if "enforced" in operation.words:
        yield use("alter constraint: enforced", table, child=children, other=others)
    else:
        yield use("alter constraint", table, child=children)


HANDLERS: Mapping[Kind, Handler] = {
    Kind.ADD_CONSTRAINT: _add,
    Kind.VALIDATE_CONSTRAINT: _validate,
    Kind.DROP_CONSTRAINT: _drop,
    Kind.RENAME_CONSTRAINT: _rename,
}
