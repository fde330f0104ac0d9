"""type-change-unknown: a column changes its type, and whether that writes the table anew is not known."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._retyping import is_waited_for, retypings
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each change of a type that may write the table anew for all that is known."""
    for change in retypings(repository, policy):
        effect = change.step.effect
        doubt = effect.may("rewrite")
        if change.lost or change.needless_zone or not is_waited_for(change, policy):
            continue
        if doubt is not None and not (effect.rewrites or effect.rebuilds or effect.scans):
            table = change.step.operation.table
            yield told(
                change.step, f"the new type of {change.name} may write all of {table} anew: {doubt.why}"
            )
