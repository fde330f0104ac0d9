"""Constraints that are added to tables that others use, for the rules about them."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.facts import Constraint, ConstraintKind, Form, Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, is_small, judged_steps
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def added(
    repository: Repository, policy: Policy, *kinds: ConstraintKind
) -> Iterator[tuple[Step, Constraint]]:
    """Each constraint of these kinds that a statement of its own adds to a table that others use.

    What a column brings along is told of inline.
    """
    for step in judged_steps(repository.derive(history_of), policy, Kind.ADD_CONSTRAINT):
        operation = step.operation
        if operation.form is Form.INLINE or step.may_be_new_table or is_small(operation.table, policy):
            continue
        for constraint in operation.constraints:
            if constraint.kind in kinds:
                yield step, constraint


def named(constraint: Constraint) -> str:
    """The constraint's name, or what it is."""
    return constraint.name or f"the {constraint.kind.value}"
