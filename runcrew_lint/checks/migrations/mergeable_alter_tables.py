"""mergeable-alter-tables: ALTER TABLE after ALTER TABLE on one table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from runcrew_lint.domains.migrations.facts import Direction, Kind, Relation
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.runs import Statement, runs
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_ALTERS = (
    *(Kind.ADD_COLUMN, Kind.DROP_COLUMN, Kind.ALTER_TYPE, Kind.SET_NOT_NULL, Kind.DROP_NOT_NULL),
    *(Kind.SET_DEFAULT, Kind.DROP_DEFAULT, Kind.ADD_CONSTRAINT, Kind.DROP_CONSTRAINT, Kind.ALTER_TABLE),
    Kind.VALIDATE_CONSTRAINT,
)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a run of two and more, at its first, in upgrade() and on tables that others use."""
    for function in runs(repository.derive(history_of), policy):
        if function and function[0].direction is Direction.UPGRADE:
            for table, group in groupby(function, key=_altered):
                together = list(group)
                if table is not None and len(together) > 1 and together[0].is_old(table):
                    yield _fault(table, together)


def _altered(statement: Statement) -> Relation | None:
    """The table that a statement alters."""
    altered = statement.first.kind in _ALTERS and not statement.first.conditions
    return statement.first.table.key if altered else None


def _fault(table: Relation, together: list[Statement]) -> Fault:
    return Fault(
        together[0].place,
        f"{len(together)} ALTER TABLE on {table} in a row are {len(together)} passes over it where each "
        "reads or writes its rows: one ALTER TABLE with all actions is one",
        related=(Related(together[-1].place, "to here"),),
    )
