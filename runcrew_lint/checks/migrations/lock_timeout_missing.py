"""lock-timeout-missing: a lock that is waited for without an end, with everybody else behind it."""

from __future__ import annotations

from collections.abc import Iterator, Set

from runcrew_lint.checks.migrations._index_mends import index_mend, index_mends
from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.checks.migrations._timeouts import by_habit, called, is_known, unguarded
from runcrew_lint.domains.migrations.facts import Direction, Form, Kind, Relation
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.runs import Statement, runs
from runcrew_lint.domains.migrations.steps import Step
from runcrew_lint.model.finding import Fault, Note, Related
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_SHOWN = 3
_USUAL = "4s"


def check(repository: Repository, policy: Policy, *, lock_timeout: str = "") -> Iterator[Fault]:
    """One fault a function, at its first statement that takes a blocking lock with no lock_timeout set.

    Whether the connection has one can't be known where the repository holds no env.py: nothing is said.
    """
    for function in runs(repository.derive(history_of), policy):
        if not function or not is_known(function[0]):
            continue
        found = list(unguarded(function, "lock_timeout", policy))
        if not found:
            continue
        (first, table, mode), *others = found
        more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        related = [
            Related(statement.place, f"and for {called(each, statement)}{more if at == _SHOWN - 1 else ''}")
            for at, (statement, each, _) in enumerate(others[:_SHOWN])
        ]
        name = called(table, first)
        behind = f"every query of {name}" if mode.blocks_reads else f"every write to {name}"
        yield Fault(
            first.place,
            f"this waits for a lock on {name} as long as it takes, and {behind} waits behind it: "
            "no lock_timeout is set",
            related=tuple(related),
            notes=(Note("lock", f"{mode} on {table}, PostgreSQL {first.major}"), *only_if(first.first)),
            mend=_mend(function, [statement for statement, _, _ in found], lock_timeout),
        )


def _mend(function: tuple[Statement, ...], found: list[Statement], value: str) -> MendRequest | None:
    """SET LOCAL for the first statement that stays in Alembic's transaction, behind those that ought not to.

    An index that is built or dropped in upgrade() has a mend that takes it out of the transaction, and so
    ends it: what is set before does not reach what comes behind.
    """
    gone = {each.table.key for one in function for each in one.operations if each.kind is Kind.DROP_TABLE}
    staying = [each for each in found if not _ought_to_leave(each, gone)]
    if not staying:
        return None
    first = staying[0]
    migration, operation = first.migration, first.first
    before = function[: function.index(first)]
    if _is_said(before, gone):
        return None
    if migration.tool != "alembic" or operation.helper or not first.in_transaction:
        return None
    leaving = [each.first.call for each in before if _ought_to_leave(each, gone)]
    told: tuple[tuple[str, Plain], ...] = (
        ("function", first.direction.value),
        ("setting", "lock_timeout"),
        ("value", value or by_habit(first, "lock_timeout") or _USUAL),
        ("behind", tuple(leaving[-1]) if leaving else ()),
        ("guarded", bool(first.lineage.others)),
    )
    return MendRequest("python_session.set_local", Place(migration.path, operation.call), told)


def _is_said(before: tuple[Statement, ...], gone: Set[Relation]) -> bool:
    """Whether the revision itself says, in this transaction, that there shall be no timeout."""
    said = False
    for statement in before:
        operation = statement.first
        if not statement.in_transaction or _ought_to_leave(statement, gone):
            said = False
        elif operation.kind is Kind.SET:
            names = (operation.name, *(name for name, _ in operation.options))
            said = said or bool({"lock_timeout", "all", ""} & set(names))
    return said


def _ought_to_leave(statement: Statement, gone: Set[Relation]) -> bool:
    """Whether it is an index operation that has a mend which takes it out of the transaction.

    Arguments:
        gone: the tables that the function drops; an index of one goes with it.
    """
    operation = statement.first
    is_of_index = operation.kind in (Kind.CREATE_INDEX, Kind.DROP_INDEX)
    index = operation.table._replace(name=operation.name)
    table = statement.schema.table_of_index(index) or operation.table
    if is_of_index and table.key in gone:
        return False
    if operation.concurrently and operation.kind is not Kind.REFRESH:
        return statement.in_transaction
    return (
        statement.direction is Direction.UPGRADE
        and is_of_index
        and statement.in_transaction
        and operation.form is not Form.INLINE
        and statement.is_old(operation.table)
        and _has_mend(statement)
    )


def _has_mend(statement: Statement) -> bool:
    """Whether a mend takes an index operation of upgrade() out of the transaction."""
    migration, operation = statement.migration, statement.first
    at = next(at for at, each in enumerate(migration.upgrade) if each is operation)
    step = Step(statement.lineage, migration, operation, statement.schema, statement.major, at, {})
    if operation.kind is Kind.DROP_INDEX:
        return index_mend(step) is not None
    return bool(index_mends((step,)))
