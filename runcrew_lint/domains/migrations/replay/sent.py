"""Names as SQLAlchemy sends them: the index's default name, and what is too long cut."""

from __future__ import annotations

from runcrew_lint.domains.migrations.facts import Form, Kind, Operation
from runcrew_lint.domains.migrations.replay.copies import replace
from runcrew_lint.domains.migrations.replay.names import MOST, shortened


def sent(operation: Operation) -> Operation:
    """An operation of Alembic with the names that reach the server.

    An index without a name gets one from MetaData's own naming convention, "ix_%(column_0_label)s".
    """
    if operation.form is Form.SQL:
        return operation
    name = operation.name
    if operation.kind is Kind.CREATE_INDEX and not name and operation.index is not None:
        key = operation.index.keys[0] if operation.index.keys else ""
        parts = ["ix", operation.table.schema.replace(".", "_"), operation.table.name, key]
        name = "_".join(part for part in parts if part) if key else ""
    if len(name) > MOST or any(len(each.name) > MOST for each in operation.constraints):
        constraints = tuple(replace(each, name=shortened(each.name)) for each in operation.constraints)
        return replace(operation, name=shortened(name), constraints=constraints)
    return operation if name is operation.name else replace(operation, name=name)
