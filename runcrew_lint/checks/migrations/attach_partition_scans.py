"""attach-partition-scans: a partition is searched through while it is attached."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind, Relation
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each ATTACH PARTITION that reads all rows of a table that others use."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.ATTACH_PARTITION):
        scanned = sorted(each for each in step.effect.scans if not _is_new(step, each))
        if scanned:
            names = ", ".join(map(str, scanned))
            yield told(
                step, f"ATTACH PARTITION reads every row of {names} to see that each lies within the bound"
            )


def _is_new(step: Step, name: Relation) -> bool:
    table = step.schema.table(name)
    return table is not None and table.made_in == step.migration.revision
