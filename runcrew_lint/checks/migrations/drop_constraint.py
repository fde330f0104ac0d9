"""drop-constraint: a table loses a protection that running code may rely on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.checks.migrations._standing import DEPRECATED
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import ConstraintKind, Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.schema import ConstraintState
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.domains.migrations.vocabulary import SAID_KINDS
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_PROTECTED = {
    ConstraintKind.PRIMARY_KEY: "its rows may be twice there",
    ConstraintKind.UNIQUE: "rows may be twice there",
    ConstraintKind.FOREIGN_KEY: "rows may refer to nothing",
    ConstraintKind.CHECK: "rows may break the rule",
    ConstraintKind.EXCLUDE: "rows may overlap",
    ConstraintKind.NOT_NULL: "rows may lack the value",
}


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each DROP CONSTRAINT on a table that others use.

    Unless the revision adds it anew on some of its columns, drops a column of it, too, or the column says the
    same by its NOT NULL.
    """
    for step in judged_steps(repository.derive(history_of), policy, Kind.DROP_CONSTRAINT):
        if step.may_be_new_table or _comes_again(step):
            continue
        state = step.schema.constraint(step.operation.table, step.operation.name)
        if _is_own(step, state) or _is_said_twice(step, state) or _goes_with_a_column(step, state):
            continue
        kind = _kind(step, state)
        said = _PROTECTED[kind] if kind is not None else "what it kept out may come in"
        name = step.operation.name or "a constraint"
        yield told(step, f"{step.operation.table} is without {name} from now on: {said}")


def _kind(step: Step, state: ConstraintState | None) -> ConstraintKind | None:
    """The constraint's kind: as the history knows it, else as `type_=` says it."""
    return state.kind if state is not None else SAID_KINDS.get(step.operation.option("type"))


def _comes_again(step: Step) -> bool:
    """Whether the revision gives the table a constraint of that kind, or one at all where it is not known.

    So does one on the same columns that stays beside it. One on other columns alone is no such constraint,
    unless it is the table's key: what this one kept out may come in.
    """
    state = step.schema.constraint(step.operation.table, step.operation.name)
    kind = _kind(step, state)
    table = step.lineage.after(step.migration.revision).table(step.operation.table)
    if table is None:
        return step.table is not None
    return any(
        kind in (None, each.kind)
        and (
            _is_twice(state, each)
            or (each.made_in == step.migration.revision and _is_about(step, state, each))
        )
        for each in table.constraints.values()
    )


def _is_twice(old: ConstraintState | None, other: ConstraintState) -> bool:
    """Whether two keys are on the same columns."""
    if old is None or old.kind is ConstraintKind.CHECK:
        return False
    columns = set(old.constraint.columns)
    return bool(columns) and columns == set(other.constraint.columns)


def _is_about(step: Step, old: ConstraintState | None, new: ConstraintState) -> bool:
    """Whether two constraints may be about the same columns, by whatever name."""
    columns = set(old.constraint.columns) if old is not None else set()
    if new.kind is ConstraintKind.PRIMARY_KEY or not columns or not new.constraint.columns:
        return True
    renames = any(
        each.kind is Kind.RENAME_COLUMN and each.table.key == step.operation.table.key
        for each in step.migration.upgrade[step.at :]
    )
    return renames or not columns.isdisjoint(new.constraint.columns)


def _is_own(step: Step, state: ConstraintState | None) -> bool:
    """Whether it goes with the revision that brought it, or IF EXISTS finds nothing."""
    if state is None and step.operation.if_exists:
        makes_way = any(
            each.kind is Kind.ADD_CONSTRAINT
            and each.table.key == step.operation.table.key
            and each.name == step.operation.name
            for each in step.migration.upgrade[step.at :]
        )
        return makes_way or (step.table is not None and step.table.complete)
    if state is None:
        return False
    return state.made_in == step.migration.revision


def _goes_with_a_column(step: Step, state: ConstraintState | None) -> bool:
    """Whether the revision drops one of its columns behind it, which takes it along, or deprecates one."""
    columns = state.constraint.columns if state is not None else ()
    return any(
        each.kind is Kind.DROP_COLUMN or DEPRECATED.search(column.comment or "")
        for each in step.migration.upgrade[step.at :]
        if each.table.key == step.operation.table.key
        for column in each.columns
        if column.name in columns
    )


def _is_said_twice(step: Step, state: ConstraintState | None) -> bool:
    """Whether it is a CHECK that a column is not NULL, and the column says so itself by now."""
    if state is None or state.kind is not ConstraintKind.CHECK:
        return False
    words = re.sub(r'[\s()"]+', " ", state.constraint.expression).strip()
    said = re.fullmatch(r"(\S+) is not null", words, re.IGNORECASE)
    if said is None:
        return False
    # The columns of a table that the history did not make are not known.
    name = next(iter(state.constraint.columns), said[1])
    column = step.schema.column(step.operation.table, name)
    if column is not None:
        return not column.column.nullable
    return any(
        each.kind is Kind.SET_NOT_NULL
        and each.table.key == step.operation.table.key
        and name in (column.name for column in each.columns)
        for each in step.migration.upgrade[: step.at]
    )
