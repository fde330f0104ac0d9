"""What a child table has from its parent, and partitions attached and detached."""

from __future__ import annotations

from runcrew_lint.domains.migrations.facts import Constraint, ConstraintKind, Operation, Relation
from runcrew_lint.domains.migrations.replay import indexes
from runcrew_lint.domains.migrations.replay.constraints import add
from runcrew_lint.domains.migrations.replay.copies import replace
from runcrew_lint.domains.migrations.replay.draft import Draft
from runcrew_lint.domains.migrations.states import Table


def inherit(draft: Draft, parent: Table, child: Table, revision: str) -> None:
    """What a child has from its parent beside columns: checks, and as a partition keys and indexes."""
    is_part = parent.partitioned and indexes.is_parted(draft, parent)
    for state in parent.constraints.values():
        child = draft.some(child.name)
        if state.index:
            if is_part and not indexes.taken_over(draft, child, state.index, state.constraint):
                indexes.carry(draft, child, replace(state.constraint, name=""), revision, parent=state.index)
        elif state.name in child.constraints:
            mine = replace(child.constraints[state.name], inherited=True)
            draft.change(child, constraints={**child.constraints, state.name: mine})
        elif state.kind is not ConstraintKind.FOREIGN_KEY and not state.constraint.no_inherit:
            add(draft, child, state.constraint, revision, inherited=True)
        elif state.kind is ConstraintKind.FOREIGN_KEY and parent.partitioned:
            if not _has_foreign_key(child, state.constraint):
                add(draft, child, state.constraint, revision, inherited=True)
    if is_part:
        for index in parent.indexes.values():
            child = draft.some(child.name)
            if not index.constraint and not indexes.attached(draft, child, index.name, index.index):
                indexes.create(draft, child, "", index.index, revision, parent=index.name)


def _has_foreign_key(child: Table, constraint: Constraint) -> bool:
    return any(
        each.kind is ConstraintKind.FOREIGN_KEY
        and each.constraint.columns == constraint.columns
        and each.constraint.references == constraint.references
        for each in child.constraints.values()
    )


def attach_partition(draft: Draft, operation: Operation, revision: str) -> None:
    """ATTACH PARTITION, of a table or of an index."""
    if not operation.others:
        return
    parent, child = operation.table, operation.others[0]
    if draft.table_of_index(child) is not None and draft.table(child) is None:
        index = Relation(parent.schema, operation.name or parent.name)
        indexes.attach_index(draft, index, child)
        return
    if draft.descends(parent, child):
        return  # PostgreSQL refuses it
    table = draft.some(child)
    draft.point_all(draft.change(table, parents=(parent,), bound=operation.text or "default"))
    inherit(draft, draft.some(parent), draft.some(child), revision)


def detach_partition(draft: Draft, operation: Operation, revision: str) -> None:
    """DETACH PARTITION: the table keeps its columns, constraints and indexes."""
    del revision
    for child in operation.others:
        table = draft.some(child)
        states = {name: replace(each, parent="") for name, each in table.indexes.items()}
        constraints = {name: replace(each, inherited=False) for name, each in table.constraints.items()}
        draft.change(table, parents=(), bound="", indexes=states, constraints=constraints)
