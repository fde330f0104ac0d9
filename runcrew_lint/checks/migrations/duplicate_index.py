"""duplicate-index: two indexes do the work of one."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._begins import Begins
from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.naming import named
from runcrew_lint.domains.migrations.schema import IndexState, Table
from runcrew_lint.domains.migrations.steps import judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each new index whose keys another of the table begins with when the history ends."""
    begins = repository.derive(Begins)
    for step in judged_steps(repository.derive(history_of), policy, Kind.CREATE_INDEX):
        table = step.lineage.end.table(step.operation.table)
        name = named(step.operation, step.lineage.naming).name
        own = table.indexes.get(name) if table is not None else None
        if table is None or own is None or own.made_in != step.migration.revision:
            continue
        like = begins.indexes(table, own.index.keys[:1])
        other = next((each for each in like if _serves(table, each, own)), None)
        if other is not None:
            yield Fault(
                step.place,
                f"{other.name} ({', '.join(other.index.keys)}) serves every query that {own.name} "
                f"({', '.join(own.index.keys)}) of {table.name} does, and each write pays for both",
                notes=only_if(step.operation),
            )


def _serves(table: Table, other: IndexState, own: IndexState) -> bool:
    """Whether another index does all that this one does."""
    theirs, mine = other.index, own.index
    if other.name == own.name or not mine.keys or (mine.unique and not _refuses(table, other, own)):
        return False
    if (theirs.using or "btree") != (mine.using or "btree") or theirs.where != mine.where or not other.valid:
        return False
    if not set(mine.include) <= {*theirs.include, *theirs.keys}:
        return False
    count = len(mine.keys)
    if _orders(theirs.ordering, count) != _orders(mine.ordering, count):
        return False
    same = theirs.keys == mine.keys
    if (mine.using or "btree") != "btree":
        return same and other.name < own.name
    return theirs.keys[:count] == mine.keys and (not same or theirs.unique or other.name < own.name)


def _orders(ordering: tuple[str, ...], count: int) -> tuple[str, ...]:
    """What the first keys say beside themselves: how the later ones are ordered is nothing to them."""
    return ordering[:count] or ("",) * count


def _refuses(table: Table, other: IndexState, own: IndexState) -> bool:
    """Whether another index refuses the same rows as a unique one, at once, and is the one to keep."""
    theirs, mine = other.index, own.index
    if not theirs.unique or theirs.keys != mine.keys or theirs.nulls_not_distinct != mine.nulls_not_distinct:
        return False
    carried = table.constraints.get(other.constraint)
    return not carried.constraint.deferrable if carried is not None else other.name < own.name
