"""What the rules about written rows have in common."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._directions import Function, functions
from runcrew_lint.domains.migrations.facts import Direction, Kind, Operation
from runcrew_lint.domains.migrations.singleton import holds_one_row
from runcrew_lint.domains.migrations.steps import is_small
from runcrew_lint.model.finding import Note
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def writes(
    repository: Repository, policy: Policy, *kinds: Kind, upgrade_alone: bool = False
) -> Iterator[tuple[Function, Operation]]:
    """Statements of these kinds on tables that others use: old ones that the policy does not call small."""
    for function in functions(repository, policy):
        if upgrade_alone and function.direction is Direction.DOWNGRADE:
            continue
        for operation in function.operations:
            if operation.kind not in kinds or not operation.table.name:
                continue
            if is_small(operation.table, policy) or function.is_own(operation):
                continue
            if operation.kind is not Kind.UPDATE or not _is_singleton(function, operation):
                yield function, operation


def _is_singleton(function: Function, operation: Operation) -> bool:
    table = function.lineage.before(function.migration.revision).table(operation.table)
    return table is not None and holds_one_row(table)


def only_if(operation: Operation) -> tuple[Note, ...]:
    """The conditions that an operation stands under, as a note."""
    return (Note("only if", "; ".join(operation.conditions)),) if operation.conditions else ()
