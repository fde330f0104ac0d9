"""set-access-method: a table is written anew into other storage while everyone waits."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._told import rewrites, told
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import is_small, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_WORDS = ("set access method",)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each SET ACCESS METHOD that rewrites a table that others use."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.ALTER_TABLE):
        if (
            step.operation.words not in _WORDS
            or step.may_be_new_table
            or is_small(step.operation.table, policy)
        ):
            continue
        if rewrites(step):
            yield told(
                step,
                f"SET ACCESS METHOD writes {step.operation.table} anew, and nobody can read it "
                "until that is done",
            )
