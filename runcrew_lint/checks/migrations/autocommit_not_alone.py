"""autocommit-not-alone: a revision that commits on its way can be left half applied."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._repeating import left_behind, once_only
from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.domains.migrations.facts import Kind, Operation, Transaction
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

# What begins a revision anew that has failed. Others send a script in one way.
_AGAIN = {
    "alembic": "`alembic upgrade`, which begins this revision anew",
    "supabase": "`supabase db push`, which begins this script anew",
}


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at the first statement whose failure leaves something behind that can't be done twice.

    An autocommit_block commits what came before it, each of its statements is a transaction of its own, and
    what comes behind is one more; so does Supabase's CLI with what it sends by itself. The next run starts
    the revision from the top: what can be done again without harm (IF NOT EXISTS, VALIDATE, a drop and a
    create of one index) does no harm here.
    """
    revisions: dict[str, list[Step]] = {}
    for step in judged_steps(repository.derive(history_of), policy):
        if step.migration.tool in _AGAIN:
            revisions.setdefault(step.migration.path, []).append(step)
    for steps in revisions.values():
        operations = tuple(each.operation for each in steps)
        if any(each.transaction is Transaction.AUTOCOMMIT for each in operations):
            yield from _first(steps, operations)


def _first(steps: list[Step], operations: tuple[Operation, ...]) -> Iterator[Fault]:
    once = once_only(operations)
    for at, step in enumerate(steps):
        left = left_behind(operations, once, at)
        if left is None:
            continue
        other = operations[left]
        yield Fault(
            step.place,
            f"where this fails, {_shown(other)} stays done, and the next {_AGAIN[step.migration.tool]}, "
            f"{'does it twice' if other.kind is Kind.INSERT else 'fails on it'}",
            related=(Related(Place(step.migration.path, other.span), "committed before it"),),
            notes=only_if(step.operation),
        )
        return


def _shown(operation: Operation) -> str:
    column = operation.columns[0].name if len(operation.columns) == 1 else ""
    of = operation.name.rpartition(".")[2] or column or str(operation.table)
    on = f" of {operation.table}" if of != str(operation.table) and operation.table.name else ""
    return f"{operation.kind.value} {of}{on}"
