"""How an action of ALTER TABLE is read: from its words, with the table, into operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from runcrew_lint.documents.sql_cursor import Cursor
from runcrew_lint.domains.migrations.facts import Operation, Relation
from runcrew_lint.domains.migrations.values import HOLE, Unclear

Made = Callable[..., Operation]
Action = Callable[[Cursor, Relation, Made], Iterator[Operation]]


def not_known(cursor: Cursor) -> Unclear:
    """Says that the next word begins no action."""
    token = cursor.token
    if token is None or HOLE in token.value:
        return Unclear("the change", "the action of ALTER TABLE is not known")
    return Unclear("the change", f"ALTER TABLE has no action {token.value[:40]!r}")
