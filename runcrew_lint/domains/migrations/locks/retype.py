"""ALTER COLUMN TYPE: whether the rows are computed anew, and what over the column is remade."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.facts import Column, ConstraintKind, Operation, Relation
from runcrew_lint.domains.migrations.locks.casts import keeps_rows, same_operators
from runcrew_lint.domains.migrations.locks.effect import Doubt
from runcrew_lint.domains.migrations.locks.scene import Judgement, Scene, index_name, referenced, use
from runcrew_lint.domains.migrations.locks.terms import casts_of, names_column
from runcrew_lint.domains.migrations.schema import IndexState


def alter_type(operation: Operation, scene: Scene) -> Iterator[Judgement]:
    """The table and all below it: each is judged by its own column, indexes and constraints."""
    children = scene.family(operation.table, operation.only)
    yield use("alter type", operation.table, child=children)
    new = operation.columns[0]
    for table in (operation.table, *children):
        yield from _one(operation, new, table, scene)


def _one(operation: Operation, new: Column, table: Relation, scene: Scene) -> Iterator[Judgement]:
    state = scene.schema.column(table, new.name)
    old = state.column if state is not None else Column(new.name)
    if (not old.type or {"type", "*"} & set(old.unknown)) and operation.option("existing type"):
        old = Column(new.name, operation.option("existing type"))  # autogenerate read it from the catalogue
    if not old.type or not new.type or {"type", "*"} & set(old.unknown):
        if operation.text and _kept(operation, Column(new.name), new, scene) is False:
            yield use("alter type: computed", table)  # whatever the old type is
            return
        which = "new" if not new.type else "old"
        yield Doubt("rewrite", table.key, f"the {which} type of {new.name} is not known")
        return
    kept = _kept(operation, old, new, scene)
    if kept is None:
        yield Doubt("rewrite", table.key, f"{old.type} becomes {new.type}, and TimeZone is not known")
    elif not kept:
        yield use("alter type: computed", table)
    owned = scene.sequences_of(table, new.name)
    if owned and old.identity:
        yield use("alter type: identity", along=owned)
    elif owned:
        yield use("depend on sequence", other=owned)
    same = same_operators(old.type, new.type, scene.domains()) and old.collation == new.collation
    for index in scene.schema.indexes_of(table):
        if new.name in index.reads:
            reused = same and _is_plain(index, table, scene)
            yield use(
                f"alter type: index {'kept' if reused else 'rebuilt'}", table, index=[index_name(index)]
            )
    found = scene.table(table)
    for constraint in found.constraints.values() if found is not None else ():
        made = constraint.constraint
        if made.kind is ConstraintKind.CHECK and constraint.valid and names_column(made.expression, new.name):
            yield use("alter type: check remade", table)
    yield from _foreign_keys(new.name, table, scene, checked=not (same and kept))


def _kept(operation: Operation, old: Column, new: Column, scene: Scene) -> bool | None:
    casts = casts_of(operation.text, new.name) if operation.text else ()
    if casts is None:
        return False
    answers = []
    before = old.type
    for after in (*casts, new.type):
        if before and after:
            answers.append(
                keeps_rows(before, after, major=scene.major, timezone=scene.timezone, domains=scene.domains())
            )
        before = after
    if False in answers:
        return False
    return None if None in answers else True


def _is_plain(index: IndexState, table: Relation, scene: Scene) -> bool:
    """Whether an index has columns alone: one with an expression or a predicate is always built anew.

    So is each part of a partitioned index: the parent has no storage to hand on.
    """
    found = scene.table(table)
    columns = found.columns if found is not None else {}
    return not index.parent and not index.index.where and all(key in columns for key in index.index.keys)


def _foreign_keys(name: str, table: Relation, scene: Scene, *, checked: bool) -> Iterator[Judgement]:
    pairs = [
        (table, target, key)
        for key in scene.foreign_keys(table)
        if name in key.constraint.columns
        for target in referenced(key.constraint)
    ]
    found = scene.table(table)
    primary = found.primary_key if found is not None else None
    for other, key in scene.schema.referencing(table):
        referred = key.constraint.referred or (primary.constraint.columns if primary is not None else ())
        if name in referred:
            pairs.append((other.name, table, key))
    for child, parent, key in pairs:
        yield use("alter type: foreign key remade", child, other=[child, parent])
        if checked and key.valid and scene.rows(child):
            yield use("alter type: foreign key checked", child, other=[parent])
