"""lock-timeout-ineffective: a lock_timeout that does nothing, or the wrong thing."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.checks.migrations._timeouts import is_off
from runcrew_lint.domains.migrations.facts import Kind, Transaction
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.runs import Statement, runs
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_TIMEOUTS = ("lock_timeout", "statement_timeout")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each SET LOCAL outside a transaction, and one a function at the first CONCURRENTLY that a
    lock_timeout may end.
    """
    for function in runs(repository.derive(history_of), policy):
        yield from (_without_effect(each) for each in function if _is_local_outside(each))
        ended = [each for each in function if _may_end(each)]
        if ended:
            yield _ends(ended[0], ended[1:])


def _is_outside(statement: Statement) -> bool:
    return statement.lineage.autocommit or statement.first.transaction is Transaction.AUTOCOMMIT


def _is_local_outside(statement: Statement) -> bool:
    operation = statement.first
    return (
        operation.kind is Kind.SET
        and operation.local
        and _is_outside(statement)
        and not statement.schema.session.before(operation).opened
        and any(name in _TIMEOUTS for name in (operation.name, *(name for name, _ in operation.options)))
    )


def _without_effect(statement: Statement) -> Fault:
    operation = statement.first
    return Fault(
        statement.place,
        f"SET LOCAL {operation.name} holds for the transaction it is in, and here is none: what follows runs "
        "without it",
        notes=only_if(operation),
        help=f"write `SET {operation.name} = ...`, and set it back at the end of the block",
    )


def _may_end(statement: Statement) -> bool:
    operation = statement.first
    if not operation.concurrently or operation.kind is Kind.REFRESH or not _is_outside(statement):
        return False
    return not is_off(statement.setting("lock_timeout"))


def _ends(statement: Statement, others: list[Statement]) -> Fault:
    setting = statement.setting("lock_timeout")
    said = f" of {setting.value}" if setting is not None and setting.value != "?" else ""
    where = setting.made_in if setting is not None and setting.made_in else "env.py"
    leaves = "an INVALID index" if statement.first.kind is Kind.CREATE_INDEX else "it half done"
    more = f", and {len(others) - 1} more" if len(others) > 1 else ""
    return Fault(
        statement.place,
        f"the lock_timeout{said} that {where} sets ends a CONCURRENTLY, which waits for every older "
        f"transaction, and leaves {leaves}",
        related=tuple(Related(each.place, f"this one, too{more}") for each in others[:1]),
        notes=only_if(statement.first),
    )
