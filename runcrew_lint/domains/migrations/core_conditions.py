"""The conditions of SQLAlchemy's statements as the SQL that they render as, where all of it is known."""

from __future__ import annotations

from collections.abc import Sequence

from runcrew_lint.domains.migrations.facts import UNREAD
from runcrew_lint.domains.migrations.said import is_call, is_method, sql_default
from runcrew_lint.domains.migrations.sql_words import quoted
from runcrew_lint.domains.migrations.values import Member, Value

_NULLS = {"is_": "IS NULL", "is_not": "IS NOT NULL", "isnot": "IS NOT NULL"}
_AMONG = {"in_": "IN", "not_in": "NOT IN", "notin_": "NOT IN"}
_ALIKE = {"like": "LIKE", "ilike": "ILIKE", "not_like": "NOT LIKE", "notlike": "NOT LIKE"}


def where_of(conditions: Sequence[Value]) -> str:
    """What the conditions are joined to; "" where a part is not known."""
    return _joined(conditions, " AND ")


def _joined(conditions: Sequence[Value], by: str) -> str:
    parts = [_condition(each) for each in conditions]
    return by.join(parts) if all(parts) else ""


def _condition(value: Value) -> str:
    if is_call(value, "and_", "or_"):
        inner = _joined(value.args, " AND " if value.name == "and_" else " OR ")
        return f"({inner})" if inner else ""
    if not is_method(value, *_NULLS, *_AMONG, *_ALIKE) or len(value.args) != 1:
        return ""
    column, given = _column(value.receiver), value.args[0]
    if not column:
        return ""
    if value.name in _NULLS:
        return f"{column} {_NULLS[value.name]}" if given is None else ""
    if value.name in _ALIKE:
        return f"{column} {_ALIKE[value.name]} {sql_default(given)}" if isinstance(given, str) else ""
    listed = [sql_default(each) for each in given] if isinstance(given, (list, tuple)) and given else []
    known = [each for each in listed if each is not None and each != UNREAD]
    return f"{column} {_AMONG[value.name]} ({', '.join(known)})" if listed and known == listed else ""


def _column(value: Value) -> str:
    """The column that `table.c.name` or `column("name")` is; "" for anything else."""
    if is_call(value, "column", "Column", "literal_column") and value.args and isinstance(value.args[0], str):
        return quoted(value.args[0])
    if isinstance(value, Member) and isinstance(value.of, Member) and value.of.name in ("c", "columns"):
        return quoted(value.name)
    return ""
