"""duplicate-index-column: a column is twice in one index."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each index with a key twice, or with a key that it includes besides."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.CREATE_INDEX):
        index = step.operation.index
        if index is None:
            continue
        keys = [*index.keys, *index.include]
        twice = sorted({key for key in keys if key and keys.count(key) > 1})
        if twice and not index.using.startswith(("gin", "gist")):
            yield Fault(
                step.place,
                f"{', '.join(twice)} is twice in {step.operation.name or 'the index'}, and once would do",
                notes=only_if(step.operation),
            )
