"""What can be asked of a schema, finished or in the making.

What points at a table is found by lists that only grow; whether it still does is looked up when asked, so
that no operation has to search for what it may have made untrue.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from runcrew_lint.domains.migrations.facts import NO_RELATION, ConstraintKind, Relation
from runcrew_lint.domains.migrations.session import Session
from runcrew_lint.domains.migrations.shelves import Shelves
from runcrew_lint.domains.migrations.sql_words import counted, mentions, type_name
from runcrew_lint.domains.migrations.states import (
    ColumnState,
    ConstraintState,
    FunctionState,
    IndexState,
    Link,
    Pointer,
    SequenceState,
    Setting,
    Table,
    TypeState,
)

_Found = TypeVar("_Found")


def _found(shelves: Shelves[Relation, _Found], name: Relation) -> _Found | None:
    """What stands under a name; alone it may be that of a thing in a schema which is not known.

    So it is where `schema=` is given what env.py may set, and elsewhere nothing is.
    """
    found = shelves.get(name.key)
    return shelves.get(Relation("?", name.name)) if found is None and not name.schema else found


class Lookups:
    """The objects of a schema by name; `public` is where a name without schema is looked up."""

    __slots__ = (
        "dropped",
        "extensions",
        "functions",
        "index_tables",
        "links",
        "sequences",
        "session",
        "tables",
        "types",
    )

    tables: Shelves[Relation, Table]
    index_tables: Shelves[Relation, Relation]
    types: Shelves[Relation, TypeState]
    sequences: Shelves[Relation, SequenceState]
    functions: Shelves[Relation, FunctionState]
    extensions: Shelves[str, str]
    dropped: Shelves[Relation, str]
    links: Shelves[tuple[Pointer, Relation], Link]
    session: Session

    def table(self, name: Relation) -> Table | None:
        """The table or view of that name, or None where no operation made or named it."""
        return _found(self.tables, name)

    def may_be_partitioned(self, name: Relation) -> bool:
        """Whether a table is partitioned, or one of its name is that lies in a schema which is not known."""
        found = self.tables.get(name.key)
        if found is not None and (found.made_in or found.partitioned):
            return found.partitioned
        return any(each.partitioned for each in self._linked(Pointer.PARTITIONED, Relation("", name.name)))

    def column(self, table: Relation, name: str) -> ColumnState | None:
        """The column, or None where nothing is known of it."""
        found = self.table(table)
        return found.columns.get(name) if found is not None else None

    def dropped_in(self, name: Relation) -> str:
        """The revision that dropped or renamed the table away, "" where it is there or nothing is known."""
        return self.dropped.get(name.key) or ""

    def index(self, name: Relation) -> IndexState | None:
        """The index of that name, or None where no operation made it."""
        table = self.table_of_index(name)
        found = self.tables.get(table.key) if table is not None else None
        return found.indexes.get(name.name) if found is not None else None

    def table_of_index(self, name: Relation) -> Relation | None:
        """The table that an index is on, or None where that is not known."""
        return _found(self.index_tables, name)

    def indexes_of(self, table: Relation) -> tuple[IndexState, ...]:
        """The indexes of a table."""
        found = self.table(table)
        return tuple(found.indexes.values()) if found is not None else ()

    def constraint(self, table: Relation, name: str) -> ConstraintState | None:
        """The constraint of a table by name."""
        found = self.table(table)
        return found.constraints.get(name) if found is not None else None

    def referencing(self, table: Relation) -> tuple[tuple[Table, ConstraintState], ...]:
        """The foreign keys that point at a table, each with the table that has it."""
        key = table.key
        return tuple(
            (found, each)
            for found in self._linked(Pointer.REFERENCES, key)
            for each in found.constraints.values()
            if each.kind is ConstraintKind.FOREIGN_KEY
            and each.constraint.references is not None
            and each.constraint.references.key == key
        )

    def children(self, table: Relation) -> tuple[Table, ...]:
        """The partitions of a table, or the tables that inherit from it."""
        key = table.key
        return tuple(
            found
            for found in self._linked(Pointer.INHERITS, key)
            if any(parent.key == key for parent in found.parents)
        )

    def default_partitions(self, table: Relation) -> tuple[Table, ...]:
        """Those partitions that take what no other does: there is one at most."""
        key = table.key
        return tuple(
            found
            for found in self._linked(Pointer.DEFAULTS, key)
            if found.is_default and any(parent.key == key for parent in found.parents)
        )

    def most_children(self, table: Relation) -> int:
        """How many children a table has at most: each that it ever had, as often as it came."""
        link = self.links.get((Pointer.INHERITS, table.key))
        return link.length if link is not None else 0

    def descendants(self, table: Relation) -> Iterator[Table]:
        """Its children, their children, and so on, each once: a history may lead round in a circle."""
        seen, waiting = {table.key}, [*reversed(self.children(table))]
        while waiting:
            child = waiting.pop()
            if child.name.key not in seen:
                seen.add(child.name.key)
                yield child
                waiting.extend(reversed(self.children(child.name)))

    def descends(self, table: Relation, other: Relation) -> bool:
        """Whether a table is another one or comes from it, so that it can't be that one's parent."""
        return table.key == other.key or any(each.name.key == table.key for each in self.descendants(other))

    def parents(self, table: Relation) -> tuple[Table, ...]:
        """The tables it inherits from, or the one it is a partition of, as far as they are known."""
        found = self.tables.get(table.key)
        names = found.parents if found is not None else ()
        return tuple(parent for name in names if (parent := self.tables.get(name.key)) is not None)

    def readers(self, relation: Relation, column: str = "") -> tuple[Table, ...]:
        """The views that read a table or view; with `column`, those whose query may read that column."""
        key = relation.key
        return tuple(
            found
            for found in self._linked(Pointer.READS, key)
            if any(each.key == key for each in found.reads) and (not column or _reads(found, key, column))
        )

    def type(self, name: Relation) -> TypeState | None:
        """The type of that name, or None where no operation made it."""
        return self.types.get(name.key)

    def type_of(self, text: str) -> TypeState | None:
        """The type that a column's type names, arrays and sizes aside."""
        return self.types.get(type_name(text).key)

    def users_of(self, name: Relation) -> tuple[tuple[Table, ColumnState], ...]:
        """The columns of a type, each with its table; arrays of it, and domains over it, included."""
        key = name.key
        found = [
            (table, state)
            for table in self._linked(Pointer.USES, key)
            for state in table.columns.values()
            if type_name(state.column.type).key == key
        ]
        for domain in self.domains_over(name):
            found += self.users_of(domain.name)
        return tuple(found)

    def once_users_of(self, name: Relation) -> tuple[Table, ...]:
        """The tables that have or had a column of the type, or a default that names the type or sequence."""
        return self._linked(Pointer.USES, name.key)

    def defaults_by(self, sequence: Relation) -> tuple[tuple[Table, ColumnState], ...]:
        """The columns whose default takes numbers from the sequence, each with its table."""
        return tuple(
            (table, state)
            for table in self.once_users_of(sequence)
            for state in table.columns.values()
            if state.column.default and counted(state.column.default) == sequence.key
        )

    def domains_over(self, name: Relation) -> tuple[TypeState, ...]:
        """The domains whose base is the type."""
        key = name.key
        link = self.links.get((Pointer.USES, key))
        names = dict.fromkeys(each.key for each in _walked(link))
        states = (self.types.get(each) for each in names)
        return tuple(each for each in states if each is not None and type_name(each.base).key == key)

    def sequence(self, name: Relation) -> SequenceState | None:
        """The sequence of that name, or None where no operation made it."""
        return self.sequences.get(name.key)

    def function(self, name: Relation) -> FunctionState | None:
        """The function of that name, or None where no operation made it."""
        return self.functions.get(name.key)

    def setting(self, name: str) -> Setting | None:
        """The setting in force, such as lock_timeout; None for the server's own."""
        return self.session.get(name)

    def named(self, schema: str, constraint: str) -> bool:
        """Whether a table of the schema has a constraint of that name."""
        key = Relation(schema, constraint).key
        return any(
            constraint in found.constraints and found.name.key.schema == key.schema
            for found in self._linked(Pointer.NAMES, key)
        )

    def _linked(self, pointer: Pointer, key: Relation) -> tuple[Table, ...]:
        """The tables that once pointed there and are still around, in the order they came."""
        link = self.links.get((pointer, key))
        if link is None:
            return ()
        names = dict.fromkeys(each.key for each in _walked(link))
        found = [table for name in names if (table := self.tables.get(name)) is not None]
        return tuple(reversed(found))


def _reads(view: Table, key: Relation, column: str) -> bool:
    """Whether a view's query may read a column of a relation that it names."""
    if view.read_columns:
        return any(
            each.column in (column, "*") and each.relation.key in (key, NO_RELATION)
            for each in view.read_columns
        )
    return not view.query or mentions(view.query, column) or mentions(view.query, "*")


def _walked(link: Link | None) -> Iterator[Relation]:
    while link is not None:
        yield link.table
        link = link.rest
