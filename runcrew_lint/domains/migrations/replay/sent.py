"""Names as SQLAlchemy sends them: what is too long is cut."""

from __future__ import annotations

from runcrew_lint.domains.migrations.facts import Form, Operation
from runcrew_lint.domains.migrations.naming import LONGEST, cut
from runcrew_lint.domains.migrations.replay.copies import replace


def sent(operation: Operation) -> Operation:
    """An operation of Alembic with the names that reach the server; one of SQL as it stands."""
    if operation.form is Form.SQL:
        return operation
    if len(operation.name) <= LONGEST and all(len(each.name) <= LONGEST for each in operation.constraints):
        return operation
    constraints = tuple(replace(each, name=cut(each.name)) for each in operation.constraints)
    return replace(operation, name=cut(operation.name), constraints=constraints)
