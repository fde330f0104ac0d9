"""rename-table: a table leaves the name under which running code knows it."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._told import stands_afterwards, told
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each rename of a table or view that others use.

    Where the revision leaves something under the old name, a view over the new one or a table that takes
    its place, running code goes on.
    """
    for step in judged_steps(repository.derive(history_of), policy, Kind.RENAME_TABLE):
        if step.may_be_new_table or stands_afterwards(step):
            continue
        new = step.operation.target.name if step.operation.target is not None else "another name"
        yield told(
            step,
            f"code that runs during the deploy still asks for {step.operation.table}, which is {new} now",
        )
