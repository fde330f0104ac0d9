"""set-not-null: a table is searched for NULLs while nobody can use it."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._adding import is_used
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
    for step in judged_steps(repository.derive(history_of), policy, Kind.SET_NOT_NULL, Kind.ADD_CONSTRAINT):
        if not _is_not_null(step) or not is_used(step, policy):
            continue
        if not step.effect.scans or step.statement_effect.rewrites:
            continue
        table = step.operation.table
        yield told(
            step,
            f"nobody can use {table} while every row is searched for a NULL in {_column(step)}",
            help=_HELP if policy.postgres < _PROOF_SINCE else "",
        )


def _is_not_null(step: Step) -> bool:
    operation = step.operation
    return operation.kind is Kind.SET_NOT_NULL or any(
        each.kind is ConstraintKind.NOT_NULL for each in operation.constraints
    )


def _column(step: Step) -> str:
    operation = step.operation
    if operation.columns:
        return operation.columns[0].name
    return ", ".join(name for each in operation.constraints for name in each.columns)
