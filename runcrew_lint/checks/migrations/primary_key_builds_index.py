"""primary-key-builds-index: a primary key builds its index while nobody can read the table."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._constraints import added
from runcrew_lint.checks.migrations._key_mends import key_mends
from runcrew_lint.checks.migrations._refused import refusals, refused_key
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Constraint, ConstraintKind
from runcrew_lint.domains.migrations.steps import Step
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each PRIMARY KEY that brings its own index, or has rows searched for NULLs.

    And one at each that a partitioned table can't have.
    """
    yield from refusals(repository, policy, ConstraintKind.PRIMARY_KEY)
    keys = added(repository, policy, ConstraintKind.PRIMARY_KEY)
    found = [(step, constraint) for step, constraint in keys if not refused_key(step, constraint)]
    mends = key_mends([each for each in found if not each[1].using_index])
    for step, constraint in found:
        if constraint.using_index:
            nullable = _nullable(step, constraint)
            if nullable:
                yield told(
                    step,
                    f"nobody can use {step.operation.table} while every row is tried for NULLs in "
                    f"{', '.join(nullable)}, which the key makes NOT NULL",
                    help="make each column NOT NULL first, by a validated CHECK (column IS NOT NULL)",
                )
            continue
        columns = ", ".join(constraint.columns)
        yield told(
            step,
            f"nobody can use {step.operation.table} while the index of the key ({columns}) is built",
            mend=mends.get((step.migration.path, step.at)),
        )


def _nullable(step: Step, constraint: Constraint) -> list[str]:
    """The columns of a ready index that are known to take NULLs, where that makes the server look."""
    if not step.effect.scans or step.table is None:
        return []
    index = step.table.indexes.get(constraint.using_index)
    states = [step.table.columns.get(key) for key in index.index.keys] if index is not None else []
    return [state.column.name for state in states if state is not None and state.column.nullable]
