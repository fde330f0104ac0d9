"""foreign-key-cascades: a DELETE on one table deletes from another."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.domains.migrations.facts import ConstraintKind, Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_ACTIONS = ("on_delete", "on_update")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each foreign key that is made with ON DELETE or ON UPDATE CASCADE."""
    history = repository.derive(history_of)
    for step in judged_steps(history, policy, Kind.ADD_CONSTRAINT, Kind.ADD_COLUMN, Kind.CREATE_TABLE):
        for constraint in step.operation.constraints:
            if constraint.kind is not ConstraintKind.FOREIGN_KEY:
                continue
            cascading = [name for name in _ACTIONS if getattr(constraint, name) == "cascade"]
            if cascading:
                what = " and ".join("deletes" if name == "on_delete" else "changes" for name in cascading)
                yield Fault(
                    step.place,
                    f"who {what} a row of {constraint.references} {what} its rows of {step.operation.table}, "
                    "however many there are",
                    notes=only_if(step.operation),
                )
