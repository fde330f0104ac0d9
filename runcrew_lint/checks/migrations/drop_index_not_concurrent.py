"""drop-index-not-concurrent: an index goes while every query of its table waits."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._alone import sent_alone
from runcrew_lint.checks.migrations._index_mends import index_mend
from runcrew_lint.checks.migrations._indexes import goes_with_column
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import Kind, Relation
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, is_small, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_PARTITIONED = (
    "an index of a partitioned table can't be dropped CONCURRENTLY: drop it under a short lock_timeout, "
    "and try again when that runs out"
)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each plain DROP INDEX on a table that others use and that stays."""
    for step in judged_steps(repository.derive(history_of), policy, Kind.DROP_INDEX):
        operation = step.operation
        table = _table(step)
        if operation.concurrently or (
            table is not None and (_is_own(step, table) or is_small(table, policy))
        ):
            continue
        if table is None and (step.may_be_new_table or _went_before(step)):
            continue
        where = f"of {table}" if table is not None else "of its table"
        state = step.schema.table(table) if table is not None else None
        concurrently = sent_alone(step.migration.tool, "DROP INDEX CONCURRENTLY IF EXISTS")
        yield told(
            step,
            f"dropping {operation.name} makes every query {where} wait, readers too",
            help=_PARTITIONED if state is not None and state.partitioned else concurrently,
            mend=index_mend(step),
        )


def _table(step: Step) -> Relation | None:
    """The table that the index is on, as far as the operation or the history says."""
    operation = step.operation
    known = step.schema.table_of_index(Relation(operation.table.schema, operation.name))
    return known or (operation.table if operation.table.name else None)


def _went_before(step: Step) -> bool:
    """Whether the index went earlier in this revision, so that IF EXISTS finds none.

    With its key, its table or its column; of a table whose indexes are not known, by its name.
    """
    name = step.operation.name
    if not step.operation.if_exists:
        return False
    before = step.lineage.before(step.migration.revision)
    if before.table_of_index(Relation(step.operation.table.schema, name)) is not None:
        return True
    for each in step.migration.upgrade[: step.at]:
        if each.kind is Kind.DROP_CONSTRAINT and each.name == name:
            return True
        if each.kind is Kind.DROP_TABLE and f"_{each.table.name}_" in f"_{name}_":
            return True
    return False


def _is_own(step: Step, name: Relation) -> bool:
    """Whether nobody waits for the index alone: the table comes or goes with this revision, or a column goes
    that the index is on, under the same lock."""
    table = step.schema.table(name)
    if table is not None and table.made_in == step.migration.revision:
        return True
    if goes_with_column(step.operation, step.schema, step.migration.upgrade):
        return True
    return any(each.kind is Kind.DROP_TABLE and each.table.key == name.key for each in step.migration.upgrade)
