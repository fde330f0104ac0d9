"""A fault of one step of a migration, with its lock and the conditions it stands under."""

from __future__ import annotations

from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.domains.migrations.steps import Step
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.model.mend import MendRequest


def told(
    step: Step,
    message: str,
    *,
    help: str = "",
    related: tuple[Related, ...] = (),
    mend: MendRequest | None = None,
) -> Fault:
    """The fault at a step's place."""
    notes = (*step.lock_notes, *only_if(step.operation))
    return Fault(step.place, message, related=related, notes=notes, help=help, mend=mend)


def stands_afterwards(step: Step) -> bool:
    """Whether the revision leaves something under the table's name: what is swapped is not missed."""
    return step.lineage.after(step.migration.revision).table(step.operation.table) is not None


def rewrites(step: Step) -> bool:
    """Whether the step writes a table anew, or may."""
    effect = step.effect
    return bool(effect.rewrites) or effect.may("rewrite") is not None
