"""index-not-concurrent: an index built while every write to its table waits."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._alone import sent_alone
from runcrew_lint.checks.migrations._index_mends import index_mends
from runcrew_lint.checks.migrations._indexes import name_of
from runcrew_lint.checks.migrations._refused import refused_index
from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.domains.migrations.facts import Form, Kind, Transaction
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.steps import Step, is_small, judged_steps
from runcrew_lint.model.finding import Fault, Note
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_REFUSED = "index what is the same at every time and for everybody, and compare with the moment in the query"


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each plain CREATE INDEX on a table that existed before its revision.

    IF NOT EXISTS makes no difference: PostgreSQL takes the lock before it looks (measured on 10 to
    18). An index that a column brings along (`index=True`) is inline-index's. And one at each index that no
    server builds, whichever way.
    """
    steps: list[Step] = []
    for step in judged_steps(repository.derive(history_of), policy, Kind.CREATE_INDEX):
        why = refused_index(step)
        if why:
            name = name_of(step.operation, step.lineage) or "the index"
            notes = only_if(step.operation)
            yield Fault(step.place, f"{name} can't be built: {why}", notes=notes, help=_REFUSED)
        elif _blocks(step) and not is_small(step.operation.table, policy):
            steps.append(step)
    mends = index_mends(steps)
    for step in steps:
        yield _fault(step, mends.get((step.migration.path, step.at)))


def _blocks(step: Step) -> bool:
    operation = step.operation
    if operation.concurrently or operation.form is Form.INLINE:
        return False
    if operation.transaction is Transaction.AUTOCOMMIT:  # autocommit-without-concurrently's
        return False
    return not step.may_be_new_table and not _is_instant(step)


def _is_partitioned(step: Step) -> bool:
    return step.table is not None and step.table.partitioned


def _is_instant(step: Step) -> bool:
    """ON ONLY a partitioned table writes the definition alone and builds nothing."""
    index = step.operation.index
    return index is not None and index.only and (_is_partitioned(step) or step.table is None)


def _fault(step: Step, mend: MendRequest | None) -> Fault:
    operation = step.operation
    table = operation.table
    help = sent_alone(step.migration.tool, "CREATE INDEX CONCURRENTLY")
    if _is_partitioned(step):
        help = (
            "a partitioned table takes no CONCURRENTLY: create the index ON ONLY it, build it CONCURRENTLY "
            "on each partition, then ATTACH those"
        )
    name = name_of(operation, step.lineage) or "an index"
    notes = [*step.lock_notes]
    if operation.conditions:
        notes.append(Note("only if", "; ".join(operation.conditions)))
    return Fault(
        step.place,
        f"building {name} blocks writes to {table} until it is done",
        notes=tuple(notes),
        help=help,
        mend=mend,
    )
