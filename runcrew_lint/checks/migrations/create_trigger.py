"""create-trigger: a trigger is put on a table that others write to."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import is_small, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each CREATE TRIGGER on a table that others use."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.CREATE_TRIGGER):
        if step.may_be_new_table or is_small(step.operation.table, policy):
            continue
        yield told(
            step,
            f"writes to {step.operation.table} wait while the trigger {step.operation.name} is made, "
            "and each runs it from then on",
        )
