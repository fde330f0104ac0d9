"""constraint-unnamed: a constraint whose name nobody knows can't be dropped later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runcrew_lint.checks.migrations._mends import is_written_once
from runcrew_lint.domains.migrations.facts import UNNAMED, AlembicEnvironment, ConstraintKind, Kind, Operation
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_KEYS = {
    ConstraintKind.PRIMARY_KEY: "pk",
    ConstraintKind.UNIQUE: "uq",
    ConstraintKind.FOREIGN_KEY: "fk",
    ConstraintKind.CHECK: "ck",
}


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each `op.create_..._constraint(None, ...)` and `op.drop_constraint(None, ...)` for which
    env.py's metadata has no naming convention.
    """
    history = repository.derive(history_of)
    for step in judged_steps(history, policy, Kind.ADD_CONSTRAINT, Kind.DROP_CONSTRAINT):
        operation = step.operation
        if operation.words != UNNAMED:
            continue
        if operation.kind is Kind.DROP_CONSTRAINT:
            yield Fault(step.place, "op.drop_constraint needs a name: without one Alembic fails here")
        elif not _is_named_by(step.lineage.setups, operation):
            yield Fault(
                step.place,
                f"the server names this constraint on {operation.table}, and who drops it has to guess",
                mend=_mend(step),
            )


def _is_named_by(setups: Sequence[AlembicEnvironment], operation: Operation) -> bool:
    """Whether a naming convention names the constraint, or may."""
    conventions = [each.naming_convention for each in setups if each.path.endswith(".py")]
    key = _KEYS.get(operation.constraints[0].kind, "")
    return any(each is None or key in dict(each) for each in conventions)


def _mend(step: Step) -> MendRequest | None:
    """The name that the server picks, written down; the catalogue stays what it was.

    Another database would pick another one.
    """
    operation = step.operation
    if step.lineage.others:
        return None
    table = step.lineage.after(step.migration.revision).table(operation.table)
    if table is None or not table.complete or not is_written_once(step.migration, operation):
        return None
    wanted = operation.constraints[0]
    names = [
        each.name
        for each in table.constraints.values()
        if each.automatic and each.kind is wanted.kind and each.constraint.columns == wanted.columns
    ]
    if len(names) != 1 or wanted.kind is ConstraintKind.CHECK:
        return None  # a CHECK's columns are no part of how it is told from others
    place = Place(step.migration.path, operation.call)
    return MendRequest("python_columns.named", place, (("name", names[0]),))
