"""drop-not-null: running code may meet a NULL where there never was one."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._standing import (
    altered,
    is_deprecated_here,
    is_known,
    is_made_here,
)
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each DROP NOT NULL that leaves an older column open to NULL.

    One that the revision deprecates has to be: the code of the next release does not fill it any more.
    """
    for step, before, after in altered(repository, policy, Kind.DROP_NOT_NULL):
        if is_made_here(step, before) or not after.column.nullable:
            continue
        if is_deprecated_here(step, after):
            continue
        if before is not None and is_known(before, "nullable") and before.column.nullable:
            continue  # it was open already
        name = f"{step.operation.table}.{after.column.name}"
        yield told(step, f"code that has never met a NULL in {name} may meet one")
