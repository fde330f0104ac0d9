"""What comes along with a column, and goes with it: a constraint, which may come alone, too."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.facts import Constraint, ConstraintKind, Relation
from runcrew_lint.domains.migrations.locks.scene import Judgement, Scene, ends, index_name, use
from runcrew_lint.domains.migrations.schema import ConstraintState

_KEYS = (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE, ConstraintKind.EXCLUDE)


def constraint_uses(
    constraint: Constraint,
    table: Relation,
    children: tuple[Relation, ...],
    scene: Scene,
    *,
    checked: bool = True,
) -> Iterator[Judgement]:
    """What adding a CHECK, a key or a foreign key takes.

    Arguments:
        children: the partitions and heirs that follow.
        checked: False where no row can break a foreign key: its new column is NULL in all of them.
    """
    proven = constraint.valid and constraint.enforced
    if constraint.kind is ConstraintKind.CHECK:
        alone = constraint.no_inherit
        yield use("add check: no inherit" if alone else "add check", table, child=children)
        if proven:
            yield use("add check: checked", table, child=() if alone else children)
    elif constraint.kind in _KEYS:
        partitioned = scene.is_partitioned(table)
        yield use("add key", table, child=children if partitioned else ())
        yield use("add key: heirs", child=() if partitioned else children)
    elif constraint.kind is ConstraintKind.FOREIGN_KEY:
        others = ends(constraint, scene)
        partitions = scene.partitions(table) if children or scene.is_partitioned(table) else ()
        yield use("add foreign key", table, child=partitions, other=others)
        if not partitions:
            yield use("add foreign key: heirs", table, child=scene.family(table))
        if proven and checked and any(scene.rows(each) for each in (table, *partitions)):
            yield use("add foreign key: checked", table, child=partitions, other=others)


def column_goes(table: Relation, name: str, scene: Scene) -> Iterator[Judgement]:
    """What goes along with a column: its indexes and sequences, what reads it, foreign keys at both ends."""
    yield use(
        "drop column",
        index=[index_name(index) for index in scene.schema.indexes_of(table) if name in index.reads],
        along=(*scene.views_over(table, name), *scene.sequences_of(table, name)),
    )
    for key in scene.foreign_keys(table):
        if name in key.constraint.columns:
            yield from reference_goes(table, key, scene)
    for other, key in scene.schema.referencing(table):
        if name in _referred(key.constraint.referred, table, scene):
            yield use("drop foreign key", other.name, other=[table])


def _referred(columns: tuple[str, ...], table: Relation, scene: Scene) -> tuple[str, ...]:
    """The columns that a foreign key points at: the primary key's where it names none."""
    found = scene.table(table)
    key = found.primary_key if found is not None else None
    return columns or (key.constraint.columns if key is not None else ())


def reference_goes(table: Relation, key: ConstraintState, scene: Scene) -> Iterator[Judgement]:
    """What it takes that a foreign key goes with its table or column."""
    if key.inherited:  # a partition's own has no triggers at the other end
        return
    for name in ends(key.constraint, scene):
        split = "drop foreign key: partitioned" if scene.is_partitioned(name) else "drop foreign key"
        yield use(split, table, other=[name])
