"""wide-index: an index of more columns than queries use."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy, *, max_columns: int = 3) -> Iterator[Fault]:
    """One fault at each new B-tree index that is not unique and has more keys than `max_columns`."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.CREATE_INDEX):
        index = step.operation.index
        if (
            index is None
            or index.unique
            or index.using not in ("", "btree")
            or len(index.keys) <= max_columns
        ):
            continue
        yield Fault(
            step.place,
            f"{step.operation.name or 'the index'} has {len(index.keys)} columns: few queries name the last, "
            f"and each write to {step.operation.table} pays for all",
            notes=only_if(step.operation),
        )
