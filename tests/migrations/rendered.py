"""A replayed schema as the statements that make it, for a server to tell whether it is the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from runcrew_lint.domains.migrations.facts import UNREAD, Column, Constraint, ConstraintKind, Relation
from runcrew_lint.domains.migrations.schema import IndexState, Schema, Table, TableKind, TypeKind


class Statement(NamedTuple):
    """A statement, and the object that is missing if the server refuses it."""

    sql: str
    subject: str


def statements(schema: Schema) -> Iterator[Statement]:
    """In an order in which they can run: types, sequences, tables, keys, the rest."""
    tables = sorted((table for _, table in schema.tables.items()), key=lambda each: str(each.name))
    names = {key.schema for key, _ in (*schema.tables.items(), *schema.types.items()) if key.schema}
    for name in sorted(names):
        yield Statement(f"CREATE SCHEMA IF NOT EXISTS {quoted(name)}", name)
    yield from _types(schema)
    for _, sequence in schema.sequences.items():
        owner = schema.column(sequence.table, sequence.column) if sequence.column else None
        if owner is None or not owner.column.identity:
            yield Statement(f"CREATE SEQUENCE {spelled(sequence.name)}", str(sequence.name))
    plain = [each for each in tables if not each.kind.is_view]
    for table in sorted(plain, key=lambda each: _depth(schema, each)):
        yield Statement(_table(table), str(table.name))
    foreign = []
    deepest = sorted(plain, key=lambda each: -_depth(schema, each))  # what partitions have is then attached
    for table in deepest:
        for state in table.constraints.values():
            made = Statement(_constraint(table, state.constraint), f"{table.name}.{state.name}")
            if table.is_partition and state.inherited and state.kind is ConstraintKind.CHECK:
                continue
            if state.kind is ConstraintKind.FOREIGN_KEY:
                foreign.append(made)
            elif state.kind is not ConstraintKind.NOT_NULL:
                yield made
    for table in plain:
        for parent in () if table.is_partition else table.parents:
            sql = f"ALTER TABLE {spelled(table.name)} INHERIT {spelled(parent)}"
            yield Statement(sql, str(table.name))
    for table in plain:
        for on, said in ((table.secured, "ENABLE"), (table.forced, "FORCE")):
            if on:
                sql = f"ALTER TABLE {spelled(table.name)} {said} ROW LEVEL SECURITY"
                yield Statement(sql, str(table.name))
    for table in tables:
        if table.kind.is_view:
            yield Statement(_view(table), str(table.name))
    for table in (*deepest, *(each for each in tables if each.kind.is_view)):
        for index in table.indexes.values():
            if not index.constraint:
                yield Statement(_index(table, index), f"{table.name}.{index.name}")
    yield from foreign


def quoted(name: str) -> str:
    """A name in quotes."""
    return '"' + name.replace('"', '""') + '"'


def spelled(name: Relation) -> str:
    """A relation's full name."""
    return f"{quoted(name.key.schema or 'public')}.{quoted(name.name)}"


def _depth(schema: Schema, table: Table) -> int:
    return 1 + max((_depth(schema, parent) for parent in schema.parents(table.name)), default=0)


def _types(schema: Schema) -> Iterator[Statement]:
    for _, each in sorted(schema.types.items()):
        if each.kind is TypeKind.ENUM:
            labels = ", ".join("'" + label.replace("'", "''") + "'" for label in each.labels)
            yield Statement(f"CREATE TYPE {spelled(each.name)} AS ENUM ({labels})", str(each.name))
        elif each.kind is TypeKind.COMPOSITE:
            columns = ", ".join(f"{quoted(one.name)} {one.type}" for one in each.attributes)
            yield Statement(f"CREATE TYPE {spelled(each.name)} AS ({columns})", str(each.name))
        elif each.kind is TypeKind.DOMAIN:
            sql = f"CREATE DOMAIN {spelled(each.name)} AS {each.base}"
            sql += f" DEFAULT {each.default}" if each.default else ""
            sql += "" if each.nullable else " NOT NULL"
            for name, check in each.checks.items():
                sql += f" CONSTRAINT {quoted(name)} CHECK {check.expression}"
            yield Statement(sql, str(each.name))


def _table(table: Table) -> str:
    unlogged = "UNLOGGED " if table.unlogged else ""
    columns = ", ".join(_column(state.column) for state in table.columns.values())
    made = f"({columns})"
    if table.is_partition:
        made = f"PARTITION OF {spelled(table.parents[0])} {table.bound}"
    sql = f"CREATE {unlogged}TABLE {spelled(table.name)} {made}"
    return f"{sql} PARTITION BY {table.partition_key}" if table.kind is TableKind.PARTITIONED else sql


def _column(column: Column) -> str:
    sql = f"{quoted(column.name)} {column.type or 'text'}"
    sql += f" COLLATE {column.collation}" if column.collation else ""
    if column.generated is not None:
        sql += f" GENERATED ALWAYS AS ({column.generated}) {'VIRTUAL' if column.virtual else 'STORED'}"
    elif column.identity:
        sql += " GENERATED BY DEFAULT AS IDENTITY"
    elif column.default not in (None, UNREAD):
        sql += f" DEFAULT {column.default}"
    return sql if column.nullable else f"{sql} NOT NULL"


def _list(names: tuple[str, ...]) -> str:
    return f"({', '.join(map(quoted, names))})"


def _constraint(table: Table, constraint: Constraint) -> str:
    sql = f"ALTER TABLE {spelled(table.name)} ADD CONSTRAINT {quoted(constraint.name)} "
    kind = constraint.kind
    if kind in (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE):
        nulls = " NULLS NOT DISTINCT" if constraint.nulls_not_distinct else ""
        sql += f"{kind.value.upper()}{nulls} {_list(constraint.columns)}"
        sql += f" INCLUDE {_list(constraint.include)}" if constraint.include else ""
    elif kind is ConstraintKind.CHECK:
        text = constraint.expression
        sql += f"CHECK ({text})"
    elif kind is ConstraintKind.EXCLUDE:
        sql += f"EXCLUDE {constraint.expression}"
    else:
        target = spelled(constraint.references) if constraint.references else "?"
        sql += f"FOREIGN KEY {_list(constraint.columns)} REFERENCES {target}"
        sql += f" {_list(constraint.referred)}" if constraint.referred else ""
        sql += f" ON DELETE {constraint.on_delete}" if constraint.on_delete else ""
        sql += f" ON UPDATE {constraint.on_update}" if constraint.on_update else ""
    sql += " DEFERRABLE" if constraint.deferrable or constraint.deferred else ""
    sql += " INITIALLY DEFERRED" if constraint.deferred else ""
    return sql if constraint.valid else f"{sql} NOT VALID"


def _index(table: Table, state: IndexState) -> str:
    index = state.index
    sql = f"CREATE {'UNIQUE ' if index.unique else ''}INDEX {quoted(state.name)} ON "
    sql += f"{'ONLY ' if index.only else ''}{spelled(table.name)} USING {index.using or 'btree'} ("
    ordering = index.ordering or ("",) * len(index.keys)
    keys = []
    for key, order in zip(index.keys, ordering, strict=False):
        shown = quoted(key) if key in table.columns else key if key.startswith("(") else f"({key})"
        keys.append(f"{shown} {order}".strip())
    sql += ", ".join(keys) + ")"
    sql += f" INCLUDE {_list(index.include)}" if index.include else ""
    sql += " NULLS NOT DISTINCT" if index.nulls_not_distinct else ""
    return f"{sql} WHERE {index.where}" if index.where else sql


def _view(view: Table) -> str:
    sort = "MATERIALIZED VIEW" if view.kind is TableKind.MATERIALIZED_VIEW else "VIEW"
    return f"CREATE {sort} {spelled(view.name)} AS {view.query or 'SELECT'}"
