"""set-not-null: a table is searched for NULLs while nobody can use it."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._adding import is_used
from runcrew_lint.checks.migrations._not_null_mends import not_null_mends, required_column
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import ConstraintKind, Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_PROOF_SINCE = 12  # release notes of 12
_HELP = "before 12 no CHECK spares the reading: keep a validated CHECK (col IS NOT NULL) in place of NOT NULL"


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each SET NOT NULL, or ADD NOT NULL (18), for which PostgreSQL reads the table.

    A validated CHECK that is in force when the statement runs spares the reading, from 12 on. Where the same
    statement writes the table anew, all rows are read for that anyway.
    """
    steps = [
        step
        for step in judged_steps(
            repository.derive(history_of), policy, Kind.SET_NOT_NULL, Kind.ADD_CONSTRAINT
        )
        if _is_not_null(step) and is_used(step, policy)
        if step.effect.scans and not step.statement_effect.rewrites
    ]
    mends = not_null_mends(steps) if policy.postgres >= _PROOF_SINCE else {}
    for step in steps:
        table, column = step.operation.table, required_column(step.operation)
        yield told(
            step,
            f"nobody can use {table} while every row is searched for a NULL in {column}",
            help=_HELP if policy.postgres < _PROOF_SINCE else "",
            mend=mends.get((step.migration.path, step.at)),
        )


def _is_not_null(step: Step) -> bool:
    operation = step.operation
    return operation.kind is Kind.SET_NOT_NULL or any(
        each.kind is ConstraintKind.NOT_NULL for each in operation.constraints
    )
