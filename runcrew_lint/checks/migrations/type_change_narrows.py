"""type-change-narrows: values that the column holds do not fit its new type."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._retyping import retypings
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each change of a type that refuses, cuts or rounds what the old one allows."""
    for change in retypings(repository, policy):
        if change.lost:
            yield told(
                change.step, f"{change.name} becomes {change.column.type} from {change.old}: {change.lost}"
            )
