"""set-unlogged: a table is written anew to be logged, or not."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._anew import written_anew
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each SET UNLOGGED that rewrites a table that others use."""
    for step in written_anew(repository, policy, "set unlogged", "set logged"):
        yield told(
            step,
            f"{step.operation.words.upper()} writes {step.operation.table} anew, and nobody can read it "
            "until that is done",
        )
