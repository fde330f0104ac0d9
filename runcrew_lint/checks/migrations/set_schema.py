"""set-schema: a table leaves the schema in which running code looks for it."""

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
    """One fault at each SET SCHEMA of a table or view that others use."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.SET_SCHEMA):
        if step.may_be_new_table or stands_afterwards(step):
            continue
        new = step.operation.target
        where = f"in the schema {new.schema}" if new is not None and new.schema else "in another schema"
        yield told(
            step, f"code that runs during the deploy still asks for {step.operation.table}, now {where}"
        )
