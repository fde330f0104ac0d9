"""What writes a whole table anew."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._told import rewrites
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, is_small, judged_steps
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def written_anew(repository: Repository, policy: Policy, *words: str) -> Iterator[Step]:
    """Each ALTER TABLE with these words that rewrites a table that others use, small ones left out."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.ALTER_TABLE):
        if step.operation.words not in words or step.may_be_new_table:
            continue
        if not is_small(step.operation.table, policy) and rewrites(step):
            yield step
