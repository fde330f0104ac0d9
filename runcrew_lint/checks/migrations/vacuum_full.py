"""vacuum-full: a table is written anew while everyone waits."""

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
    """One fault at each VACUUM FULL of a table that others use."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.VACUUM):
        if (
            "full" not in step.operation.words.split()
            or step.may_be_new_table
            or is_small(step.operation.table, policy)
        ):
            continue
        what = str(step.operation.table) if step.operation.table.name else "every table"
        yield told(step, f"VACUUM FULL writes {what} anew, and nobody can read it until that is done")
