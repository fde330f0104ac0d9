"""nested-transaction: a revision that begins or ends the transaction which Alembic opened for it."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._commit_mends import commit_mend
from runcrew_lint.checks.migrations._directions import functions
from runcrew_lint.checks.migrations._order import before, behind
from runcrew_lint.domains.migrations.facts import Kind, Operation, Transaction
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_STEERS = (Kind.BEGIN, Kind.COMMIT, Kind.ROLLBACK)
_SILENT = (*_STEERS, Kind.SET, Kind.SELECT)

_LEFT_OUT = (
    "leave it out; what must not run in a transaction goes into a script of its own, told so to the tool"
)
_LEAN = "leave both out: the tool's own transaction holds the script and its record together"


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a function, at the first BEGIN, COMMIT or ROLLBACK inside the transaction of Alembic."""
    for function in functions(repository, policy):
        if function.lineage.autocommit:
            continue
        steering = [each for each in function.operations if each.kind in _STEERS]
        inside = [
            each
            for each in steering
            if each.transaction is Transaction.MIGRATION and not _is_before_block(function.operations, each)
        ]
        if inside:
            path, tool = function.path, function.migration.tool
            apart = tool != "alembic" and _is_wrapped(function.operations, steering)
            clean = _is_clean(function.operations, inside[0])
            others = list(behind(inside[0], tuple(steering)))
            yield Fault(
                Place(path, inside[0].span),
                _apart(tool) if apart else _said(inside[0], tool, clean),
                severity=Severity.WARNING if clean or apart else None,
                related=tuple(
                    Related(Place(path, each.span), f"and {each.kind.value.upper()} here")
                    for each in others[:3]
                ),
                mend=commit_mend(function, steering),
                help="" if tool == "alembic" else _LEAN if apart else _LEFT_OUT,
            )


def _is_before_block(operations: tuple[Operation, ...], end: Operation) -> bool:
    """Whether it is a COMMIT right before an autocommit_block, which commits what is open itself.

    Where env.py has begun the transaction unknown to Alembic, the block even fails without it.
    """
    following = next(behind(end, operations), None)
    return (
        end.kind is Kind.COMMIT and following is not None and following.transaction is Transaction.AUTOCOMMIT
    )


def _is_clean(operations: tuple[Operation, ...], end: Operation) -> bool:
    """Whether a COMMIT comes before all that changes anything, and one such statement follows it at most."""
    changes = [each for each in operations if each.kind not in _SILENT and not each.part]
    first = all(each.kind in _SILENT or each.part for each in before(end, operations))
    return end.kind is Kind.COMMIT and first and len(changes) < 2 and not any(e.repeats for e in changes)


def _is_wrapped(operations: tuple[Operation, ...], steering: list[Operation]) -> bool:
    """Whether one BEGIN and one COMMIT stand around all that changes anything."""
    if [each.kind for each in steering] != [Kind.BEGIN, Kind.COMMIT]:
        return False
    begin, commit = steering
    around = (*before(begin, operations), *behind(commit, operations))
    return all(each.kind in _SILENT for each in around)


def _apart(tool: str) -> str:
    who = tool or "the tool"
    return (
        f"BEGIN and COMMIT around the whole script, which {who} runs in a transaction of its own: it is "
        f"committed before {who} has recorded it, and where that fails it runs a second time"
    )


def _said(operation: Operation, tool: str, clean: bool) -> str:
    whose = "Alembic" if tool == "alembic" else tool or "the tool"
    kept = "alembic_version" if tool == "alembic" else "its table of migrations"
    if operation.kind is Kind.BEGIN:
        return (
            f"BEGIN inside {whose}'s own transaction opens no other, the server warns at the most, and the "
            f"next COMMIT ends {whose}'s"
        )
    if clean:
        return (
            f"COMMIT ends the transaction that {whose} opened, unknown to it: what follows is on its own, "
            "and revisions that ran in the same transaction before are committed with it"
        )
    word = operation.kind.value.upper()
    undone = "keeps" if operation.kind is Kind.COMMIT else "loses"
    return (
        f"{word} ends the transaction that {whose} opened and {undone} what ran so far: if what follows "
        f"fails, {kept} no longer says what is there"
    )
