"""drop-database: a database goes."""

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
    """One fault at each DROP DATABASE in an upgrade()."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.OTHER):
        if step.operation.words == "drop database":
            yield told(step, "a database goes with everything in it, and no backup is part of a migration")
