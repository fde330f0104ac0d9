"""What the predictor sees, and the forms it answers with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from runcrew_lint.domains.migrations.facts import Constraint, ConstraintKind, Operation, Relation
from runcrew_lint.domains.migrations.locks.casts import DomainType
from runcrew_lint.domains.migrations.locks.effect import Doubt
from runcrew_lint.domains.migrations.locks.rows import Role
from runcrew_lint.domains.migrations.schema import ConstraintState, IndexState, Schema, Table, TypeKind
from runcrew_lint.frozen import frozen
from runcrew_lint.tuples import NamedTuple


class Use(NamedTuple):
    """A form of the lock table, with the relations that play its roles."""

    form: str
    relations: tuple[tuple[Role, tuple[Relation, ...]], ...] = ()


Judgement = Use | Doubt
Handler = Callable[[Operation, "Scene"], Iterator[Judgement]]


def use(
    form: str,
    on: Relation | None = None,
    *,
    child: Collection[Relation] = (),
    other: Collection[Relation] = (),
    default: Collection[Relation] = (),
    index: Collection[Relation] = (),
    along: Collection[Relation] = (),
) -> Use:
    """A form's use; `along` is Role.WITH."""
    relations: list[tuple[Role, tuple[Relation, ...]]] = []
    if on is not None:
        relations.append((Role.ON, (on,)))
    for role, names in (
        (Role.CHILD, child),
        (Role.OTHER, other),
        (Role.DEFAULT, default),
        (Role.INDEX, index),
        (Role.WITH, along),
    ):
        if names:
            relations.append((role, tuple(names)))
    return Use(form, tuple(relations))


@frozen
class Scene:
    """The moment before a statement runs.

    Arguments:
        schema: the replayed schema.
        major: PostgreSQL's.
        revision: the one that runs: what it made itself is new to everybody.
        timezone: the session's TimeZone, None where it is not known.
        rows: whether a table may hold rows.
    """

    schema: Schema
    major: int
    revision: str
    timezone: str | None
    rows: Callable[[Relation], bool]

    def at(self, schema: Schema) -> Scene:
        """The same moment with another schema."""
        return replace(self, schema=schema)

    def table(self, name: Relation) -> Table | None:
        """The table, where anything is known of it."""
        return self.schema.table(name)

    def family(self, name: Relation, only: bool = False) -> tuple[Relation, ...]:
        """The partitions and heirs of a table, at any depth; none under ONLY."""
        if only:
            return ()
        return tuple(dict.fromkeys(each.name for each in self.schema.descendants(name)))

    def partitions(self, name: Relation, only: bool = False) -> tuple[Relation, ...]:
        """The partitions of a partitioned table, at any depth."""
        return self.family(name, only) if self.is_partitioned(name) else ()

    def is_partitioned(self, name: Relation) -> bool:
        """Whether a table's rows lie in partitions."""
        table = self.table(name)
        return table is not None and table.partitioned

    def has_storage(self, name: Relation) -> bool:
        """Whether a relation has rows, or entries, of its own in files: none that is partitioned has."""
        table = self.table(self.schema.table_of_index(name) or name)
        if table is None:
            return True
        return not table.partitioned and table.kind.value in ("table", "materialized view")

    def default_partition(self, parent: Relation) -> tuple[Relation, ...]:
        """The default partition of a table, where it has one."""
        return tuple(each.name for each in self.schema.default_partitions(parent))

    def indexes(self, name: Relation) -> tuple[Relation, ...]:
        """The names of a table's indexes."""
        return tuple(index_name(each) for each in self.schema.indexes_of(name))

    def views_over(self, name: Relation, column: str = "") -> tuple[Relation, ...]:
        """The views over a relation, those over these, and the indexes of materialized ones."""
        found: dict[Relation, None] = {}
        waiting = list(self.schema.readers(name, column))
        while waiting:
            view = waiting.pop()
            if view.name.key not in found:
                found[view.name.key] = None
                found.update(dict.fromkeys(self.indexes(view.name)))
                waiting += self.schema.readers(view.name)
        return tuple(found)

    def sequences_of(self, table: Relation, column: str = "") -> tuple[Relation, ...]:
        """The sequences that a table's columns, or one of them, own."""
        found = self.table(table)
        states = [self.schema.sequence(name) for name in found.sequences] if found is not None else []
        return tuple(
            each.name for each in states if each is not None and (not column or each.column == column)
        )

    def domains(self) -> DomainTypes:
        """Every domain by the name that a column's type gives it."""
        return DomainTypes(self.schema)

    def foreign_keys(self, table: Relation) -> tuple[ConstraintState, ...]:
        """The foreign keys that a table has."""
        found = self.table(table)
        constraints = found.constraints.values() if found is not None else ()
        return tuple(each for each in constraints if each.kind is ConstraintKind.FOREIGN_KEY)


class DomainTypes(dict[str, DomainType]):
    """The domains of a schema, looked up when asked for."""

    def __init__(self, schema: Schema) -> None:
        super().__init__()
        self._schema = schema

    def __contains__(self, name: object) -> bool:
        """Whether a type's text names a domain."""
        return isinstance(name, str) and self.get(name) is not None

    def __getitem__(self, name: str) -> DomainType:
        """The domain of that name."""
        found = self.get(name)
        if found is None:
            raise KeyError(name)
        return found

    def get(self, name: str, default: DomainType | None = None) -> DomainType | None:  # type: ignore[override]
        """The domain that a type's text names, if it does."""
        if name.endswith("]"):
            return default
        state = self._schema.type_of(name)
        if state is None or state.kind is not TypeKind.DOMAIN:
            return default
        return DomainType(state.base, bool(state.checks) or not state.nullable)


def index_name(index: IndexState) -> Relation:
    """An index lies in its table's schema."""
    return Relation(index.table.schema, index.name).key


def ends(constraint: Constraint, scene: Scene) -> tuple[Relation, ...]:
    """The table that a foreign key points at, with its partitions."""
    return tuple(each for name in referenced(constraint) for each in (name, *scene.partitions(name)))


def referenced(constraint: Constraint) -> tuple[Relation, ...]:
    """The table that a foreign key points at, where it is known."""
    return (constraint.references,) if constraint.references is not None else ()
