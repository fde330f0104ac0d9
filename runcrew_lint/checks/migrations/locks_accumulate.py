"""locks-accumulate: one transaction keeps a table shut while it works or waits elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.checks.migrations._timeouts import is_off
from runcrew_lint.domains.migrations.facts import Direction, Form, Kind, Relation
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.locks.modes import LockMode
from runcrew_lint.domains.migrations.runs import Statement, runs
from runcrew_lint.domains.migrations.steps import is_small
from runcrew_lint.model.finding import Fault, Note, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_ROWS = (Kind.INSERT, Kind.UPDATE, Kind.DELETE, Kind.SELECT)
_STILL = "while the transaction still shuts {0}, so all that use {0} wait for it"


def check(repository: Repository, policy: Policy, *, waits: bool = False) -> Iterator[Fault]:
    """One fault an upgrade(), where it goes on after it has shut a table that others use.

    What rewrites, scans or builds an index is work; with `waits` so is waiting for a lock on another such
    table, unless a lock_timeout ends the wait. lock-timeout-missing tells of such a wait anyhow.
    """
    for function in runs(repository.derive(history_of), policy):
        if function and function[0].direction is Direction.UPGRADE:
            yield from _first(function, policy, waits)


def _first(function: tuple[Statement, ...], policy: Policy, waits: bool) -> Iterator[Fault]:
    shut: dict[Relation, Statement] = {}
    made = {op.table for each in function for op in each.operations if op.kind is Kind.CREATE_TABLE}
    for statement in function:
        if not statement.in_transaction:
            shut.clear()  # the transaction has ended, and its locks with it
            continue
        if statement.first.form is Form.INLINE:
            continue  # inline-index tells of what a new column brings along
        felt = statement.felt(policy)
        on, worked = _work(statement, policy)
        about = (*felt, on)
        held = next((each for each in shut if not any(_may_be(each, one) for one in about)), None)
        if worked and held is not None:
            yield _fault(statement, held, shut[held], f"this {worked} {on} {_STILL.format(held)}")
            return
        if worked and on in shut and felt.get(on) is not LockMode.ACCESS_EXCLUSIVE:
            message = (
                f"this {worked} {on}, and nobody can even read it meanwhile: the transaction has shut it"
            )
            yield _fault(statement, on, shut[on], message)
            return
        # What the transaction has shut already it need not wait for.
        awaited = {table: mode for table, mode in felt.items() if table not in shut}
        if waits and held is not None and awaited and is_off(statement.setting("lock_timeout")):
            table = max(awaited, key=lambda each: awaited[each])
            message = f"this waits for a lock on {table} {_STILL.format(held)}"
            yield _fault(statement, held, shut[held], message)
            return
        for table, mode in felt.items():
            if mode is not LockMode.ACCESS_EXCLUSIVE or _is_index(table, statement):
                continue
            if not (table in made and _is_left_over(table, statement)):
                shut.setdefault(table, statement)
        _follow_renames(shut, statement)


def _may_be(one: Relation, other: Relation) -> bool:
    """Whether both names may mean one table: a schema that is not known may be any."""
    return one == other or (one.name == other.name and "?" in (one.schema, other.schema))


def _is_left_over(table: Relation, statement: Statement) -> bool:
    """Whether nobody has made the table that IF EXISTS is said of."""
    return statement.first.if_exists and statement.schema.table(table) is None


def _is_index(name: Relation, statement: Statement) -> bool:
    """Whether it is the index that the statement drops, whose table is not known."""
    return statement.first.kind is Kind.DROP_INDEX and name.name == statement.first.name


def _follow_renames(shut: dict[Relation, Statement], statement: Statement) -> None:
    """A table that is called otherwise from here on is the same table."""
    for each in statement.operations:
        if each.kind in (Kind.RENAME_TABLE, Kind.SET_SCHEMA) and each.target is not None:
            before = shut.pop(each.table.key, None)
            if before is not None:
                shut[each.target.key] = before


def _work(statement: Statement, policy: Policy) -> tuple[Relation, str]:
    """The slow work of a statement on a table that was there before: which, and a verb, "" for none."""
    nothing = (Relation("", ""), "")
    if statement.first.kind in _ROWS:
        return nothing  # backfill-with-ddl tells of rows
    effect, schema = statement.effect, statement.schema

    def counts(table: Relation | None) -> bool:
        return table is not None and statement.is_old(table) and not is_small(table, policy)

    for tables, what in ((effect.rewrites, "rewrites"), (effect.scans, "reads all of")):
        found = sorted(each for each in tables if counts(each))
        if found:
            return found[0], what
    rebuilt = sorted(
        table
        for each in effect.rebuilds
        if (table := schema.table_of_index(each)) is not None and counts(table)
    )
    return (rebuilt[0], "builds an index of") if rebuilt else nothing


def _fault(statement: Statement, table: Relation, before: Statement, message: str) -> Fault:
    return Fault(
        statement.place,
        message,
        related=(Related(before.place, f"{table} is shut here, to the end of the revision"),),
        notes=(
            Note("lock", f"ACCESS EXCLUSIVE on {table}, PostgreSQL {statement.major}"),
            *only_if(statement.first),
        ),
    )
