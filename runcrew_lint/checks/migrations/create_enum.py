"""create-enum: a new enum type, whose values can be added to and never taken away."""

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
    """One fault at each CREATE TYPE ... AS ENUM."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.CREATE_TYPE):
        if step.operation.words == "enum":
            name = step.operation.name
            yield told(
                step, f"the values of the enum {name} can be added to, and none can be taken away again"
            )
