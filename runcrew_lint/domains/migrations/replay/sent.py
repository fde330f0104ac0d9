"""Names as SQLAlchemy sends them: what is too long is cut."""

from __future__ import annotations

from runcrew_lint.domains.migrations.facts import Form, Operation
from runcrew_lint.domains.migrations.replay.copies import replace
from runcrew_lint.domains.migrations.replay.names import MOST, shortened


def sent(operation: Operation) -> Operation:
    """An operation of Alembic with the names that reach the server; one of SQL as it stands."""
    if operation.form is Form.SQL:
        return operation
    if len(operation.name) <= MOST and all(len(each.name) <= MOST for each in operation.constraints):
        return operation
    constraints = tuple(replace(each, name=shortened(each.name)) for each in operation.constraints)
    return replace(operation, name=shortened(operation.name), constraints=constraints)
