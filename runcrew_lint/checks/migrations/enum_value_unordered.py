"""enum-value-unordered: a new enum value goes to the end, whatever the order means."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each ADD VALUE without BEFORE or AFTER."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.ALTER_ENUM):
        operation = step.operation
        if operation.words == "add value" and not operation.options:
            (value,) = operation.values or ("the value",)
            yield told(step, f"{value} is sorted behind every other value of {operation.name}")
