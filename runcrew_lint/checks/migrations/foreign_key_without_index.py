"""foreign-key-without-index: no row that a key refers to is deleted without reading the whole table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from runcrew_lint.tuples import NamedTuple

_LONGEST = 63  # bytes of a name
_NAMES = ("ix_{}_{}", "{}_{}_idx", "idx_{}_{}")  # by table and columns; of two alike the first


class _Unserved(NamedTuple):
    """A key that no index serves; its table is as the history leaves it."""

    step: Step
    table: Table
    constraint: Constraint
    read: str
    mendable: bool


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each foreign key whose columns no index begins with when the history ends.

    A key that is gone by then, or whose table or columns are, is nobody's concern; nor is one of columns that
    are older than the history, whose indexes nobody knows.
    """
    unserved = list(_unserved(repository, policy))
    built: dict[str, dict[str, _Unserved]] = {}
    for each in unserved:
        if each.mendable and (name := _free_name(each)):
            built.setdefault(each.step.migration.path, {})[name] = each
    for each in unserved:
        step, table, constraint = each.step, each.table, each.constraint
        together = built.get(step.migration.path, {})
        yield Fault(
            step.place,
            f"no index of {table.name} begins with {', '.join(constraint.columns)}, by which it refers to "
            f"{constraint.references}: each DELETE there reads {each.read} to find what refers to it",
            notes=only_if(step.operation),
            mend=_mend(step, together) if each.mendable and _name(each) in together else None,
        )


def _unserved(repository: Repository, policy: Policy) -> Iterator[_Unserved]:
    history, begins = repository.derive(history_of), repository.derive(Begins)
    for step in judged_steps(history, policy, Kind.ADD_CONSTRAINT, Kind.ADD_COLUMN, Kind.CREATE_TABLE):
        for constraint in step.operation.constraints:
            if constraint.kind is not ConstraintKind.FOREIGN_KEY or is_small(step.operation.table, policy):
                continue
            table = _in_the_end(step)
            if table is None or not constraint.columns or not _are_known(table, constraint):
                continue
            keys = begins.foreign_keys(table, constraint.columns[0])
            indexes = begins.indexes(table, constraint.columns)
            if constraint.columns in keys and not _is_covered(indexes, constraint):
                narrowed = ", ".join(_narrowed(indexes, constraint))
                read = f"every row with the same {narrowed}" if narrowed else "the whole table"
                yield _Unserved(step, table, constraint, read, not _is_served(indexes, keys, constraint))


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


def _name(unserved: _Unserved) -> str:
    """The index's name by the team's naming convention, else as most of its others are called."""
    lineage, table, columns = unserved.step.lineage, unserved.table, unserved.constraint.columns
    span = unserved.step.operation.span
    made = Operation(Kind.CREATE_INDEX, span, span, table=table.name, words=UNNAMED, index=Index(columns))
    known = lineage.derived
    if _NAMES not in known:
        known[_NAMES] = _habit(lineage)
    usual: str = known[_NAMES]
    return name_of(made, lineage) or usual.format(table.name.name, "_".join(columns))


def _free_name(unserved: _Unserved) -> str:
    """The index's name; "" where something else has it, or the index can't be built CONCURRENTLY."""
    name, table = _name(unserved), unserved.table
    taken = unserved.step.lineage.end.table_of_index(table.name._replace(name=name)) is not None
    return "" if taken or table.partitioned or len(name.encode()) > _LONGEST else name


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


def _mend(step: Step, built: Mapping[str, _Unserved]) -> MendRequest | None:
    """One revision that builds the indexes of all keys of a revision CONCURRENTLY."""
    lineage = step.lineage
    follow = follow_up(lineage, step.migration)
    if lineage.others or not follow or not can_leave(lineage) or around(lineage) is None:
        return None
    up: list[str] = []
    down: list[str] = []
    for name, (_, table, constraint, *_) in built.items():
        drop = f"DROP INDEX CONCURRENTLY IF EXISTS {qualified(table.name._replace(name=name))}"
        keys = ", ".join(map(quoted, constraint.columns))
        made = f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {quoted(name)} ON {qualified(table.name)} ({keys})"
        up += (drop, made)
        down.insert(0, drop)
    told_of = " and ".join(built) if len(built) < 3 else f"{len(built)} indexes"
    told: tuple[tuple[str, Plain], ...] = (
        ("title", f"builds {told_of} CONCURRENTLY, in a new revision: {{path}}"),
        ("safety", "unsafe"),
        ("message", _message(tuple(built.values()))),
        ("up", tuple(up)),
        ("down", tuple(down)),
    )
    return MendRequest("python_follow.in_block", step.place, (*told, *follow), dated=True)


def _message(built: Sequence[_Unserved]) -> str:
    """What the revision is about: the columns of one index, the table of several, or their keys."""
    tables = list(dict.fromkeys(each.table.name.name for each in built))
    if len(built) == 1:
        return f"index {tables[0]} {' '.join(built[0].constraint.columns)}"
    return f"index foreign keys of {' and '.join(tables)}" if len(tables) < 3 else "index foreign keys"
