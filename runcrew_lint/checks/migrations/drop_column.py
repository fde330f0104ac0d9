"""drop-column: a column dropped before its deprecation has had time to reach everyone who uses it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from runcrew_lint.checks.migrations._deprecating import deprecating_mend
from runcrew_lint.checks.migrations._standing import DEPRECATED
from runcrew_lint.domains.migrations.facts import Kind, Migration
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.schema import ColumnState, Schema
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault, Note, Related
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

# A revision's Create Date is its author's local time: the comment may say the day before.
_SLACK = timedelta(days=1)


class _Verdict(NamedTuple):
    """What is wrong with a drop: the end of its message, the help, and what it rests on."""

    wrong: str
    help: str = ""
    related: tuple[Related, ...] = ()


def check(repository: Repository, policy: Policy, *, deprecation_days: int = 30) -> Iterator[Fault]:
    """One fault at each DROP COLUMN whose clock has not run, or can't be read.

    The clock starts on the day that an earlier revision wrote into the column's comment as
    `deprecated: YYYY-MM-DD`, and stops on the dropping revision's own date. Of a revision all columns stay or
    none: the code that one of them breaks gains nothing by the others.
    """
    found: list[tuple[Step, _Verdict, MendRequest | None]] = []
    for step in judged_steps(repository.derive(history_of), policy, Kind.DROP_COLUMN):
        if step.is_new_table or _goes_with_its_table(step):
            continue
        standing = step.lineage.before(step.migration.revision)
        state = _state_before(step, standing)
        if _is_added_here(step) or _is_replaced(step):
            continue
        verdict = _judge(step, state, deprecation_days)
        if verdict is not None:
            found.append((step, verdict, deprecating_mend(step, state)))
    broken = {step.migration.path for step, _, mend in found if mend is None}
    for step, verdict, mend in found:
        yield _fault(step, verdict, None if step.migration.path in broken else mend)


def _goes_with_its_table(step: Step) -> bool:
    """Whether the whole table is dropped later in this revision: that is drop-table's to say."""
    return any(
        each.kind is Kind.DROP_TABLE and each.table.key == step.operation.table.key
        for each in step.migration.upgrade[step.at :]
    )


def _is_added_here(step: Step) -> bool:
    state = step.schema.column(step.operation.table, step.operation.columns[0].name)
    return state is not None and state.made_in == step.migration.revision


def _is_replaced(step: Step) -> bool:
    """Whether another column, filled before, takes its name in the same revision."""
    operation = step.operation
    return any(
        each.kind is Kind.RENAME_COLUMN
        and each.table.key == operation.table.key
        and each.name == operation.columns[0].name
        for each in step.migration.upgrade[step.at :]
    )


def _state_before(step: Step, before: Schema) -> ColumnState | None:
    """The column as it was before this revision, by the name it has had since.

    A comment that this very revision writes gives nobody any time; a rename in it is followed back.
    """
    table, name = step.operation.table, step.operation.columns[0].name
    renames = (Kind.RENAME_TABLE, Kind.RENAME_COLUMN)
    earlier = [each for each in step.migration.upgrade[: step.at] if each.kind in renames]
    for operation in reversed(earlier):
        if operation.kind is Kind.RENAME_TABLE and operation.target is not None:
            if operation.target.key == table.key:
                table = operation.table
        elif operation.kind is Kind.RENAME_COLUMN and operation.table.key == table.key:
            if operation.name == name:
                name = operation.columns[0].name
    return before.column(table, name)


def _judge(step: Step, state: ColumnState | None, days: int) -> _Verdict | None:
    comment = state.column.comment if state is not None else None
    if state is not None and "comment" in state.column.unknown:
        return _Verdict("before its deprecation can be read: a revision puts its comment together as it runs")
    told = DEPRECATED.search(comment or "")
    if state is None or told is None:
        return _Verdict("breaks the code that still uses it: no earlier revision deprecated it")
    origin = step.lineage.by_revision.get(state.comment_in)
    related = _related(origin, step)
    if origin is None:
        return _Verdict("before its deprecation can be read", related=related)
    started = _day(told[1])
    if started is None:
        return _Verdict(f"on a deprecation of {told[1]}, which is no date", related=related)
    stopped, written = _day(step.migration.date), _day(origin.date)
    if stopped is None or written is None:
        undated = step.migration if stopped is None else origin
        return _Verdict(
            f"on a clock that can't be read: {undated.revision} has no Create Date and no dated file name",
            "write the Create Date into the revision's docstring, as `alembic revision` does",
            related,
        )
    if started < written - _SLACK:
        return _Verdict(
            f"on a backdated deprecation: {origin.revision} says {started}, and was made on {written}",
            f"count from {written}: drop it {_on(written, days)} or later",
            related,
        )
    passed = (stopped - started).days
    if passed < days:
        waited = f"{passed} day{'' if passed == 1 else 's'}" if passed >= 0 else "none of the days"
        return _Verdict(
            f"after {waited} of its deprecation breaks the code that still uses it: {days} are asked for",
            f"drop it {_on(started, days)} or later",
            related,
        )
    return None


def _on(start: date, days: int) -> str:
    try:
        return f"on {start + timedelta(days=days)}"
    except OverflowError:
        return f"{days} days after {start}"


def _related(origin: Migration | None, step: Step) -> tuple[Related, ...]:
    """The statement that wrote the comment, where it can be pointed at."""
    if origin is None:
        return ()
    spans = [
        operation.span
        for operation in origin.upgrade
        for column in operation.columns
        if DEPRECATED.search(column.comment or "") and operation.table.name == step.operation.table.name
    ]
    span = spans[-1] if spans else origin.revision_span
    return (Related(Place(origin.path, span), "its deprecation"),)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _fault(step: Step, verdict: _Verdict, mend: MendRequest | None) -> Fault:
    operation = step.operation
    notes = [Note("clock", f"this revision is of {step.migration.date}")] if step.migration.date else []
    notes += step.lock_notes
    if operation.conditions:
        notes.append(Note("only if", "; ".join(operation.conditions)))
    return Fault(
        step.place,
        f"dropping {operation.table}.{operation.columns[0].name} {verdict.wrong}",
        related=verdict.related,
        notes=tuple(notes),
        help=verdict.help,
        mend=mend,
    )
