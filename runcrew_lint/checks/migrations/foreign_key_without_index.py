"""foreign-key-without-index: no row that a key refers to is deleted without reading the whole table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from runcrew_lint.checks.migrations._mends import around, can_leave, follow_up
from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.domains.migrations.facts import Constraint, ConstraintKind, Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.quoting import qualified, quoted
from runcrew_lint.domains.migrations.schema import IndexState, Table
from runcrew_lint.domains.migrations.steps import Step, is_small, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_LONGEST = 63  # bytes of a name


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each foreign key whose columns no index begins with when the history ends.

    A key that is gone by then, or whose table or columns are, is nobody's concern; nor is one of columns that
    are older than the history, whose indexes nobody knows.
    """
    history = repository.derive(history_of)
    for step in judged_steps(history, policy, Kind.ADD_CONSTRAINT, Kind.ADD_COLUMN, Kind.CREATE_TABLE):
        operation = step.operation
        for constraint in operation.constraints:
            if constraint.kind is not ConstraintKind.FOREIGN_KEY or is_small(operation.table, policy):
                continue
            table = _in_the_end(step)
            if table is None or not _is_kept(table, constraint) or not _are_known(table, constraint):
                continue
            if not _is_covered(table, constraint):
                columns, narrowed = ", ".join(constraint.columns), ", ".join(_narrowed(table, constraint))
                read = f"every row with the same {narrowed}" if narrowed else "the whole table"
                yield Fault(
                    step.place,
                    f"no index of {table.name} begins with {columns}, by which it refers to "
                    f"{constraint.references}: each DELETE there reads {read} to find what refers to it",
                    notes=only_if(operation),
                    mend=_mend(step, table, constraint),
                )


def _in_the_end(step: Step) -> Table | None:
    """The table as the newest revision leaves it, under the name that it has there."""
    table = step.lineage.end.table(step.operation.table)
    return None if table is None or table.kind.is_view or table.temporary else table


def _is_kept(table: Table, constraint: Constraint) -> bool:
    return bool(constraint.columns) and any(
        each.kind is ConstraintKind.FOREIGN_KEY and each.constraint.columns == constraint.columns
        for each in table.constraints.values()
    )


def _are_known(table: Table, constraint: Constraint) -> bool:
    """Whether the history would show an index of the key: one of its columns was made in it."""
    states = (table.columns.get(each) for each in constraint.columns)
    return table.complete or any(state and "*" not in state.column.unknown for state in states)


def _is_covered(table: Table, constraint: Constraint) -> bool:
    """Whether an index begins with one of the key's columns and has them all, others between them or not."""
    wanted = set(constraint.columns)
    return any(
        each.index.keys[0] in wanted and wanted <= set(each.index.keys) and not _is_partial(each)
        for each in table.indexes.values()
        if each.index.keys
    )


def _narrowed(table: Table, constraint: Constraint) -> tuple[str, ...]:
    """The most columns of the key that an index begins with: by them PostgreSQL finds the rows to look at."""
    wanted = set(constraint.columns)
    begins = (
        tuple(takewhile(wanted.__contains__, each.index.keys))
        for each in table.indexes.values()
        if not _is_partial(each)
    )
    return max(begins, key=len, default=())


def _is_partial(index: IndexState) -> bool:
    """An index of the rows that have a value serves: the others refer to nothing."""
    where = index.index.where.lower()
    return bool(where) and not where.strip("() ").endswith("is not null")


def _is_served(table: Table, constraint: Constraint) -> bool:
    """Whether the index makes another one idle, or a longer key's will make this one so."""
    keys = constraint.columns
    shorter = any(each.index.keys == keys[: len(each.index.keys)] for each in table.indexes.values())
    return shorter or any(
        each.kind is ConstraintKind.FOREIGN_KEY
        and len(each.constraint.columns) > len(keys)
        and each.constraint.columns[: len(keys)] == keys
        for each in table.constraints.values()
    )


def _mend(step: Step, table: Table, constraint: Constraint) -> MendRequest | None:
    """A revision that builds the index CONCURRENTLY; None where another would make it idle, or it another."""
    if _is_served(table, constraint) or step.lineage.others:
        return None
    follow = follow_up(step.lineage, step.migration)
    name = "_".join(("ix", table.name.name, *constraint.columns))
    is_free = step.lineage.end.table_of_index(table.name._replace(name=name)) is None
    if not follow or not is_free or table.partitioned or len(name.encode()) > _LONGEST:
        return None
    if not can_leave(step.lineage) or around(step.lineage) is None:
        return None
    index, on = quoted(name), qualified(table.name)
    drop = f"DROP INDEX CONCURRENTLY IF EXISTS {qualified(table.name._replace(name=name))}"
    keys = ", ".join(map(quoted, constraint.columns))
    told: tuple[tuple[str, Plain], ...] = (
        ("title", f"builds {name} CONCURRENTLY, in a new revision: {{path}}"),
        ("safety", "unsafe"),
        ("message", f"index {table.name.name} {' '.join(constraint.columns)}"),
        ("up", (drop, f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {index} ON {on} ({keys})")),
        ("down", (drop,)),
    )
    return MendRequest("python_follow.in_block", step.place, (*told, *follow), dated=True)
