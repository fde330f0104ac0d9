"""lock-timeout-missing: a lock that is waited for without an end, with everybody else behind it."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.checks.migrations._timeouts import is_known, unguarded
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.runs import runs
from runcrew_lint.model.finding import Fault, Note, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_SHOWN = 3


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a function, at its first statement that takes a blocking lock with no lock_timeout set.

    Whether the connection has one can't be known where the repository holds no env.py: nothing is said.
    """
    for function in runs(repository.derive(history_of), policy):
        if not function or not is_known(function[0]):
            continue
        found = list(unguarded(function, "lock_timeout", policy))
        if not found:
            continue
        (first, table, mode), *others = found
        more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        related = [
            Related(statement.place, f"and for {each}{more if at == _SHOWN - 1 else ''}")
            for at, (statement, each, _) in enumerate(others[:_SHOWN])
        ]
        yield Fault(
            first.place,
            f"this waits for a lock on {table} as long as it takes, and every query of {table} waits "
            "behind it: no lock_timeout is set",
            related=tuple(related),
            notes=(Note("lock", f"{mode} on {table}, PostgreSQL {first.major}"), *only_if(first.first)),
        )
