"""type-change-rewrites: a table is written or read anew for a column's new type, while nobody can use it."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._enum_mends import enum_mend
from runcrew_lint.checks.migrations._retyping import Retyping, is_waited_for, retypings
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each change of a type that costs more than the moment of its lock.

    One that does not fit every value is type-change-narrows', one with a needless zone using-at-time-zone's.
    """
    for change in retypings(repository, policy):
        if change.lost or change.needless_zone or not is_waited_for(change, policy):
            continue
        work = _work(change)
        if work:
            table = change.step.operation.table
            was = f" from {change.old}" if change.old else ""
            yield told(
                change.step,
                f"nobody can use {table} while {work}: {change.column.name} becomes "
                f"{change.column.type or 'another type'}{was}",
                mend=enum_mend(change.step),
            )


def _work(change: Retyping) -> str:
    """What PostgreSQL does under the lock."""
    effect = change.step.effect
    if effect.rewrites:
        return "it is written anew"
    if effect.rebuilds:
        names = ", ".join(sorted(each.name for each in effect.rebuilds))
        return f"{names} {'is' if len(effect.rebuilds) == 1 else 'are'} built anew"
    return "a constraint on the column is tried on every row again" if effect.scans else ""
