"""A schema in the making: the one before, changed in place by one operation's functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runcrew_lint.domains.migrations.facts import Column, ConstraintKind, Relation
from runcrew_lint.domains.migrations.lookups import Lookups
from runcrew_lint.domains.migrations.replay.copies import replace
from runcrew_lint.domains.migrations.session import Session
from runcrew_lint.domains.migrations.shelves import Shelves
from runcrew_lint.domains.migrations.sql_words import counted, is_own, type_name
from runcrew_lint.domains.migrations.states import Link, Pointer, Setting, Table

_EMPTY: Shelves[Any, Any] = Shelves()


class Draft(Lookups):
    """Starts as another schema or empty; `changed` tells whether anything was put into it."""

    __slots__ = ("changed",)

    def __init__(self, of: Lookups | None = None) -> None:
        self.changed = False
        if of is None:
            self.session = Session()
            for name in Lookups.__slots__:
                if name != "session":
                    setattr(self, name, _EMPTY)
            return
        self.tables, self.index_tables, self.types = of.tables, of.index_tables, of.types
        self.sequences, self.functions, self.extensions = of.sequences, of.functions, of.extensions
        self.dropped, self.links, self.session = of.dropped, of.links, of.session

    def enter(self, revision: str, settings: Mapping[str, Setting] | None) -> None:
        """Begin a revision."""
        session = self.session
        if settings is not None:
            session = replace(session, base=settings)
        self.session = session.entering(revision)
        self.changed = True

    def some(self, name: Relation) -> Table:
        """The table; one of which nothing is known yet where no operation made it."""
        return super().table(name) or Table(name)

    def put(self, table: Table) -> None:
        """Let this be what stands under the table's name."""
        self.tables = self.tables.put(table.name.key, table)
        self.changed = True

    def change(self, table: Table, **fields: Any) -> Table:
        """Put a table with some fields changed, and return it."""
        changed = table._replace(**fields)
        self.put(changed)
        return changed

    def point(self, pointer: Pointer, at: Relation, table: Relation) -> None:
        """Remember that a table points at something."""
        key = (pointer, at.key)
        before = self.links.get(key)
        self.links = self.links.put(key, Link(table.key, before, before.length + 1 if before else 1))
        self.changed = True

    def point_all(self, table: Table) -> None:
        """Remember everything that a table points at: after it was made, renamed or moved."""
        if table.partitioned:
            self.point(Pointer.PARTITIONED, Relation("", table.name.name), table.name)
        for parent in table.parents:
            self.point(Pointer.INHERITS, parent, table.name)
            if table.is_default:
                self.point(Pointer.DEFAULTS, parent, table.name)
        for relation in table.reads:
            self.point(Pointer.READS, relation, table.name)
        for state in table.columns.values():
            self.rest(state.column, table.name)
        for constraint in table.constraints.values():
            self.name(table.name, constraint.name)
            references = constraint.constraint.references
            if constraint.kind is ConstraintKind.FOREIGN_KEY and references is not None:
                self.point(Pointer.REFERENCES, references, table.name)

    def rest(self, column: Column, table: Relation) -> None:
        """Remember what a column rests on: its type, and the sequence or the type that its default names."""
        self.use(column.type, table)
        default = column.default
        if default and "::" in default:  # a default keeps the type that its column once had
            self.use(default.rpartition("::")[2], table)
        sequence = counted(default) if default else None
        if sequence is not None:
            self.point(Pointer.USES, sequence, table)

    def use(self, type_text: str, user: Relation) -> None:
        """Remember that a table's column, or a domain, is of a type that is not the server's own."""
        if is_own(type_text):
            self.point(Pointer.USES, type_name(type_text), user)

    def name(self, table: Relation, constraint: str) -> None:
        """Remember that a table has a constraint of this name."""
        self.point(Pointer.NAMES, Relation(table.schema, constraint), table)

    def taken(self, schema: str, name: str) -> bool:
        """Whether a relation of this name is known in the schema: a table, index or sequence."""
        key = Relation(schema, name).key
        return (
            self.tables.get(key) is not None
            or self.index_tables.get(key) is not None
            or self.sequences.get(key) is not None
        )
