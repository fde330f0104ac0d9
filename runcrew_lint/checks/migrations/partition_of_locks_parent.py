"""partition-of-locks-parent: a new partition locks the whole partitioned table."""

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
    """One fault at each CREATE TABLE ... PARTITION OF a table that others use."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.CREATE_TABLE):
        if step.operation.words != "partition of":
            continue
        (parent,) = step.operation.others
        table = step.schema.table(parent)
        if (table is not None and table.made_in == step.migration.revision) or is_small(parent, policy):
            continue
        yield told(
            step, f"PARTITION OF takes {parent} from everyone, readers too, until the revision is done"
        )
