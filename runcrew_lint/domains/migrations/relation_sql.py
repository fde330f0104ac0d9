"""A relation's name in SQL."""

from __future__ import annotations

from runcrew_lint.documents.sql import Cursor
from runcrew_lint.domains.migrations.facts import Relation
from runcrew_lint.domains.migrations.values import HOLE, Unclear


def relation(cursor: Cursor, what: str = "the table") -> Relation:
    """Go past a relation's name.

    Errors:
        Unclear where no name stands here, or one with a part that is not known.
    """
    parts = cursor.dotted()
    if not parts:
        raise Unclear(what, "the SQL names none that can be read")
    if HOLE in parts[-1]:
        raise Unclear(what, "its name is put together when the revision runs")
    schema = parts[-2] if len(parts) > 1 else ""
    return Relation("?" if HOLE in schema else schema, parts[-1])
