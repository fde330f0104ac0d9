"""disable-trigger: a table's triggers stop, for everyone."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each DISABLE TRIGGER on a table that others use."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.ALTER_TABLE):
        if step.operation.words != "disable trigger" or step.may_be_new_table:
            continue
        which = step.operation.name
        shown = {
            "all": "all triggers stop, those of foreign keys too,",
            "user": "all triggers but those of foreign keys stop",
        }.get(which, f"the trigger {which} stops")
        yield told(
            step, f"{shown} on {step.operation.table}: what is written meanwhile is never checked again"
        )
