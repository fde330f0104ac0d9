"""mergeable-alter-tables: ALTER TABLE after ALTER TABLE on one table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from runcrew_lint.domains.migrations.facts import ConstraintKind, Direction, Kind, Operation, Relation
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
    """One fault a run in which two and more go through all rows, in upgrade() and on tables that others use.

    What only changes the catalogue costs nothing twice, and each foreign key and index takes a pass of its
    own in one statement, too.
    """
    for function in runs(repository.derive(history_of), policy):
        if function and function[0].direction is Direction.UPGRADE:
            for table, group in groupby(function, key=_altered):
                together = list(group)
                passes = [each for each in together if _passes(each)]
                if table is not None and len(passes) > 1 and together[0].is_old(table):
                    yield _fault(table, passes)


def _altered(statement: Statement) -> Relation | None:
    """The table that a statement alters."""
    altered = statement.first.kind in _ALTERS and not statement.first.conditions
    return statement.first.table.key if altered else None


def _is_foreign_key(operation: Operation, statement: Statement) -> bool:
    """Whether it validates a foreign key, or what is not known."""
    if operation.kind is not Kind.VALIDATE_CONSTRAINT:
        return False
    state = statement.schema.constraint(operation.table, operation.name)
    return state is None or state.kind is ConstraintKind.FOREIGN_KEY


def _passes(statement: Statement) -> bool:
    """Whether it goes through all rows in the pass that the actions of one statement share."""
    kinds = {each.kind for each in statement.operations if not _is_foreign_key(each, statement)}
    tried = {each.kind for operation in statement.operations for each in operation.constraints}
    effect = statement.effect
    reads = bool(kinds & {Kind.SET_NOT_NULL, Kind.VALIDATE_CONSTRAINT}) or ConstraintKind.CHECK in tried
    return bool(effect.rewrites) or (reads and bool(effect.scans))


def _fault(table: Relation, together: list[Statement]) -> Fault:
    return Fault(
        together[0].place,
        f"{len(together)} ALTER TABLE in a row each go through all rows of {table}: one ALTER TABLE with all "
        "actions does so once",
        related=(Related(together[-1].place, "to here"),),
    )
