"""The mends of SET NOT NULL: a CHECK proves it first, where it stands or in a revision of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from runcrew_lint.checks.migrations._mends import can_leave, in_steps, is_mendable
from runcrew_lint.checks.migrations._moves import Unit, can_move, is_needed, is_part, mends, undone_by
from runcrew_lint.checks.migrations._together import may_commit_before
from runcrew_lint.domains.migrations.facts import Form, Kind, Migration, Operation, Transaction
from runcrew_lint.domains.migrations.quoting import qualified, quoted
from runcrew_lint.domains.migrations.steps import Step
from runcrew_lint.model.mend import MendRequest, Plain

_LONGEST = 63  # bytes of a name
_NULLABLE = "nullable"


def not_null_mends(steps: Sequence[Step]) -> Mapping[tuple[str, int], MendRequest]:
    """The mend of each SET NOT NULL, by its path and place."""
    title = (
        "proves it first by a CHECK, which a new revision right after this one validates and drops: {path}"
    )
    found = mends(steps, (_in_place,), _unit, title, "require values in {tables}")
    in_place = (each for each in steps if (each.migration.path, each.at) in found)
    return {**found, **_in_rows([each for each in in_place if _in_place(each) is not None])}


def required_column(operation: Operation) -> str:
    """The column that is made NOT NULL; several of a constraint's."""
    if operation.columns:
        return operation.columns[0].name
    return ", ".join(name for each in operation.constraints for name in each.columns)


def _proof(step: Step) -> tuple[str, str, str] | None:
    """The CHECK's name, what adds it and what drops it again; None where the table can't have it.

    PostgreSQL 18 calls the NOT NULL itself `<table>_<column>_not_null`, so the CHECK has another name.
    """
    operation, table = step.operation, step.table
    if not is_mendable(step.migration, operation):
        return None
    if operation.kind is not Kind.SET_NOT_NULL or step.schema.may_be_partitioned(operation.table):
        return None
    column = required_column(operation)
    if _is_said_again(step, column):
        return None
    names = (f"{operation.table.name}_{column}_is_not_null", f"{column}_is_not_null")
    name = next((each for each in names if len(each.encode()) <= _LONGEST), "")
    if not name or (table is not None and name in table.constraints):
        return None
    on, check = f"ALTER TABLE {qualified(operation.table)}", quoted(name)
    return (
        name,
        f"{on} ADD CONSTRAINT {check} CHECK ({quoted(column)} IS NOT NULL) NOT VALID",
        f"{on} DROP CONSTRAINT IF EXISTS {check}",
    )


def _is_said_again(step: Step, column: str) -> bool:
    """Whether another statement of the revision makes it NOT NULL, and would search the rows all the same."""
    return any(
        each.kind is Kind.SET_NOT_NULL
        and each.table.key == step.operation.table.key
        and required_column(each) == column
        and each.call != step.operation.call
        for each in step.migration.upgrade
    )


def _in_place(step: Step) -> MendRequest | None:
    """A CHECK that proves it: added NOT VALID, validated outside the transaction, and dropped in the end."""
    operation = step.operation
    is_plain = operation.form in (Form.CALL, Form.SQL) and not operation.conditions
    if not is_plain or _proof(step) is None or not can_leave(step.lineage):
        return None
    same = [each for each in step.migration.upgrade if each.call == operation.call]
    if {each.table for each in same} != {operation.table}:
        return None
    if [each for each in same if each.kind is Kind.SET_NOT_NULL] != [operation]:
        return None
    # A change of the column's type tries each of its CHECKs on every row again.
    if not may_commit_before(step) or {each.kind for each in same} & {Kind.RENAME_COLUMN, Kind.ALTER_TYPE}:
        return None
    if _gets_default(step):
        return None  # rows would need a value for as long as it is validated, and have no default yet
    return _alone(step)


def _alone(step: Step) -> MendRequest:
    return in_steps(step, _TITLE.format("it", "a CHECK", "is", "that"), (*_proving((step,)), *_kept(step)))


_TITLE = "proves {} first by {} that {} validated outside the transaction, and drops {} in the end"


def _in_rows(steps: Sequence[Step]) -> Mapping[tuple[str, int], MendRequest]:
    """The mend of those that nothing stands between: all are proved before the first, in one block."""
    rows: list[list[Step]] = []
    for step in steps:
        if rows and _follows(rows[-1][-1], step):
            rows[-1].append(step)
        else:
            rows.append([step])
    found = {}
    for row in rows:
        if len(row) < 2:
            continue
        first, *others = row
        calls: list[Plain] = [(*first.operation.call, (*_proving(row), *_kept(first)))]
        calls += [(*each.operation.call, _kept(each)) for each in others]
        where = ", on PostgreSQL" if first.lineage.others else ""
        title = _TITLE.format(f"{len(row)} columns", "CHECKs", "are", "those") + where
        for each in row:
            mend = _alone(each)
            told: tuple[tuple[str, Plain], ...] = (*mend.arguments, ("row", (title, *calls)))
            found[each.migration.path, each.at] = replace(mend, arguments=told)
    return found


def _follows(one: Step, other: Step) -> bool:
    """Whether a statement comes right behind another, whose columns may be several."""
    between = {each.call for each in one.migration.upgrade[one.at : other.at]}
    return one.migration is other.migration and between <= {one.operation.call, other.operation.call}


def _proving(steps: Sequence[Step]) -> tuple[Plain, ...]:
    """What adds a CHECK for each column, and validates them outside the transaction."""
    added: list[Plain] = []
    validated: list[Plain] = []
    for step in steps:
        name, add, drop = _proof(step) or ("", "", "")
        added += (("plain", drop), ("plain", add))
        validated.append(
            ("block", f"ALTER TABLE {qualified(step.operation.table)} VALIDATE CONSTRAINT {quoted(name)}")
        )
    return (*added, *validated)


def _kept(step: Step) -> tuple[Plain, ...]:
    """The statement itself, and behind it what drops its CHECK."""
    return ("kept", ""), ("plain", (_proof(step) or ("", "", ""))[2])


def _gets_default(step: Step) -> bool:
    """Whether the revision gives the column a default with the statement, or behind it."""
    operation = step.operation
    return any(
        each.kind is Kind.SET_DEFAULT
        and each.table.key == operation.table.key
        and required_column(each) == required_column(operation)
        for at, each in enumerate(step.migration.upgrade)
        if at > step.at or each.call == operation.call
    )


def _unit(step: Step) -> Unit | None:
    """A SET NOT NULL as a part of a revision of its own; None where it can't be.

    The CHECK stays where the statement was, NOT VALID: no row comes in without a value from then on.
    """
    operation, proof = step.operation, _proof(step)
    if proof is None:
        return None
    shares = is_part(operation, step.migration.upgrade)
    if not can_move(step, is_part=shares):
        return None
    name, add, drop = proof
    column = required_column(operation)
    if is_needed(step, name, {column}, is_key=False):
        return None
    back = undone_by(step.migration, lambda each: _loosens(each, operation), (drop,), _NULLABLE)
    if back is None:
        return None
    # Where downgrade() leaves the NOT NULL it leaves the CHECK, too, which the next upgrade() then meets.
    stays = not back and not step.migration.downgrade_raises.end and not _goes(step.migration, operation)
    on = f"ALTER TABLE {qualified(operation.table)}"
    validated = (f"{on} VALIDATE CONSTRAINT {quoted(name)}",)
    apart = can_leave(step.lineage)
    loosened = f"{on} ALTER COLUMN {quoted(column)} DROP NOT NULL"
    return Unit(
        step,
        put=(drop, add) if stays or _may_commit(step) else (add,),
        block=validated if apart else (),
        plain=(*(() if apart else validated), f"{on} ALTER COLUMN {quoted(column)} SET NOT NULL", drop),
        undo=(loosened,) if stays else (add, loosened),
        back=back,
        without=_NULLABLE if shares else "",
    )


def _may_commit(step: Step) -> bool:
    """Whether something behind the step commits it, or will once that is mended: then it is run twice."""
    return any(
        each.kind in (Kind.CREATE_INDEX, Kind.DROP_INDEX) or each.transaction is Transaction.AUTOCOMMIT
        for each in step.migration.upgrade[step.at + 1 :]
    )


def _loosens(each: Operation, required: Operation) -> bool:
    return (
        each.kind is Kind.DROP_NOT_NULL
        and each.table.key == required.table.key
        and each.columns[0].name == required_column(required)
    )


def _goes(migration: Migration, required: Operation) -> bool:
    """Whether downgrade() drops the column, and with it the CHECK."""
    return any(
        each.table.key == required.table.key
        and (
            each.kind is Kind.DROP_TABLE
            or (each.kind is Kind.DROP_COLUMN and each.columns[0].name == required_column(required))
        )
        for each in migration.downgrade
    )
