"""inline-foreign-key: a new column brings a foreign key along, which locks another table too."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._adding import adding, brought
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import ConstraintKind, Relation
from runcrew_lint.domains.migrations.steps import Step, is_small
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each new column with REFERENCES, unless it reads nothing and nobody uses the other table.

    A column without a default is NULL in every row, which PostgreSQL knows within one statement; Alembic
    sends the foreign key in a second one, and that reads all rows.
    """
    for step, column in adding(repository, policy):
        for constraint in brought(step, ConstraintKind.FOREIGN_KEY):
            table, other = step.operation.table, constraint.references
            name = f"{table}.{column.name}"
            if constraint.valid and constraint.enforced and step.effect.scans:
                message = (
                    f"nobody can use {table} while the foreign key of {name} is checked against every row"
                )
            elif other is not None and other.key != table.key and _is_used(other, step, policy):
                message = f"adding {name} shuts {table} while it waits until nobody writes to {other} either"
            else:
                continue
            yield told(step, message)


def _is_used(table: Relation, step: Step, policy: Policy) -> bool:
    found = step.schema.table(table)
    is_new = found is not None and found.made_in == step.migration.revision
    return not is_new and not is_small(table, policy)
