"""create-enum: a new enum type, whose values can be added to and never taken away."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Form, Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each CREATE TYPE ... AS ENUM.

    Alembic makes an enum with the first table that has a column of it, and remembers that it did. One
    that takes the place of another is how values are taken away.
    """
    for step in judged_steps(repository.derive(history_of), policy, Kind.CREATE_TYPE):
        operation = step.operation
        name = operation.name
        again = operation.form is Form.INLINE and step.schema.type_of(name) is not None
        if operation.words == "enum" and not again and not _takes_a_place(step):
            yield told(
                step, f"the values of the enum {name} can be added to, and none can be taken away again"
            )


def _takes_a_place(step: Step) -> bool:
    """Whether there was a type of that name before the revision, or one that it has renamed."""
    name, migration = step.operation.name, step.migration
    if step.lineage.before(migration.revision).type_of(name) is not None:
        return True
    earlier = migration.upgrade[: step.at]
    return any(each.kind is Kind.ALTER_TYPE_OBJECT and each.name == name for each in earlier)
