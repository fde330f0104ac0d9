"""enum-value-renamed: an enum value leaves the name under which running code knows it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind, Operation
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each RENAME VALUE of a type that an earlier revision made."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.ALTER_ENUM):
        operation = step.operation
        if operation.words != "rename value" or _is_new(step.migration.upgrade, operation):
            continue
        shown = " to ".join(operation.values) or "a value"
        yield told(
            step,
            f"code that runs during the deploy still uses the old value: {shown} of {operation.name}",
        )


def _is_new(upgrade: tuple[Operation, ...], renaming: Operation) -> bool:
    """Whether the revision has made the type itself, and not in exchange for the one whose value this is."""
    before = takewhile(lambda each: each != renaming, upgrade)
    return any(each.kind is Kind.CREATE_TYPE and each.name == renaming.name for each in before)
