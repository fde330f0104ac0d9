"""Tables of which PostgreSQL itself takes one row at the most, as settings have it."""

from __future__ import annotations

import re

from runcrew_lint.domains.migrations.facts import ConstraintKind
from runcrew_lint.domains.migrations.states import Table
from runcrew_lint.patterns import lazily

_LITERAL = r"(?:true|false|\d+|'(?:[^']|'')*')(?:::[\w ]+)?"
_CONSTANT = lazily(rf"[\s(]*{_LITERAL}[\s)]*", re.IGNORECASE)
_FIXED = lazily(rf'[\s(]*"?(\w+)"?\s*(?:=\s*{_LITERAL}|is\s+true)?[\s)]*', re.IGNORECASE)


def holds_one_row(table: Table) -> bool:
    """Whether a second row would be refused: by a unique index on a constant, or a key that has one value."""
    if any(
        each.index.unique and each.valid and not each.index.where and all(map(_is_constant, each.index.keys))
        for each in table.indexes.values()
        if each.index.keys
    ):
        return True
    return any(_is_key(table, column) for column in _fixed(table))


def _is_constant(key: str) -> bool:
    return _CONSTANT.fullmatch(key) is not None


def _fixed(table: Table) -> set[str]:
    """The columns that a CHECK lets have one value, and NULL."""
    checks = [each for each in table.constraints.values() if each.kind is ConstraintKind.CHECK and each.valid]
    found = [_FIXED.fullmatch(each.constraint.expression) for each in checks]
    return {each[1].lower() for each in found if each is not None} & table.columns.keys()


def _is_key(table: Table, column: str) -> bool:
    """Whether a column alone tells the rows apart, and is never NULL."""
    keys = (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE)
    alone = any(
        each.kind in keys and tuple(each.constraint.columns) == (column,)
        for each in table.constraints.values()
    )
    return alone and not table.columns[column].column.nullable
