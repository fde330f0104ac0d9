"""What a schema is made of at one point of a history: tables with all they own, types, sequences, settings.

Names are PostgreSQL's own, automatic ones included. `made_in` is the revision that made a thing, "" where
no operation did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from runcrew_lint.domains.migrations.facts import (
    NO_RELATION,
    Column,
    Constraint,
    ConstraintKind,
    Index,
    Read,
    Relation,
)
from runcrew_lint.frozen import frozen
from runcrew_lint.tuples import NamedTuple


class TableKind(StrEnum):
    """What the columns belong to: pg_class.relkind, in words."""

    TABLE = "table"
    PARTITIONED = "partitioned table"
    VIEW = "view"
    MATERIALIZED_VIEW = "materialized view"
    FOREIGN = "foreign table"

    @property
    def is_view(self) -> bool:
        """Whether a query makes its rows."""
        return self in (TableKind.VIEW, TableKind.MATERIALIZED_VIEW)


class TypeKind(StrEnum):
    """pg_type.typtype, in words; OTHER is a type of an extension, or one whose definition is not known."""

    ENUM = "enum"
    DOMAIN = "domain"
    COMPOSITE = "composite"
    RANGE = "range"
    OTHER = "type"


_NOTHING: Mapping[str, Any] = {}


class ColumnState(NamedTuple):
    """A column as it stands; of one that no operation made, `column.unknown` holds "*"."""

    column: Column
    made_in: str = ""
    comment_in: str = ""


@frozen
class ConstraintState:
    """A constraint as it stands; `constraint` bears its name and, of a CHECK, the columns it mentions.

    Arguments:
        index: the index that carries a key or an exclusion, "" for others.
        automatic: whether the server picked the name.
        inherited: whether it came from a parent table.
    """

    constraint: Constraint
    made_in: str = ""
    index: str = ""
    automatic: bool = False
    inherited: bool = False

    @property
    def name(self) -> str:
        """Its name."""
        return self.constraint.name

    @property
    def kind(self) -> ConstraintKind:
        """Which sort of constraint."""
        return self.constraint.kind

    @property
    def valid(self) -> bool:
        """Whether the rows that were there before it are known to keep it."""
        return self.constraint.valid and self.constraint.enforced


@frozen
class IndexState:
    """An index as it stands; it lies in its table's schema.

    Arguments:
        reads: the table's columns that its keys, expressions and predicate mention.
        constraint: the constraint that it carries, "" for none.
        parent: the partitioned index that it is a part of.
        valid: False for one ON ONLY a partitioned table until all partitions have theirs.
    """

    name: str
    table: Relation
    index: Index
    made_in: str = ""
    reads: frozenset[str] = frozenset()
    concurrently: bool = False
    constraint: str = ""
    parent: str = ""
    valid: bool = True
    automatic: bool = False


@frozen
class TriggerState:
    """A trigger of a table, and the function it calls, where known."""

    name: str
    function: str = ""
    made_in: str = ""


class Table(NamedTuple):
    """A table or a view as it stands; a tuple, since a replay changes one thing of it again and again.

    Arguments:
        emptied_in: the revision that last removed all its rows, or made it; "" once rows were put in.
        complete: whether all its columns are known: a table that no operation made, and most views, are not.
        parents: the tables it inherits from, or the one it is a partition of.
        bound: a partition's bound as written, "" for no partition.
        reads, read_columns: what a view's query reads; the columns as far as they are known.
        sequences: those that its columns own.
        query: a view's query, "" where it is not known.
        partition_key: what follows PARTITION BY.
        secured, forced: whether row security is enabled, and whether it is for the owner, too.
    """

    name: Relation
    made_in: str = ""
    kind: TableKind = TableKind.TABLE
    columns: Mapping[str, ColumnState] = _NOTHING
    constraints: Mapping[str, ConstraintState] = _NOTHING
    indexes: Mapping[str, IndexState] = _NOTHING
    triggers: Mapping[str, TriggerState] = _NOTHING
    parents: tuple[Relation, ...] = ()
    bound: str = ""
    partition_key: str = ""
    reads: tuple[Relation, ...] = ()
    read_columns: tuple[Read, ...] = ()
    query: str = ""
    sequences: tuple[Relation, ...] = ()
    unlogged: bool = False
    temporary: bool = False
    emptied_in: str = ""
    complete: bool = False
    comment: str = ""
    secured: bool = False
    forced: bool = False

    @property
    def row_security(self) -> str:
        """Whom it holds for; FORCE alone does nothing."""
        if not self.secured:
            return "off"
        return "on, for the owner, too" if self.forced else "on"

    @property
    def partitioned(self) -> bool:
        """Whether its rows lie in partitions."""
        return self.kind is TableKind.PARTITIONED

    @property
    def is_partition(self) -> bool:
        """Whether it is a part of a partitioned table."""
        return bool(self.bound)

    @property
    def is_default(self) -> bool:
        """Whether it is a partition that takes what no other does."""
        return self.bound.strip().lower() == "default"

    @property
    def filled(self) -> bool:
        """Whether it may hold rows."""
        return not self.emptied_in

    @property
    def primary_key(self) -> ConstraintState | None:
        """Its primary key, where known."""
        return next(
            (each for each in self.constraints.values() if each.kind is ConstraintKind.PRIMARY_KEY), None
        )


@frozen
class TypeState:
    """A type that is no table's.

    Arguments:
        labels: an enum's, in their order, each with the revision that added it.
        base, default, nullable, checks: a domain's.
        attributes: a composite type's.
        extension: the extension that brought it.
    """

    name: Relation
    kind: TypeKind
    made_in: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    base: str = ""
    default: str | None = None
    nullable: bool = True
    checks: Mapping[str, Constraint] = field(default_factory=dict)
    attributes: tuple[Column, ...] = ()
    extension: str = ""


@frozen
class SequenceState:
    """A sequence, and the column that owns it: NO_RELATION and "" for none."""

    name: Relation
    made_in: str = ""
    table: Relation = NO_RELATION
    column: str = ""


@frozen
class FunctionState:
    """A function by name: overloads are one; `volatility` is "volatile" where it does not say another."""

    name: Relation
    made_in: str = ""
    returns: str = ""
    body: str = ""
    volatility: str = "volatile"


class Setting(NamedTuple):
    """A setting's value without its quotes; `local` is SET LOCAL, `made_in` "" is env.py's."""

    value: str
    local: bool = False
    made_in: str = ""


class Link(NamedTuple):
    """A list that grows at its head without being copied: the tables that once pointed at something."""

    table: Relation
    rest: Link | None
    length: int


class Pointer(StrEnum):
    """In which way a table points at another, or at a type or name."""

    REFERENCES = "references"
    INHERITS = "inherits"
    DEFAULTS = "defaults"  # as its default partition
    READS = "reads"
    USES = "uses"
    NAMES = "names"
    PARTITIONED = "partitioned"  # at its own name, in whichever schema
