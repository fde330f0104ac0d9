"""Which regular expressions of a policy may be run on whatever a repository holds."""

from __future__ import annotations

import re
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_MANY = 16  # a repetition of at least so many times counts as one without a bound


def objection(pattern: str) -> str:
    """Why a pattern is refused, or "".

    A repetition inside a repetition can take exponential time (CWE-1333); a pattern that matches the
    empty string would match everywhere.
    """
    try:
        tree = _parser.parse(pattern)
        compiled = re.compile(pattern)
    except re.error as error:
        return f"it is no regular expression: {error.msg}"
    if compiled.match(""):
        return "it matches the empty string"
    return "a repetition inside a repetition can take forever" if _nested(tree, within=False) else ""


def _nested(tree: Any, *, within: bool) -> bool:
    for operator, argument in tree:
        name = str(operator)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            many = argument[1] == _parser.MAXREPEAT or argument[1] > _MANY
            if (many and within) or _nested(argument[2], within=within or many):
                return True
        elif name == "SUBPATTERN":
            if _nested(argument[-1], within=within):
                return True
        elif name == "BRANCH":
            if any(_nested(each, within=within) for each in argument[1]):
                return True
        elif name in ("ASSERT", "ASSERT_NOT"):
            if _nested(argument[1], within=within):
                return True
        elif name == "ATOMIC_GROUP" and _nested(argument, within=within):
            return True
    return False
