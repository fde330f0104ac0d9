"""The functions that carry out each kind of operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from runcrew_lint.domains.migrations.facts import Kind, Operation
from runcrew_lint.domains.migrations.replay import (
    columns,
    constraints,
    indexes,
    others,
    partitions,
    tables,
    types,
)
from runcrew_lint.domains.migrations.replay.draft import Draft
from runcrew_lint.domains.migrations.replay.sent import sent

_CHANGES: Mapping[Kind, Callable[[Draft, Operation, str], None]] = {
    Kind.CREATE_TABLE: tables.create_table,
    Kind.DROP_TABLE: tables.drop_table,
    Kind.RENAME_TABLE: tables.rename_table,
    Kind.SET_SCHEMA: tables.rename_table,
    Kind.COMMENT_TABLE: tables.comment_table,
    Kind.CREATE_VIEW: tables.create_view,
    Kind.DROP_VIEW: tables.drop_table,
    Kind.ATTACH_PARTITION: partitions.attach_partition,
    Kind.DETACH_PARTITION: partitions.detach_partition,
    Kind.TRUNCATE: tables.emptied,
    Kind.DELETE: tables.emptied,
    Kind.INSERT: tables.filled,
    Kind.ADD_COLUMN: columns.add_column,
    Kind.DROP_COLUMN: columns.drop_column,
    Kind.RENAME_COLUMN: columns.rename_column,
    Kind.ALTER_TYPE: columns.altered(columns.typed),
    Kind.SET_NOT_NULL: columns.altered(columns.nullable),
    Kind.DROP_NOT_NULL: columns.altered(columns.nullable),
    Kind.SET_DEFAULT: columns.altered(columns.defaulted),
    Kind.DROP_DEFAULT: columns.altered(columns.defaulted),
    Kind.COMMENT_COLUMN: columns.altered(columns.commented, inherited=False),
    Kind.ADD_CONSTRAINT: constraints.add_constraint,
    Kind.DROP_CONSTRAINT: constraints.drop_constraint,
    Kind.RENAME_CONSTRAINT: constraints.rename_constraint,
    Kind.VALIDATE_CONSTRAINT: constraints.validate_constraint,
    Kind.CREATE_INDEX: indexes.create_index,
    Kind.DROP_INDEX: indexes.drop_index,
    Kind.RENAME_INDEX: indexes.rename_index,
    Kind.CREATE_TYPE: types.create_type,
    Kind.DROP_TYPE: types.drop_type,
    Kind.ALTER_ENUM: types.alter_enum,
    Kind.ALTER_TYPE_OBJECT: types.alter_type,
    Kind.CREATE_DOMAIN: types.create_domain,
    Kind.ALTER_DOMAIN: types.alter_domain,
    Kind.CREATE_EXTENSION: types.extension,
    Kind.DROP_EXTENSION: types.extension,
    **others.CHANGES,
}
_SESSION = frozenset({Kind.SET, Kind.BEGIN, Kind.COMMIT, Kind.ROLLBACK})


def apply(draft: Draft, operation: Operation, revision: str) -> None:
    """Carry out an operation of a revision; a kind that leaves the schema as it is does nothing."""
    session = draft.session
    if session.revision != revision:
        draft.enter(revision, None)
        session = draft.session
    if operation.kind in _SESSION or operation.transaction is not session.transaction:
        after = session.after(operation)
        if after is not session:
            draft.session = after
            draft.changed = True
    change = _CHANGES.get(operation.kind)
    if change is not None:
        change(draft, sent(operation), revision)
