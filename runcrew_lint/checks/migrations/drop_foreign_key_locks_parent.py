"""drop-foreign-key-locks-parent: a foreign key's end locks the other table, too."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind, Relation
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, is_small, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each drop of a foreign key, its column or its table that locks another old table."""
    history = repository.derive(history_of)
    for step in judged_steps(history, policy, Kind.DROP_CONSTRAINT, Kind.DROP_COLUMN, Kind.DROP_TABLE):
        if step.may_be_new_table:
            continue
        parents = [each for each in _parents(step) if not is_small(each, policy)]
        if parents:
            yield told(
                step,
                f"nobody can use {' and '.join(map(str, parents))} either while the foreign key goes",
            )


def _parents(step: Step) -> list[Relation]:
    """The old tables that the foreign keys which go refer to."""
    table, operation = step.table, step.operation
    found: dict[Relation, None] = {}
    for state in table.constraints.values() if table is not None else ():
        other = state.constraint.references
        if other is None or other.key == operation.table.key:
            continue
        goes = (
            operation.kind is Kind.DROP_TABLE
            or (operation.kind is Kind.DROP_CONSTRAINT and state.name == operation.name)
            or (operation.kind is Kind.DROP_COLUMN and operation.columns[0].name in state.constraint.columns)
        )
        parent = step.schema.table(other)
        if goes and (parent is None or parent.made_in != step.migration.revision):
            found[other] = None
    return list(found)
