"""Constraints that are added to tables that others use, for the rules about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from runcrew_lint.checks.migrations._mends import follow_up, is_own
from runcrew_lint.domains.migrations.facts import Constraint, ConstraintKind, Form, Kind, Operation
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.quoting import qualified, quoted
from runcrew_lint.domains.migrations.schema import Table
from runcrew_lint.domains.migrations.steps import Step, is_small, judged_steps
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def added(
    repository: Repository, policy: Policy, *kinds: ConstraintKind
) -> Iterator[tuple[Step, Constraint]]:
    """Each constraint of these kinds that a statement of its own adds to a table that others use.

    What a column brings along is told of inline.
    """
    for step in judged_steps(repository.derive(history_of), policy, Kind.ADD_CONSTRAINT):
        operation = step.operation
        if operation.form is Form.INLINE or step.may_be_new_table or is_small(operation.table, policy):
            continue
        for constraint in operation.constraints:
            if constraint.kind in kinds:
                yield step, constraint


def named(constraint: Constraint) -> str:
    """The constraint's name, or what it is."""
    return constraint.name or f"the {constraint.kind.value}"


_CHECKED = (ConstraintKind.FOREIGN_KEY, ConstraintKind.CHECK)


def checked(
    repository: Repository, policy: Policy, kind: ConstraintKind
) -> Iterator[tuple[Step, Constraint, MendRequest | None]]:
    """Each constraint of this kind that every row is held against as it is added, with its mend.

    One mend adds all those of a revision NOT VALID, so that one later revision validates them.
    """
    mends = _mends(repository, policy)
    for step, constraint in added(repository, policy, kind):
        if _is_checked(step, constraint):
            keys, mend = mends.get(step.migration.path, ((), None))
            own = (*step.operation.call, *step.operation.span)
            yield step, constraint, mend if own in keys else None


def _is_checked(step: Step, constraint: Constraint) -> bool:
    return constraint.valid and constraint.enforced and bool(step.effect.scans)


def _mends(
    repository: Repository, policy: Policy
) -> Mapping[str, tuple[tuple[Plain, ...], MendRequest | None]]:
    """The mend of each revision, with the calls that it covers."""
    history = repository.derive(history_of)
    key = ("not valid", policy.migrations.after, policy.postgres)
    return history.once(key, lambda: _made(repository, policy))


def _made(
    repository: Repository, policy: Policy
) -> Mapping[str, tuple[tuple[Plain, ...], MendRequest | None]]:
    steps: dict[str, list[Step]] = {}
    for step, constraint in added(repository, policy, *_CHECKED):
        if _is_checked(step, constraint) and _can_wait(step, constraint):
            steps.setdefault(step.migration.path, []).append(step)
    return {path: _mend(_whole(each)) for path, each in steps.items()}


def _whole(steps: list[Step]) -> list[Step]:
    """Those whose call does nothing else in another turn of a loop."""
    told = Counter(each.operation.call for each in steps)
    made = Counter(each.call for each in steps[0].migration.upgrade)
    return [
        each
        for each in steps
        if not each.operation.repeats or told[each.operation.call] == made[each.operation.call]
    ]


def _can_wait(step: Step, constraint: Constraint) -> bool:
    """Whether the constraint can be added NOT VALID here, and be found by its name when the history ends."""
    operation = step.operation
    if not is_own(step.migration, operation) or operation.conditions:
        return False
    if operation.repeats and operation.form is not Form.CALL:
        return False
    if step.schema.may_be_partitioned(operation.table):
        return False
    return _name_in_the_end(step, constraint) is not None


def _name_in_the_end(step: Step, constraint: Constraint) -> str | None:
    """The constraint's name when the history ends, "" where it is gone by then; None where that is not known.

    Where env.py's convention can't be known, neither can the name of what has none, and a CHECK's may be
    another than the one that is given.
    """
    operation, end = step.operation, step.lineage.end
    if not constraint.name and is_there_already(step.table, constraint):
        return None
    table = end.table(operation.table)
    if table is None:
        return "" if end.dropped_in(operation.table) else None
    found = [
        each
        for each in table.constraints.values()
        if each.kind is constraint.kind
        and each.made_in == step.migration.revision
        and _is_same(each.constraint, constraint)
    ]
    if len(found) > 1:
        found = [each for each in found if each.name == constraint.name]
        if not found:
            return None  # which of them it is can't be told
    is_said = bool(constraint.name) and (
        operation.form is Form.SQL or constraint.kind is ConstraintKind.FOREIGN_KEY
    )
    if not found:
        return "" if is_said or (table.complete and table.made_in) else None
    if len(found) > 1:
        return None
    lineage = step.lineage
    is_renamed = lineage.renames_checks if constraint.kind is ConstraintKind.CHECK else False
    if not is_said and (is_renamed or not lineage.names_are_known):
        return _told_by_downgrade(step, constraint)
    return found[0].name or None


def is_there_already(table: Table | None, constraint: Constraint, *, but: str = "") -> bool:
    """Whether a table has the same constraint by the history.

    Who adds it once more without a name knows of databases that lack it, and there the server picks another
    name for it. Those of the revision `but` do not count.
    """
    return table is not None and any(
        each.kind is constraint.kind and _is_same(each.constraint, constraint)
        for each in table.constraints.values()
        if not but or each.made_in != but
    )


def _told_by_downgrade(step: Step, constraint: Constraint) -> str | None:
    """The name by which the revision's own downgrade() drops the constraint, "" where a later revision does.

    None where it drops none that can be no other, or where a later revision renames it.
    """
    table = step.operation.table.key
    dropped = {
        each.name
        for each in step.migration.downgrade
        if each.kind is Kind.DROP_CONSTRAINT and each.table.key == table and each.name and not each.conditions
        if not (constraint.kind is ConstraintKind.CHECK and _may_be_renamed(each, constraint))
    }
    if constraint.name:
        found = [name for name in dropped if f"_{name}".endswith(f"_{constraint.name}")]
    else:
        found = [name for name in dropped if _is_named_for(name, constraint)]
    rivals = [
        each
        for operation in step.migration.upgrade
        if operation.kind is Kind.ADD_CONSTRAINT and operation.table.key == table
        for each in operation.constraints
        if each.kind is constraint.kind and (each.name, each.columns) == (constraint.name, constraint.columns)
    ]
    if len(found) != 1 or len(rivals) != 1:
        return None
    for each in step.lineage.later(step.migration, table):
        if each.name == found[0]:
            if each.kind is Kind.DROP_CONSTRAINT:
                return ""
            if each.kind is Kind.RENAME_CONSTRAINT:
                return None
    return found[0]


def _may_be_renamed(drop: Operation, constraint: Constraint) -> bool:
    """Whether a convention may have given the CHECK another name than a drop says, as it may the drop's."""
    return drop.name == constraint.name and drop.form is not Form.SQL and bool(drop.option("type"))


def _is_named_for(name: str, constraint: Constraint) -> bool:
    """Whether a foreign key's name says its columns, as every usual convention has it."""
    columns = "_".join(constraint.columns)
    return bool(columns) and "fk" in name.lower() and f"_{columns}_" in f"_{name}_"


def _is_same(one: Constraint, other: Constraint) -> bool:
    if one.kind is ConstraintKind.CHECK:
        return one.expression == other.expression
    return one.columns == other.columns and one.references == other.references


def _mend(steps: list[Step]) -> tuple[tuple[Plain, ...], MendRequest | None]:
    follow = follow_up(steps[0].lineage, steps[0].migration) if steps else ()
    keys: tuple[Plain, ...] = tuple(
        (
            *step.operation.call,
            *step.operation.span,
            quoted(name) if (name := _name_in_the_end(step, step.operation.constraints[0])) else "",
            qualified(step.operation.table),
        )
        for step in steps
    )
    if not follow:
        return (), None
    request = MendRequest(
        "python_constraints.not_valid", steps[0].place, (("keys", keys), *follow), dated=True
    )
    return tuple((*step.operation.call, *step.operation.span) for step in steps), request
