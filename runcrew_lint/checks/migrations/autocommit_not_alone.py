"""autocommit-not-alone: a revision that commits on its way can be left half applied."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.domains.migrations.facts import Kind, Migration, Operation, Transaction
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import judged_steps
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_SESSION = frozenset({Kind.SET, Kind.SELECT, Kind.BEGIN, Kind.COMMIT, Kind.ROLLBACK})


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at the first statement of an autocommit_block whose revision does other work outside it.

    An autocommit_block commits what came before it, and what comes behind is a transaction of its own.
    """
    told_of = set()
    for step in judged_steps(repository.derive(history_of), policy):
        operation, migration = step.operation, step.migration
        if operation.transaction is not Transaction.AUTOCOMMIT or migration.path in told_of:
            continue
        if migration.tool != "alembic":  # a script is sent in one way
            continue
        told_of.add(migration.path)
        other = _other(migration)
        if other is not None:
            yield Fault(
                step.place,
                "where this fails, the rest of the revision stays applied, and the next `alembic upgrade` "
                "meets what is there already",
                related=(Related(Place(migration.path, other.span), f"{_shown(other)} runs apart from it"),),
                notes=only_if(operation),
            )


def _other(migration: Migration) -> Operation | None:
    """The first change of the revision that an autocommit_block does not hold."""
    return next(
        (
            each
            for each in migration.upgrade
            if each.transaction is Transaction.MIGRATION and each.kind not in _SESSION and not each.if_exists
        ),
        None,
    )


def _shown(operation: Operation) -> str:
    return f"{operation.kind.value} {operation.table}".strip()
