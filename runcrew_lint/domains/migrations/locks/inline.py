"""A constraint on a table that is there: alone, or brought along by a column."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.facts import Constraint, ConstraintKind, Relation
from runcrew_lint.domains.migrations.locks.scene import Judgement, Scene, referenced, use

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
        yield use("add check", table, child=children)
        if proven:
            yield use("add check: checked", table, child=children)
    elif constraint.kind in _KEYS:
        yield use("add key", table, child=scene.partitions(table))
    elif constraint.kind is ConstraintKind.FOREIGN_KEY:
        others = tuple(each for name in referenced(constraint) for each in (name, *scene.partitions(name)))
        partitions = scene.partitions(table) if children or scene.is_partitioned(table) else ()
        yield use("add foreign key", table, child=partitions, other=others)
        if not partitions:
            yield use("add foreign key: heirs", child=scene.family(table))
        if proven and checked and any(scene.rows(each) for each in (table, *partitions)):
            yield use("add foreign key: checked", table, child=partitions, other=others)
