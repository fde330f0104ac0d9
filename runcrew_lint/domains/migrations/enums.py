"""SQLAlchemy's enums: types of their own on the server, which CREATE TABLE makes before the table.

SQLAlchemy sends CREATE TYPE for each native Enum of a new table's columns (`create_type` of
`postgresql.ENUM`), and never for a column that is added to a table.
"""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.types import enum_name, is_enum
from runcrew_lint.domains.migrations.values import Built, LocalClass, Value


def labels_of(value: Built) -> tuple[str, ...]:
    """The labels of an enum; none where they are not all known."""
    if (
        len(value.args) == 1
        and isinstance(value.args[0], LocalClass)
        and "values_callable" not in value.kwargs
    ):
        members = value.args[0].members
        return tuple(name for name in members if not name.startswith("_"))
    given = [str(each) for each in value.args if isinstance(each, str)]
    return tuple(given) if len(given) == len(value.args) else ()


def made_with(column: Value) -> Iterator[Built]:
    """The enums that a new table's column makes."""
    if isinstance(column, Built):
        for each in (*column.args, column.kwargs.get("type_")):
            yield from _within(each)


def _within(value: Value) -> Iterator[Built]:
    if not isinstance(value, Built):
        return
    if value.receiver is not None:
        yield from _within(value.receiver)  # .with_variant(...)
    elif is_enum(value):
        if enum_name(value) and value.kwargs.get("create_type") is not False:
            yield value
    elif value.name == "ARRAY":
        for each in (*value.args, value.kwargs.get("item_type")):
            yield from _within(each)
