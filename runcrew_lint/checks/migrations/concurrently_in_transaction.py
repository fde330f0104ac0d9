"""concurrently-in-transaction: a statement that PostgreSQL refuses to run inside a transaction."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._alone import alone
from runcrew_lint.checks.migrations._blocks import never_reached
from runcrew_lint.checks.migrations._mends import around
from runcrew_lint.domains.migrations.facts import Direction, Form, Kind, Migration, Operation, Transaction
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.model.finding import Fault, Note
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_WORDS = {
    Kind.CREATE_INDEX: "CREATE INDEX",
    Kind.DROP_INDEX: "DROP INDEX",
    Kind.REINDEX: "REINDEX",
    Kind.DETACH_PARTITION: "DETACH PARTITION",
}


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each CONCURRENTLY that a transaction holds, in upgrade() and downgrade().

    The server answers 25001 for CREATE INDEX, DROP INDEX, REINDEX and DETACH PARTITION (not for REFRESH
    MATERIALIZED VIEW). An autocommit_block ends the transaction that Alembic has begun, and no other. After
    a COMMIT that the revision sent itself it depends on the driver: nothing is said.
    """
    for lineage in repository.derive(history_of).postgres:
        for migration in lineage.judged(policy.migrations.after):
            for direction in Direction:
                up = direction is Direction.UPGRADE
                function = migration.upgrade if up else migration.downgrade
                for operation in function:
                    if operation.concurrently and operation.kind in _WORDS:
                        place = migration.place(operation.span, direction)
                        yield from _faults(lineage, migration, operation, function, place)


def _faults(
    lineage: Lineage,
    migration: Migration,
    operation: Operation,
    function: tuple[Operation, ...],
    place: Place,
) -> Iterator[Fault]:
    words = f"{_WORDS[operation.kind]} CONCURRENTLY"
    if operation.kind in (Kind.CREATE_INDEX, Kind.DROP_INDEX) and operation.name:
        words += f" {operation.name}"
    notes = [Note("only if", "; ".join(operation.conditions))] if operation.conditions else []
    outside = lineage.autocommit or operation.transaction is Transaction.AUTOCOMMIT
    stopped = never_reached(lineage, operation, function, place, words, notes)
    if stopped is not None:
        yield stopped
        return
    if outside and operation.shares_text:
        yield Fault(
            place,
            f"{words} shares its text with another statement, which the server runs as one "
            "transaction and refuses (25001)",
            notes=tuple(notes),
            help="send each statement in an op.execute of its own",
        )
    if outside or operation.transaction is Transaction.ENDED:
        return
    if migration.tool != "alembic":
        yield Fault(
            place,
            f"{words} can't run inside the transaction of its script: the server refuses it (25001)",
            notes=tuple(notes),
            help=alone(migration.tool)
            or "put it into a script of its own that its tool sends without a transaction",
        )
        return
    if lineage.transaction_per_migration:
        notes.insert(
            0, Note("env.py", "transaction_per_migration is a transaction still, one for each revision")
        )
    mend = None
    own = not (operation.shares_text or operation.repeats or operation.helper)
    if own and operation.form in (Form.CALL, Form.SQL):
        known = around(lineage)
        sets = any(each.kind is Kind.SET and "lock_timeout" in each.name for each in function)
        if known is not None and not sets:
            mend = MendRequest("python.autocommit_block", Place(migration.path, operation.call), known)
    yield Fault(
        place,
        f"{words} can't run inside the revision's transaction: the server refuses it (25001)",
        notes=tuple(notes),
        mend=mend,
    )
