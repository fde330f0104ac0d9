"""not-null-without-default: a required column for rows that have no value for it."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.facts import Column, Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault, Note
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each column that is added NOT NULL and gets no value from the server."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.ADD_COLUMN):
        operation = step.operation
        if not _needs_a_value(operation.columns[0]):
            continue
        if step.may_be_new_table or _is_empty(step):
            continue
        yield _fault(step, operation.columns[0])


def _needs_a_value(column: Column) -> bool:
    """Whether a row that exists already has nothing to put into the column.

    A serial column has its sequence; what can't be known is told by migration-unresolved.
    """
    if column.nullable or column.identity or column.generated is not None or column.serial:
        return False
    if {"nullable", "default"} & set(column.unknown):
        return False
    return column.default is None or column.default.strip().lower().split("::")[0] == "null"


def _is_empty(step: Step) -> bool:
    """Whether this revision has just removed every row."""
    return step.table is not None and step.table.emptied_in == step.migration.revision


def _fault(step: Step, column: Column) -> Fault:
    table = step.operation.table
    help = ""
    if column.python_default:
        help = (
            "a Python-side `default=` never reaches the database: give `server_default=`, or add the column "
            "nullable, fill it, then set it NOT NULL"
        )
    notes = [*step.lock_notes]
    if step.operation.conditions:
        notes.append(Note("only if", "; ".join(step.operation.conditions)))
    return Fault(
        step.place,
        f"adding {table}.{column.name} NOT NULL without a server default fails once {table} holds a row",
        notes=tuple(notes),
        help=help,
    )
