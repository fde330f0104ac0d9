"""How volatile an expression is: a default that is volatile is evaluated again for each row."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from runcrew_lint.domains.migrations.locks.functions import IMMUTABLE, STABLE, VOLATILE
from runcrew_lint.domains.migrations.locks.terms import calls_in, readable


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
    found = {
        rated if (rated := rating(name)) is not Volatility.UNKNOWN else own(name)
        for name in calls_in(expression)
    }
    for worst in (Volatility.VOLATILE, Volatility.UNKNOWN, Volatility.STABLE):
        if worst in found:
            return worst
    return Volatility.IMMUTABLE
