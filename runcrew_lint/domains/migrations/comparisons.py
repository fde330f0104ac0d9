"""Comparisons in three values: true, false, or unknown because ..."""

from __future__ import annotations

import ast
from typing import Any

from runcrew_lint.domains.migrations import pure
from runcrew_lint.domains.migrations.values import (
    PLAIN,
    Function,
    Handle,
    Template,
    Unknown,
    Value,
    unknown_of,
)

CONTAINERS = (list, tuple, dict, str, Template)
_THERE = (*PLAIN, *CONTAINERS, Function, Handle)  # what is certainly not None, unless it is None itself


def comparison(operator: ast.cmpop, left: Value, right: Value) -> Value:
    """`left <operator> right`."""
    negated = isinstance(operator, (ast.NotEq, ast.NotIn, ast.IsNot))
    answer: bool | None = None
    if isinstance(operator, (ast.In, ast.NotIn)):
        answer = _contains(right, left)
    elif isinstance(operator, (ast.Is, ast.IsNot)) and (left is None or right is None):
        other = right if left is None else left
        if other is None or isinstance(other, _THERE):
            answer = other is None
    elif (isinstance(left, PLAIN) and isinstance(right, PLAIN)) or (
        isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)) and _all_plain(left, right)
    ):
        answer = _ordered(operator, left, right)
    if answer is None:
        unknown = unknown_of(left) or unknown_of(right)
        return unknown or Unknown("the comparison is not evaluated")
    return answer is not negated


def _all_plain(*values: list[Value] | tuple[Value, ...]) -> bool:
    return all(isinstance(item, PLAIN) for value in values for item in value)


def _ordered(operator: ast.cmpop, left: Any, right: Any) -> bool | None:
    """The comparison's answer; for != and `is not` that of their opposite."""
    try:
        if isinstance(operator, (ast.Eq, ast.NotEq, ast.Is, ast.IsNot)):
            return bool(left == right)
        if isinstance(operator, ast.Lt):
            return bool(left < right)
        if isinstance(operator, ast.LtE):
            return bool(left <= right)
        if isinstance(operator, ast.Gt):
            return bool(left > right)
        if isinstance(operator, ast.GtE):
            return bool(left >= right)
    except TypeError:
        return None
    return None


def _contains(container: Value, item: Value) -> bool | None:
    if isinstance(container, str):
        return item in container if isinstance(item, str) else None
    items = pure.items_of(container)
    if items is None or not isinstance(item, PLAIN):
        return None
    if any(isinstance(each, PLAIN) and each == item for each in items):
        return True
    return False if all(isinstance(each, PLAIN) for each in items) else None
