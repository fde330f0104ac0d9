"""table-without-primary-key: a new table whose rows nothing tells apart, or an old one that loses its key."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._lasting import table_lasts
from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.domains.migrations.facts import ConstraintKind, Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.schema import Table
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each CREATE TABLE whose table ends the revision without a primary key, and at each key
    that is dropped from an old one and not replaced.

    A UNIQUE of columns that are never NULL tells the rows apart, too. A partition has its parent's; what
    LIKE, INHERITS or AS bring, and what can't be read, is not guessed. A table that is gone where the
    history ends, or has its key by then, is nobody's concern.
    """
    for step in judged_steps(repository.derive(history_of), policy, Kind.CREATE_TABLE, Kind.DROP_CONSTRAINT):
        table = step.lineage.after(step.migration.revision).table(step.operation.table)
        if table is None or table.temporary or not table.complete or _are_told_apart(table):
            continue
        if step.operation.table.name == "alembic_version":
            continue  # its one row is Alembic's own
        last = step.lineage.end.table(step.operation.table)
        if step.lineage.unread or (last is not None and _are_told_apart(last)):
            continue
        if step.operation.kind is Kind.CREATE_TABLE:
            if step.table is None and not _is_derived(step) and table_lasts(step):
                yield _fault(
                    step, "has no primary key: nothing tells its rows apart, and no replica can follow it"
                )
        elif not step.may_be_new_table and _is_key(step):
            yield _fault(
                step, "loses its primary key: nothing tells its rows apart, and no replica can follow it"
            )


def _are_told_apart(table: Table) -> bool:
    """Whether no two of a table's rows can be alike."""
    required = {name for name, state in table.columns.items() if not state.column.nullable}
    return table.primary_key is not None or any(
        each.index.unique and each.valid and not each.index.where and required.issuperset(each.index.keys)
        for each in table.indexes.values()
    )


def _is_derived(step: Step) -> bool:
    operation = step.operation
    missed = any(
        each.span == operation.span or each.span.start == operation.call.start
        for each in step.migration.unresolved
    )
    return bool(operation.words or operation.others or operation.likes or missed)


def _is_key(step: Step) -> bool:
    state = step.schema.constraint(step.operation.table, step.operation.name)
    return state is not None and state.kind is ConstraintKind.PRIMARY_KEY


def _fault(step: Step, said: str) -> Fault:
    return Fault(step.place, f"{step.operation.table} {said}", notes=only_if(step.operation))
