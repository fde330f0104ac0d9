"""enable-row-security: row security is switched on a table that others use."""

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
    """One fault at each ENABLE, DISABLE, FORCE and NO FORCE ROW LEVEL SECURITY on a table that others use."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.ALTER_TABLE):
        words = step.operation.words
        if not words.endswith("row level security") or step.may_be_new_table:
            continue
        table = step.operation.table
        if words.startswith(("enable", "force")):
            yield told(step, f"from this moment whoever has no policy on {table} sees none of its rows")
        else:
            yield told(step, f"from this moment everyone who may read {table} sees all of its rows")
