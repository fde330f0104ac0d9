"""New columns: those of new tables and those that are added, for the rules about their types."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set

from runcrew_lint.checks.migrations._lasting import column_lasts
from runcrew_lint.checks.migrations._order import behind
from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.domains.migrations.facts import Column, Kind, Migration, Operation, Relation
from runcrew_lint.domains.migrations.history import History, history_of
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple


class NewColumn(NamedTuple):
    """A column that a step brings."""

    step: Step
    column: Column

    @property
    def name(self) -> str:
        """Table and column."""
        return f"{self.step.operation.table}.{self.column.name}"

    @property
    def place(self) -> Place:
        """Where the column is written; the whole statement where that is not known."""
        span = self.column.span if self.column.span.end else self.step.operation.span
        return Place(self.step.migration.path, span)

    def fault(self, message: str, *, help: str = "", related: tuple[Related, ...] = ()) -> Fault:
        """A fault at the column."""
        return Fault(self.place, message, related=related, notes=only_if(self.step.operation), help=help)


def new_columns(repository: Repository, policy: Policy) -> tuple[NewColumn, ...]:
    """Every column that an upgrade() brings and that is so where the history ends, but for temporary ones.

    One that is gone by then, or of another type, is nobody's concern; a new length is no other type.
    """
    history = repository.derive(history_of)
    key = ("new columns", policy.migrations.after, policy.postgres)
    return history.once(key, lambda: tuple(_brought(history, policy)))


def _brought(history: History, policy: Policy) -> Iterator[NewColumn]:
    gone: dict[str, Mapping[Relation, Operation]] = {}
    for step in judged_steps(history, policy, Kind.CREATE_TABLE, Kind.ADD_COLUMN):
        operation, path = step.operation, step.migration.path
        if path not in gone:
            gone[path] = _dropped(step.migration)
        if operation.temporary or operation.words == "as":
            continue
        if not _stays(operation, step.migration, gone[path]):
            continue
        for column in operation.columns:
            if column_lasts(step, column):
                yield NewColumn(step, column)


def _dropped(migration: Migration) -> Mapping[Relation, Operation]:
    """What a revision last takes each table away by."""
    return {each.table.key: each for each in migration.upgrade if each.kind is Kind.DROP_TABLE}


def _stays(operation: Operation, migration: Migration, gone: Mapping[Relation, Operation]) -> bool:
    """Whether the revision does not take the table away again."""
    last = gone.get(operation.table.key)
    return last is None or all(each is not last for each in behind(operation, migration.upgrade))


def base_of(type_: str) -> str:
    """A type without its array brackets, as `json` of `json[]`."""
    return type_.removesuffix("[]")


def needs_a_value(column: Column) -> bool:
    """Whether a row that exists already has nothing to put into the column.

    A serial column has its sequence; what can't be known is told by migration-unresolved.
    """
    if column.nullable or column.identity or column.generated is not None or column.serial:
        return False
    if {"nullable", "default"} & set(column.unknown):
        return False
    return column.default is None or column.default.strip().lower().split("::")[0] == "null"


# What takes the place of no value, by type; an expression where a text would be the same for ever.
_NEUTRAL = {
    **dict.fromkeys(
        ("smallint", "integer", "bigint", "real", "double precision", "numeric", "interval"), "0"
    ),
    **dict.fromkeys(("text", "character varying", "character", "bytea"), ""),
    **dict.fromkeys(("json", "jsonb", "hstore"), "{}"),
    "boolean": "false",
}
_NOW = {
    "timestamp with time zone": "now()",
    "timestamp without time zone": "now()",
    "date": "CURRENT_DATE",
}


# What names one of several: no value of it is neutral, and 0 or "" may be one of them.
_CHOOSES = lazily(
    r"(?:^|_)(?:id|uuid|code|key|type|kind|status|state|role|category|currency|locale)$", re.IGNORECASE
)


# What a row that is written now has at hand: any other day, as a birthday or a watermark, would be made up.
_WRITTEN = lazily(
    r"(?:^|_)(?:(?:created|updated|modified|changed|inserted|added|edited|creation|modification)"
    r"(?:_?(?:at|on|date|time|timestamp|ts|datetime))?|"
    r"(?:date|time|timestamp|datetime)_?(?:created|updated|modified|changed|inserted|added|edited))$",
    re.IGNORECASE,
)


def neutral(column: Column) -> tuple[str, bool] | None:
    """A default for rows that have no value, and whether it is an expression; None where nobody knows one."""
    base = column.type.partition("(")[0].strip()
    if _CHOOSES.search(column.name) or (column.type in _NOW and not _WRITTEN.search(column.name)):
        return None
    default = "{}" if column.type.endswith("[]") else _NEUTRAL.get(base, _NOW.get(column.type))
    return (default, column.type in _NOW) if default is not None else None


# Types that every database takes a default for: MySQL takes none for a text or a JSON.
_SHARED = frozenset(
    {
        *("smallint", "integer", "bigint", "boolean", "real", "double precision", "numeric"),
        "character varying",
    }
)


def takes_default(column: Column, others: Set[str]) -> bool:
    """Whether the other databases that run the history let a column of this type have a constant default."""
    return others <= {"sqlite"} or column.type.partition("(")[0].strip() in _SHARED
