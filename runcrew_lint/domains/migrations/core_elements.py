"""SQLAlchemy's objects that make themselves, `index.create(bind)`, and its elements, `CreateIndex(index)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from runcrew_lint.domains.migrations.arguments import Change
from runcrew_lint.domains.migrations.enums import labels_of
from runcrew_lint.domains.migrations.facts import NO_RELATION, UNNAMED, Form, Kind, Relation
from runcrew_lint.domains.migrations.machine import Machine
from runcrew_lint.domains.migrations.operations import OPERATIONS, arguments
from runcrew_lint.domains.migrations.record import Record
from runcrew_lint.domains.migrations.said import is_call, text_or_empty
from runcrew_lint.domains.migrations.table_parts import constraint_of, is_constraint, target_of
from runcrew_lint.domains.migrations.tables import table_changes, table_named
from runcrew_lint.domains.migrations.types import enum_name, is_enum
from runcrew_lint.domains.migrations.values import Built, Member, Unclear, Value

_SCHEMAS = {"CreateSchema": Kind.CREATE_SCHEMA, "DropSchema": Kind.DROP_SCHEMA}
_OBJECTS = ("CreateTable", "DropTable", "CreateSequence", "DropSequence", "CreateIndex", "DropIndex")
_CONSTRAINTS = ("AddConstraint", "DropConstraint")


def element(record: Record, machine: Machine, of: Built, node: ast.Call) -> bool:
    """A definition element: `CreateTable(table)`, `DropSchema("s")`; False where it is none."""
    first = of.args[0] if of.args else of.kwargs.get("element", of.kwargs.get("name"))
    if of.name in _SCHEMAS and isinstance(first, str):
        fields = {"name": str(first), "cascade": of.kwargs.get("cascade") is True}
        record.record(machine, (_SCHEMAS[of.name], fields), node, Form.CALL)
        return True
    if not isinstance(first, Built):
        return False
    makes = of.name.startswith(("Create", "Add"))
    there = of.kwargs.get("if_not_exists" if makes else "if_exists") is True
    if of.name in _OBJECTS:
        return create(record, machine, first, "create" if makes else "drop", {"checkfirst": there}, node)
    if of.name in _CONSTRAINTS and is_constraint(first):
        table = table_named(first.kwargs.get("table")) if "table" in first.kwargs else _owner(first.args)
        attached = record.attached.get(first)
        change = _constraint(first, table_named(attached) if attached else table, makes=makes)
        if change is not None:
            change[1].update(if_exists=there, cascade=of.kwargs.get("cascade") is True)
            record.record(machine, change, node, Form.CALL)
            return True
    return False


def _constraint(of: Built, table: Relation, *, makes: bool) -> Change | None:
    """ADD or DROP CONSTRAINT; None where it is not known of which table, or what of it."""
    made = constraint_of(of)
    if not table.name or (not makes and not made.name):
        return None
    if not makes:
        return Kind.DROP_CONSTRAINT, {"table": table, "name": made.name}
    unread = not made.expression if made.kind.name == "CHECK" else "" in made.columns
    if unread or (made.referred and made.references is None):
        return None
    fields: dict[str, Any] = {"table": table, "name": made.name, "constraints": (made,)}
    return Kind.ADD_CONSTRAINT, fields if made.name else fields | {"words": UNNAMED}


def _owner(values: Sequence[Value]) -> Relation:
    """The table whose columns, `table.c.name`, are among the values."""
    for value in values:
        while isinstance(value, Built) and value.receiver is not None:
            value = value.receiver
        if isinstance(value, (list, tuple)):
            found = _owner(value)
        elif isinstance(value, Built):
            found = _owner(value.args)
        else:
            found = table_named(value) if isinstance(value, Member) else NO_RELATION
        if found.name:
            return found
    return NO_RELATION


def create(
    record: Record,
    machine: Machine,
    of: Built,
    name: str,
    kwargs: dict[str, Value],
    node: ast.Call,
) -> bool:
    """`sa.Enum(...).create(bind)` and its kin: types, tables, sequences and indexes that make themselves."""
    first = kwargs.get("checkfirst") is True
    if is_enum(of):
        # PostgreSQL's own ENUM looks first whether the type is there, unless it is told not to.
        first = kwargs.get("checkfirst", ".dialects." in of.path) is True
        fields: dict[str, Any] = {"name": enum_name(of), "if_exists": first}
        if name == "create":
            fields |= {"words": "enum", "values": labels_of(of)}
        kind = Kind.CREATE_TYPE if name == "create" else Kind.DROP_TYPE
        record.record(machine, (kind, fields), node, Form.CALL)
        return True
    if is_call(of, "Table") and of.args and isinstance(of.args[0], str):
        table = table_named(of)
        if name == "drop":
            record.record(machine, (Kind.DROP_TABLE, {"table": table, "if_exists": first}), node, Form.CALL)
            return True
        call = arguments(OPERATIONS["create_table"], [of.args[0]], dict(of.kwargs), record.place, None)
        try:
            for kind, made in table_changes(table, tuple(of.args[2:]), call):
                if kind is Kind.CREATE_TABLE:
                    made["if_exists"] = first
                record.record(machine, (kind, made), node, Form.CALL)
        except Unclear as unclear:
            record.missed(node, f"{unclear.what} of the table", unclear.why)
        return True
    if is_call(of, "Sequence"):
        schema = of.kwargs.get("schema")
        sequence = Relation(
            str(schema) if isinstance(schema, str) else "", text_or_empty(of.args[0] if of.args else "")
        )
        kind = Kind.CREATE_SEQUENCE if name == "create" else Kind.DROP_SEQUENCE
        record.record(machine, (kind, {"table": sequence}), node, Form.CALL)
        return True
    if is_call(of, "Index") and of.args and (table := _owner(of.args[1:])).name:
        _index(record, machine, of, table, f"{name}_index", first, node)
        return True
    return False


def _index(
    record: Record, machine: Machine, of: Built, table: Relation, name: str, first: bool, node: ast.Call
) -> None:
    """An index of a table's own columns, as Alembic's operation of that name has it."""
    given = dict(of.kwargs)
    given["schema"] = table.schema or None
    given["if_not_exists" if name == "create_index" else "if_exists"] = first
    args: list[Value] = [of.args[0], table.name]
    if name == "create_index":
        args.append(list(of.args[1:]))
    signature = OPERATIONS[name]
    try:
        for change in signature.read(arguments(signature, args, given, record.place, None)):
            record.record(machine, change, node, Form.CALL)
    except Unclear as unclear:
        record.missed(node, f"{unclear.what} of the index", unclear.why)


def create_all(
    record: Record, machine: Machine, of: Built, name: str, kwargs: dict[str, Value], node: ast.Call
) -> bool:
    """`metadata.create_all(bind)` and drop_all: the tables that the revision declares in it, or lists.

    False where others may be among them.
    """
    listed = kwargs.get("tables")
    tables = listed if isinstance(listed, (list, tuple)) else record.tables.get(of)
    if not tables or not all(is_call(each, "Table") for each in tables):
        return False
    ordered = list(_ordered([each for each in tables if isinstance(each, Built)]))
    first = kwargs.get("checkfirst", True)
    for table in ordered if name == "create_all" else reversed(ordered):
        if name == "create_all" and any(key.startswith("autoload") for key in table.kwargs):
            continue  # it was read from the database, so it is there
        create(record, machine, table, name.removesuffix("_all"), {"checkfirst": first}, node)
    return True


def _ordered(tables: Sequence[Built]) -> Iterator[Built]:
    """The tables, each behind those that it refers to."""
    left = {table_named(each): each for each in tables}

    def visit(table: Built) -> Iterator[Built]:
        if left.pop(table_named(table), None) is None:
            return
        for other in _referred(table):
            if other in left:
                yield from visit(left[other])
        yield table

    for each in tables:
        yield from visit(each)


def _referred(table: Built) -> Iterator[Relation]:
    for item in table.args[2:]:
        if is_constraint(item) and isinstance(item, Built):
            made = constraint_of(item).references
            if made is not None:
                yield made
        elif is_call(item, "Column") and isinstance(item, Built):
            for part in item.args:
                if is_call(part, "ForeignKey") and isinstance(part, Built) and part.args:
                    found, _ = target_of(part.args[0])
                    if found is not None:
                        yield found
