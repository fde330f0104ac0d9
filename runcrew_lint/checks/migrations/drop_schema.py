"""drop-schema: a whole schema goes."""

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
    """One fault at each DROP SCHEMA of a schema that this revision did not make itself."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.DROP_SCHEMA):
        operation = step.operation
        own = any(
            each.kind is Kind.CREATE_SCHEMA and each.name == operation.name for each in step.migration.upgrade
        )
        if not own:
            all_of_it = (
                "with every table in it" if operation.cascade else "if it is empty, and fails if it is not"
            )
            yield told(step, f"the schema {operation.name} goes, {all_of_it}")
