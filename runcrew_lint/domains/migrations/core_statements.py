"""SQLAlchemy's own statements and the objects that create themselves, where a revision sends them."""

from __future__ import annotations

import ast
from typing import Any

from runcrew_lint.domains.migrations.core_conditions import where_of
from runcrew_lint.domains.migrations.enums import labels_of
from runcrew_lint.domains.migrations.facts import Form, Kind, Relation
from runcrew_lint.domains.migrations.machine import Machine
from runcrew_lint.domains.migrations.operations import OPERATIONS, arguments
from runcrew_lint.domains.migrations.outside import called
from runcrew_lint.domains.migrations.record import Record
from runcrew_lint.domains.migrations.said import is_call, text_or_empty
from runcrew_lint.domains.migrations.tables import table_changes, table_named
from runcrew_lint.domains.migrations.types import enum_name, is_enum
from runcrew_lint.domains.migrations.values import (
    Built,
    Member,
    Origin,
    Unclear,
    Unknown,
    Value,
    unknown_of,
)

ROWS = Unknown("it comes from the rows of a query", Origin.DATA)
_CORE = {
    "update": Kind.UPDATE,
    "delete": Kind.DELETE,
    "insert": Kind.INSERT,
    "select": Kind.SELECT,
    "values": Kind.INSERT,
    "from_select": Kind.INSERT,
    "query": Kind.SELECT,
    "exists": Kind.SELECT,
    "union": Kind.SELECT,
    "union_all": Kind.SELECT,
    "count": Kind.SELECT,
}
_WRITES = (Kind.UPDATE, Kind.DELETE)
_NARROWING = frozenset({"where", "filter", "filter_by", "join"})


def core(record: Record, machine: Machine, value: Value, node: ast.Call) -> Value:
    """A statement of SQLAlchemy's: rows, or the definition elements that it can build."""
    root: Value = value
    kind = None
    table: Value = None
    whole = True
    texts: list[str] = []
    conditions: list[Value] = []
    while isinstance(root, (Built, Member)):
        if isinstance(root, Built):
            whole = whole and root.name not in _NARROWING
            if root.name in _NARROWING:
                conditions += root.args if root.name in ("where", "filter") else [None]
            texts += [each for each in root.kwargs.values() if isinstance(each, str)]
            if root.name in _CORE:
                kind = _CORE[root.name]
                table = root.receiver if root.receiver is not None else next(iter(root.args), None)
            if root.receiver is None:
                break
            root = root.receiver
        else:
            root = root.of
    if kind is not None:
        fields = {
            "table": table_named(table),
            "whole": whole and kind in _WRITES,
            "values": tuple(dict.fromkeys(map(str, texts))),
            "text": where_of(conditions) if kind in _WRITES else "",
        }
        record.record(machine, (kind, fields), node, Form.CALL)
        return ROWS
    if isinstance(root, Built) and _element(record, machine, root, node):
        return None
    if isinstance(root, Built) and root.name == "nextval":
        return ROWS
    unknown = unknown_of(value)
    record.missed(
        node, f"the SQL of {called(node)}", unknown.why if unknown else "it is no text that can be read"
    )
    return ROWS


_SCHEMAS = {"CreateSchema": Kind.CREATE_SCHEMA, "DropSchema": Kind.DROP_SCHEMA}


def _element(record: Record, machine: Machine, of: Built, node: ast.Call) -> bool:
    """A definition element: `CreateTable(table)`, `DropSchema("s")`; False where it is none."""
    first = of.args[0] if of.args else of.kwargs.get("element", of.kwargs.get("name"))
    if of.name in _SCHEMAS and isinstance(first, str):
        fields = {"name": str(first), "cascade": of.kwargs.get("cascade") is True}
        record.record(machine, (_SCHEMAS[of.name], fields), node, Form.CALL)
        return True
    if of.name in ("CreateTable", "DropTable", "CreateSequence", "DropSequence") and isinstance(first, Built):
        return create(record, machine, first, "create" if of.name[0] == "C" else "drop", {}, node)
    return False


def create(
    record: Record,
    machine: Machine,
    of: Built,
    name: str,
    kwargs: dict[str, Value],
    node: ast.Call,
) -> bool:
    """`sa.Enum(...).create(bind)` and its kin: types, tables and sequences that make themselves."""
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
        first = kwargs.get("checkfirst") is True
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
    return False
