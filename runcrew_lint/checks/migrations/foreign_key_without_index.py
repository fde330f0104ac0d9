"""foreign-key-without-index: no row that a key refers to is deleted without reading the whole table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import takewhile

from runcrew_lint.checks.migrations._begins import Begins
from runcrew_lint.checks.migrations._indexes import name_of
from runcrew_lint.checks.migrations._mends import around, can_leave, follow_up
from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.domains.migrations.facts import UNNAMED, Constraint, ConstraintKind, Index, Kind, Operation
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.quoting import qualified, quoted
from runcrew_lint.domains.migrations.schema import IndexState, Table
from runcrew_lint.domains.migrations.steps import Step, is_small, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_LONGEST = 63  # bytes of a name
_NAMES = ("ix_{}_{}", "{}_{}_idx", "idx_{}_{}")  # by table and columns; of two alike the first


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each foreign key whose columns no index begins with when the history ends.

    A key that is gone by then, or whose table or columns are, is nobody's concern; nor is one of columns that
    are older than the history, whose indexes nobody knows.
    """
    history, begins = repository.derive(history_of), repository.derive(Begins)
    for step in judged_steps(history, policy, Kind.ADD_CONSTRAINT, Kind.ADD_COLUMN, Kind.CREATE_TABLE):
        operation = step.operation
        for constraint in operation.constraints:
            if constraint.kind is not ConstraintKind.FOREIGN_KEY or is_small(operation.table, policy):
                continue
            table = _in_the_end(step)
            if table is None or not constraint.columns or not _are_known(table, constraint):
                continue
            keys = begins.foreign_keys(table, constraint.columns[0])
            indexes = begins.indexes(table, constraint.columns)
            if constraint.columns in keys and not _is_covered(indexes, constraint):
                columns, narrowed = ", ".join(constraint.columns), ", ".join(_narrowed(indexes, constraint))
                read = f"every row with the same {narrowed}" if narrowed else "the whole table"
                yield Fault(
                    step.place,
                    f"no index of {table.name} begins with {columns}, by which it refers to "
                    f"{constraint.references}: each DELETE there reads {read} to find what refers to it",
                    notes=only_if(operation),
                    mend=None if _is_served(indexes, keys, constraint) else _mend(step, table, constraint),
                )


def _in_the_end(step: Step) -> Table | None:
    """The table as the newest revision leaves it, under the name that it has there."""
    table = step.lineage.end.table(step.operation.table)
    return None if table is None or table.kind.is_view or table.temporary else table


def _are_known(table: Table, constraint: Constraint) -> bool:
    """Whether the history would show an index of the key: one of its columns was made in it."""
    states = (table.columns.get(each) for each in constraint.columns)
    return table.complete or any(state and "*" not in state.column.unknown for state in states)


def _is_covered(indexes: Iterable[IndexState], constraint: Constraint) -> bool:
    """Whether an index begins with one of the key's columns and has them all, others between them or not."""
    wanted = set(constraint.columns)
    return any(wanted <= set(each.index.keys) and not _is_partial(each) for each in indexes)


def _narrowed(indexes: Iterable[IndexState], constraint: Constraint) -> tuple[str, ...]:
    """The most columns of the key that an index begins with: by them PostgreSQL finds the rows to look at."""
    wanted = set(constraint.columns)
    begins = (
        tuple(takewhile(wanted.__contains__, each.index.keys)) for each in indexes if not _is_partial(each)
    )
    return max(begins, key=len, default=())


def _is_partial(index: IndexState) -> bool:
    """An index of the rows that have a value serves: the others refer to nothing."""
    where = index.index.where.lower()
    return bool(where) and not where.strip("() ").endswith("is not null")


def _is_served(
    indexes: Iterable[IndexState], keys: Iterable[tuple[str, ...]], constraint: Constraint
) -> bool:
    """Whether an index makes another one idle, or a longer key's will make this one so."""
    own = constraint.columns
    return any(each.index.keys == own[: len(each.index.keys)] for each in indexes) or any(
        len(each) > len(own) and each[: len(own)] == own for each in keys
    )


def _name(step: Step, table: Table, constraint: Constraint) -> str:
    """The index's name by the team's naming convention, else as most of its others are called."""
    span = step.operation.span
    index = Index(constraint.columns)
    made = Operation(Kind.CREATE_INDEX, span, span, table=table.name, words=UNNAMED, index=index)
    known = step.lineage.derived
    if _NAMES not in known:
        known[_NAMES] = _habit(step.lineage)
    usual: str = known[_NAMES]
    return name_of(made, step.lineage) or usual.format(table.name.name, "_".join(constraint.columns))


def _habit(lineage: Lineage) -> str:
    """How most indexes of a history are called, as SQLAlchemy would have it where none is by a known way."""
    found = Counter(
        way
        for migration in lineage.order
        for each in migration.upgrade
        if each.kind is Kind.CREATE_INDEX and each.index is not None and not each.index.unique
        for way in _NAMES
        if each.name == way.format(each.table.name, "_".join(each.index.keys))
    )
    return max(_NAMES, key=lambda way: found[way])


def _mend(step: Step, table: Table, constraint: Constraint) -> MendRequest | None:
    """A revision that builds the index CONCURRENTLY."""
    if step.lineage.others:
        return None
    follow = follow_up(step.lineage, step.migration)
    name = _name(step, table, constraint)
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
