"""Columns that are added to tables that others use, for the rules about what a new column costs."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Column, Constraint, ConstraintKind, Kind
from runcrew_lint.domains.migrations.history import History, history_of
from runcrew_lint.domains.migrations.schema import TypeKind, TypeState
from runcrew_lint.domains.migrations.steps import Step, is_small, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def adding(repository: Repository, policy: Policy) -> tuple[tuple[Step, Column], ...]:
    """Each column that comes to a table with rows that others use."""
    history = repository.derive(history_of)
    key = ("adding", policy.migrations, policy.postgres)
    return history.once(key, lambda: tuple(_added(history, policy)))


def _added(history: History, policy: Policy) -> Iterator[tuple[Step, Column]]:
    for step in judged_steps(history, policy, Kind.ADD_COLUMN):
        column = step.operation.columns[0]
        if is_used(step, policy) and not is_empty(step) and not _is_there(step, column):
            yield step, column


def is_used(step: Step, policy: Policy) -> bool:
    """Whether others use the step's table, so that its locks matter."""
    return not step.may_be_new_table and not is_small(step.operation.table, policy)


def is_empty(step: Step) -> bool:
    """Whether the revision itself has removed every row of the table, and put none in since."""
    return step.table is not None and step.table.emptied_in == step.migration.revision


def _is_there(step: Step, column: Column) -> bool:
    """Whether IF NOT EXISTS finds the column."""
    return step.operation.if_exists and step.schema.column(step.operation.table, column.name) is not None


def brought(step: Step, *kinds: ConstraintKind) -> Iterator[Constraint]:
    """The constraints of these kinds that a new column brings along."""
    return (each for each in step.operation.constraints if each.kind in kinds)


def constrained_domain(step: Step, column: Column) -> TypeState | None:
    """The domain that is the column's type, where it has a CHECK or NOT NULL of its own."""
    found = None if column.type.endswith("]") else step.schema.type_of(column.type)
    if found is None or found.kind is not TypeKind.DOMAIN:
        return None
    return found if found.checks or not found.nullable else None


def rewriting(step: Step, column: Column, what: str, *, help: str = "") -> Fault:
    """The fault of a new column for whose sake the whole table is written anew."""
    table = step.operation.table
    message = f"nobody can use {table} while it is written anew: {table}.{column.name} is {what}"
    return told(step, message, help=help)
