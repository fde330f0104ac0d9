"""set-not-null: a table is searched for NULLs while nobody can use it."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._adding import is_used
from runcrew_lint.checks.migrations._mends import can_leave, in_steps, is_mendable, may_commit_before
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import ConstraintKind, Form, Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.quoting import qualified, quoted
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_PROOF_SINCE = 12  # release notes of 12
_LONGEST = 63  # bytes of a name
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
            mend=_mend(step) if policy.postgres >= _PROOF_SINCE else None,
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


def _mend(step: Step) -> MendRequest | None:
    """A CHECK that proves it: added NOT VALID, validated outside the transaction, and dropped in the end."""
    operation = step.operation
    is_plain = operation.form in (Form.CALL, Form.SQL) and not operation.conditions
    if not is_plain or operation.kind is not Kind.SET_NOT_NULL or not can_leave(step.lineage):
        return None
    same = [each for each in step.migration.upgrade if each.call == operation.call]
    if not is_mendable(step.migration, operation) or {each.table for each in same} != {operation.table}:
        return None
    if [each for each in same if each.kind is Kind.SET_NOT_NULL] != [operation]:
        return None
    if not may_commit_before(step):
        return None
    if step.table is None or step.table.partitioned or any(each.kind is Kind.RENAME_COLUMN for each in same):
        return None
    name = f"{operation.table.name}_{_column(step)}_not_null"
    if len(name.encode()) > _LONGEST or name in step.table.constraints:
        return None
    on, check = f"ALTER TABLE {qualified(operation.table)}", quoted(name)
    return in_steps(
        step,
        "proves it first by a CHECK that is validated outside the transaction, and drops that in the end",
        (
            ("plain", f"{on} DROP CONSTRAINT IF EXISTS {check}"),
            ("plain", f"{on} ADD CONSTRAINT {check} CHECK ({quoted(_column(step))} IS NOT NULL) NOT VALID"),
            ("block", f"{on} VALIDATE CONSTRAINT {check}"),
            ("kept", ""),
            ("plain", f"{on} DROP CONSTRAINT IF EXISTS {check}"),
        ),
    )
