"""An autocommit_block under a transaction that is not Alembic's: it stops before its statements."""

from __future__ import annotations

from collections.abc import Iterable

from runcrew_lint.domains.migrations.facts import Form, Kind, Operation, Transaction
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.model.finding import Fault, Note, Related
from runcrew_lint.text import Place


def never_reached(
    lineage: Lineage,
    operation: Operation,
    function: tuple[Operation, ...],
    place: Place,
    words: str,
    notes: Iterable[Note],
) -> Fault | None:
    """The fault of a statement in an autocommit_block where env.py has begun the transaction, else None.

    Alembic commits the transaction that it has begun itself, and asserts that it has: measured with Alembic
    1.20 and SQLAlchemy 2.1 on env.py of nine kinds, with a connection in AUTOCOMMIT, too. A COMMIT in SQL
    changes nothing, for SQLAlchemy does not see it; where the revision commits the connection, nothing is
    said. Whether a statement that env.py sends has begun one depends on SQLAlchemy's version: it counts for
    none.

    Arguments:
        function: the operations of its upgrade() or downgrade().
        words: the statement as the message names it.
    """
    if operation.transaction is not Transaction.AUTOCOMMIT:
        return None
    begun = ((each.path, each.outer_transaction) for each in lineage.setups)
    owner = next((Place(path, span) for path, span in begun if span.end), None)
    if owner is None or _commits_before(operation, function):
        return None
    return Fault(
        place,
        f"{words} is never reached: env.py has begun the transaction itself, and an autocommit_block "
        "ends Alembic's own or stops with an AssertionError",
        related=(Related(owner, "begun here"),),
        notes=tuple(notes),
        help="let Alembic begin it: `with context.begin_transaction():`, on a connection without one",
    )


def _commits_before(operation: Operation, function: tuple[Operation, ...]) -> bool:
    """Whether the revision has ended the connection's transaction by a call."""
    commits = (each for each in function if each.kind is Kind.COMMIT and each.form is not Form.SQL)
    return any(each.span.start < operation.span.start for each in commits)
