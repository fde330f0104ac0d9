"""statement-timeout-missing: a lock that is held for as long as a statement takes."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.checks.migrations._timeouts import is_known, is_off, unguarded
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.runs import Statement, runs
from runcrew_lint.domains.migrations.steps import is_small
from runcrew_lint.model.finding import Fault, Note, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_NAME = "statement_timeout"


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a function, at its first statement that locks others out with no statement_timeout set.

    What is known to change the catalogue alone is done as soon as it has its lock: nothing is said of it
    where nothing behind it in its transaction has more to do. Whether the connection has a timeout can't be
    known where the repository holds no env.py.
    """
    for function in runs(repository.derive(history_of), policy):
        if not function or not is_known(function[0]):
            continue
        for statement, table, mode in unguarded(function, _NAME, policy):
            slow = next((each for each in _beside(function, statement) if _is_slow(each, policy)), None)
            if slow is None:
                continue
            itself = slow is statement
            yield Fault(
                statement.place,
                f"this keeps its lock on {table} for as long as {'it' if itself else 'what follows'} takes: "
                f"no {_NAME} is set",
                related=() if itself else (Related(slow.place, "which may be long here"),),
                notes=(
                    Note("lock", f"{mode} on {table}, PostgreSQL {statement.major}"),
                    *only_if(statement.first),
                ),
            )
            break


def _beside(function: tuple[Statement, ...], statement: Statement) -> Iterator[Statement]:
    """A statement, and those that run while it keeps its locks."""
    yield statement
    for each in function[function.index(statement) + 1 :]:
        if not (statement.in_transaction and each.in_transaction):
            return
        yield each


def _is_slow(statement: Statement, policy: Policy) -> bool:
    """Whether it has, or may have, all rows of a table in use to go through, and no timeout ends it."""
    effect, schema = statement.effect, statement.schema
    if statement.first.kind is Kind.TRUNCATE:
        return False  # the new files are empty
    tables = [
        *effect.rewrites,
        *effect.scans,
        *(each.relation for each in effect.doubts if each.what != "lock"),
    ]
    tables += filter(None, map(schema.table_of_index, effect.rebuilds))
    used = (each for each in tables if statement.is_old(each) and not is_small(each, policy))
    return is_off(statement.setting(_NAME)) and any(used)
