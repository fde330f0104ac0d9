"""An autocommit_block under a transaction that is not Alembic's: it stops before its statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runcrew_lint.checks.migrations._order import before
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
    1.20 and SQLAlchemy 2.1 on env.py of thirteen kinds, with a connection in AUTOCOMMIT, too. A COMMIT in SQL
    changes nothing, for SQLAlchemy does not see it; where the revision commits the connection, nothing is
    said. Whether a statement that env.py sends has begun one depends on SQLAlchemy's version: it counts for
    none.

    Arguments:
        function: the operations of its upgrade() or downgrade().
        words: the statement as the message names it.
    """
    if operation.transaction is not Transaction.AUTOCOMMIT:
        return None
    owner = next(_owners(lineage), None)
    if owner is None or _commits_before(operation, function):
        return None
    begins, related = owner
    return Fault(
        place,
        f"{words} is never reached: {begins}, and an autocommit_block "
        "ends Alembic's own or stops with an AssertionError",
        related=(related,),
        notes=tuple(notes),
        help="let Alembic begin it: `with context.begin_transaction():`, on a connection without one",
    )


def _owners(lineage: Lineage) -> Iterator[tuple[str, Related]]:
    """Who has begun the transaction in Alembic's stead, and where."""
    for each in lineage.setups:
        if each.outer_transaction.end:
            place = Place(each.path, each.outer_transaction)
            yield "env.py has begun the transaction itself", Related(place, "begun here")
        if each.left_open.end:
            place = Place(each.path, each.left_open)
            yield "env.py lets the connection begin the transaction", Related(place, "nobody begins one here")


def _commits_before(operation: Operation, function: tuple[Operation, ...]) -> bool:
    """Whether the revision has ended the connection's transaction by a call."""
    return any(each.kind is Kind.COMMIT and each.form is not Form.SQL for each in before(operation, function))
