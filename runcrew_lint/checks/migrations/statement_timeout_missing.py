"""statement-timeout-missing: a lock that is held for as long as a statement takes."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.checks.migrations._timeouts import is_known, unguarded
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.runs import runs
from runcrew_lint.model.finding import Fault, Note
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a function, at its first statement that locks others out with no statement_timeout set.

    Whether the connection has one can't be known where the repository holds no env.py: nothing is said.
    """
    for function in runs(repository.derive(history_of), policy):
        if not function or not is_known(function[0]):
            continue
        for statement, table, mode in unguarded(function, "statement_timeout", policy):
            yield Fault(
                statement.place,
                f"this keeps its lock on {table} for as long as it takes: no statement_timeout is set",
                notes=(
                    Note("lock", f"{mode} on {table}, PostgreSQL {statement.major}"),
                    *only_if(statement.first),
                ),
            )
            break
