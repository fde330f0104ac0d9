"""view-replaced: a view that running code reads becomes another one."""

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
    """One fault at each DROP VIEW and CREATE OR REPLACE VIEW of a view that others read."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.DROP_VIEW, Kind.CREATE_VIEW):
        operation, view = step.operation, step.table
        if operation.kind is Kind.CREATE_VIEW and (not operation.replaces or view is None):
            continue
        if operation.cascade or operation.temporary or step.may_be_new_table:
            continue
        did = "dropped" if operation.kind is Kind.DROP_VIEW else "replaced"
        yield told(step, f"{operation.table} is {did} under the code that reads it during the deploy")
