"""drop-column-still-used: a column goes and a model still maps it."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.facts import (
    Kind,
    MappedColumn,
    MappedTables,
    Migration,
    Relation,
)
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each DROP COLUMN of a column that a model of the repository maps.

    A column that a later revision brings back is there when the model asks for it; a model inside a
    revision is that revision's own.
    """
    gone = [
        (step, dropped.name)
        for step in judged_steps(repository.derive(history_of), policy, Kind.DROP_COLUMN, everywhere=True)
        for dropped in step.operation.columns
        if not _is_back(step.lineage, step.operation.table, dropped.name)
    ]
    if not gone:  # most changes drop nothing, and every model would be read for them
        return
    revisions = {each.path for each in repository.facts(Migration)}
    mapped: dict[tuple[Relation, str], tuple[str, MappedColumn]] = {}
    for fact in repository.facts(MappedTables):
        if fact.path in revisions:
            continue
        for column in fact.columns:
            mapped.setdefault((column.table.key, column.name), (fact.path, column))
    for step, name in gone:
        found = mapped.get((step.operation.table.key, name))
        if found is not None:
            yield _fault(step, name, *found)


def _is_back(lineage: Lineage, table: Relation, column: str) -> bool:
    """Whether the history ends with the column in its place, or may do so."""
    return bool(lineage.unread) or lineage.end.column(table, column) is not None


def _fault(step: Step, name: str, path: str, column: MappedColumn) -> Fault:
    return Fault(
        step.place,
        f"{step.operation.table}.{name} goes while a model still maps it: every SELECT of that model fails",
        related=(Related(Place(path, column.span), "mapped here"),),
    )
