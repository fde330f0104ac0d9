"""What a revision's own statements say of what was there before it, for a downgrade to be held against."""

from __future__ import annotations

from runcrew_lint.domains.migrations.facts import Kind, Migration, Operation, Relation
from runcrew_lint.domains.migrations.schema import ConstraintState, Schema

_DROPS_NAME = (Kind.DROP_CONSTRAINT, Kind.DROP_INDEX)
_MAKES_TABLE = (Kind.CREATE_TABLE, Kind.CREATE_VIEW)


class OwnWords:
    """What a revision says of things by name: whether they were there before it, and whether that is sure."""

    def __init__(self, migration: Migration) -> None:
        self.revision = migration.revision
        both = (*migration.upgrade, *migration.downgrade)
        self.vague = {each.table.key for each in both if _is_vague(each)}
        self.vague_types = {_type_key(each) for each in both if _is_vague(each)}
        self._first: dict[tuple[Relation, str], Kind] = {}
        self.made: set[Relation] = set()
        self.replaced: set[tuple[Relation, str]] = set()
        self.dropped: set[Relation] = set()
        self.made_types: set[Relation] = set()
        self.dropped_types: set[Relation] = set()
        for each in migration.upgrade:
            self._note(each)
        self.upgrade, self.downgrade = migration.upgrade, migration.downgrade
        self.deprecated = {
            f"column {each.table.key}.{column.name}"
            for each in migration.upgrade
            for column in each.columns
            if "deprecated:" in (column.comment or "").lower()
        }
        self.without_default = {
            (each.table.key, each.columns[0].name)
            for each in migration.upgrade
            if each.kind is Kind.DROP_DEFAULT
        }
        self.cascading = {each.table.key for each in migration.upgrade if each.cascade}
        self.strangers: set[Relation] = set()
        # A column's type follows its type's name, so that the two can't be told apart by their names.
        # What else takes a view is CASCADE, or a column of `*` that it may never have had.
        self.dropped_views = {each.table.key for each in both if each.kind is Kind.DROP_VIEW}
        self.renames_types = any(each.kind is Kind.ALTER_TYPE_OBJECT for each in both)
        self.vague_names = {each.name for each in both if _is_vague(each)}

    def _note(self, operation: Operation) -> None:
        table = operation.table.key
        if operation.kind in _MAKES_TABLE and table not in self.dropped:
            self.made.add(table)
        elif operation.kind in (Kind.DROP_TABLE, Kind.DROP_VIEW) and table not in self.made:
            self.dropped.add(table)
        elif operation.kind is Kind.RENAME_TABLE and operation.target is not None:
            if operation.target.key not in self.dropped:
                self.made.add(operation.target.key)
            if table not in self.made:
                self.dropped.add(table)
        if operation.kind is Kind.CREATE_TYPE:
            self.made_types.add(_type_key(operation))
        elif operation.kind is Kind.DROP_TYPE and _type_key(operation) not in self.made_types:
            self.dropped_types.add(_type_key(operation))
        if operation.kind in (
            Kind.DROP_CONSTRAINT,
            Kind.DROP_INDEX,
            Kind.RENAME_CONSTRAINT,
            Kind.RENAME_INDEX,
        ):
            self.replaced.add((table, operation.name))
        for column in () if operation.kind.is_data else operation.columns:
            self._first.setdefault((table, column.name), operation.kind)
        if operation.kind is Kind.RENAME_COLUMN:
            self._first.setdefault((table, operation.name), Kind.ADD_COLUMN)

    def look_up(self, before: Schema, between: Schema) -> None:
        """Find the drops of names that nobody here gave: a naming convention did, and what it named is not
        known under that name.
        """
        given: set[str] = set()
        for function, schema in ((self.upgrade, before), (self.downgrade, between)):
            for each in function:
                if each.kind in _DROPS_NAME and (not each.name or each.name not in given):
                    table = schema.table(each.table)
                    if table is None or not (each.name in table.constraints or each.name in table.indexes):
                        self.strangers.add(each.table.key)
                if each.kind in (Kind.CREATE_INDEX, Kind.RENAME_CONSTRAINT, Kind.RENAME_INDEX):
                    given.add(each.name)
                given |= {constraint.name for constraint in each.constraints}
                if each.target is not None:
                    given.add(each.target.name)

    def knows_names(self, table: Relation) -> bool:
        """Whether what is dropped on a table has the names that it was given."""
        return table not in self.strangers and Relation(table.schema, "") not in self.strangers

    def was_gone(self, table: Relation, key: ConstraintState) -> bool:
        """Whether a key was gone before: upgrade() drops what it points at, which the server refuses."""
        references = key.constraint.references
        if references is None or references.key not in self.dropped - self.cascading:
            return False
        return table not in self.dropped and (table, key.name) not in self.replaced

    def was_there(self, table: Relation, column: str) -> bool:
        """Whether a column must have been there, for the upgrade takes it away."""
        return self._first.get((table, column)) in (Kind.DROP_COLUMN, Kind.RENAME_COLUMN)

    def was_added(self, table: Relation, column: str) -> bool:
        """Whether the upgrade adds a column that was not there."""
        return self._first.get((table, column)) is Kind.ADD_COLUMN


_OF_A_TABLE = (Kind.DROP_CONSTRAINT, Kind.DROP_COLUMN)  # of its own table CASCADE takes no more


def _is_vague(operation: Operation) -> bool:
    """Whether it may do nothing, or not what it seems to."""
    takes_more = operation.cascade and operation.kind not in _OF_A_TABLE
    return bool(operation.conditions) or operation.if_exists or takes_more or operation.temporary


def _type_key(operation: Operation) -> Relation:
    if operation.table.name:
        return operation.table.key
    schema, _, name = operation.name.rpartition(".")
    return Relation(schema, name).key
