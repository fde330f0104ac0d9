"""How volatile an expression is: a default that is volatile is evaluated again for each row."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from runcrew_lint.domains.migrations.locks.functions import IMMUTABLE, STABLE, VOLATILE
from runcrew_lint.domains.migrations.locks.terms import calls_in, readable
from runcrew_lint.patterns import lazily


class Volatility(StrEnum):
    """PostgreSQL's three ratings, and that it can't be known which."""

    IMMUTABLE = "immutable"
    STABLE = "stable"
    VOLATILE = "volatile"
    UNKNOWN = "unknown"


# Words that a "(" may follow, and that are no function.
_GRAMMAR = frozenset(
    """
    and or not in is case when then else end between as over filter within any all some
    varying dec
    """.split()  # noqa: SIM905 - a long list of words reads better so
)


# What every database of Supabase has, each STABLE; nothing of its history makes them.
_SUPABASE = lazily(r"\bauth\s*\.\s*(uid|jwt|role|email)\s*\(\s*\)", re.IGNORECASE)


def rating(name: str) -> Volatility:
    """How a function of that name is rated; UNKNOWN for one that PostgreSQL does not bring along."""
    if name in VOLATILE:
        return Volatility.VOLATILE
    if name in STABLE:
        return Volatility.STABLE
    return Volatility.IMMUTABLE if name in IMMUTABLE or name in _GRAMMAR else Volatility.UNKNOWN


def volatility(
    expression: str, own: Callable[[str], Volatility] = lambda name: Volatility.UNKNOWN
) -> Volatility:
    """How an expression is rated: as its most volatile function is.

    Arguments:
        expression: SQL.
        own: the rating of a function that PostgreSQL does not bring along.
    """
    if not readable(expression):
        return Volatility.UNKNOWN
    asked = {each.lower() for each in _SUPABASE.findall(expression)}

    def rated(name: str) -> Volatility:
        found = rating(name)
        found = own(name) if found is Volatility.UNKNOWN else found
        return Volatility.STABLE if found is Volatility.UNKNOWN and name in asked else found

    found = {rated(name) for name in calls_in(expression)}
    for worst in (Volatility.VOLATILE, Volatility.UNKNOWN, Volatility.STABLE):
        if worst in found:
            return worst
    return Volatility.IMMUTABLE
