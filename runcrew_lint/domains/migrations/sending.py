"""What is sent to the database: SQL texts, SQLAlchemy's statements, and objects that create themselves."""

from __future__ import annotations

import ast
import re
from typing import Any

from runcrew_lint.documents import python
from runcrew_lint.domains.migrations import statements
from runcrew_lint.domains.migrations.columns import is_call, is_method
from runcrew_lint.domains.migrations.enums import labels_of
from runcrew_lint.domains.migrations.facts import Form, Kind, Transaction
from runcrew_lint.domains.migrations.machine import Machine
from runcrew_lint.domains.migrations.operations import OPERATIONS, arguments, table_changes, table_named
from runcrew_lint.domains.migrations.outside import called
from runcrew_lint.domains.migrations.record import Record
from runcrew_lint.domains.migrations.types import enum_name, is_enum
from runcrew_lint.domains.migrations.values import (
    HOLE,
    Built,
    Handle,
    Literal,
    Member,
    OneOf,
    Origin,
    Template,
    Unknown,
    Value,
    unknown_of,
)
from runcrew_lint.text import Span

ROWS = Unknown("it comes from the rows of a query", Origin.DATA)
LIVE_SCHEMA = Unknown("it asks the live schema", Origin.SCHEMA)
_CATALOGUE = re.compile(
    r"information_schema|\bto_regclass\b"
    r"|\bpg_(?:catalog|class|index|constraint|type|enum|attribute|tables|views|proc|namespace|extension)"
)
_IN_BLOCK = "the DO block puts it together"  # how the SQL's reader says so
_NARROWS = ("where", "filter", "filter_by", "join")
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


def execute(record: Record, machine: Machine, value: Value, node: ast.Call, by: Handle | None) -> Value:
    """Run a statement; `by` is the connection or session, None for Alembic's own."""
    while is_method(value, "bindparams", "columns", "execution_options", "params"):
        value = value.receiver
    if (is_call(value, "text", "DDL", "TextClause") and value.args) or (
        isinstance(value, Built) and value.path == "textwrap.dedent" and value.args
    ):
        value = value.args[0]
    if isinstance(value, OneOf):
        for option in value.options:
            execute(record, machine, option, node, by)
        return ROWS
    if isinstance(value, (str, Template)):
        return _sql(record, machine, value, node, by)
    return _core(record, machine, value, node)


def _sql(record: Record, machine: Machine, value: str | Template, node: ast.Call, by: Handle | None) -> Value:
    call = record.place(node)
    text = value.text if isinstance(value, Template) else str(value)
    start: int | None = None
    if isinstance(value, Literal):
        start = python.literal_start(record.source, value.node)
    if record.direction is None or not text.strip():
        return None
    if isinstance(value, Template):
        record.put_together(call, value.hole.why)
    for each in statements.read(text):
        span = call if start is None else Span(each.span.start + start, each.span.end + start)
        if isinstance(each, statements.Gap):
            why = each.why
            if isinstance(value, Template) and HOLE in text[each.span.start : each.span.end]:
                why = f"{why}: {value.hole.why}"
            record.missed_at(span, each.what, why)
            if each.why.startswith(_IN_BLOCK):
                record.put_together(span, f"{each.why} in its body")
        else:
            within = by.made if by is not None and isinstance(by.made, Transaction) else None
            record.record_as(machine, each, within, span, call)
    return LIVE_SCHEMA if _CATALOGUE.search(text) else ROWS


def _core(record: Record, machine: Machine, value: Value, node: ast.Call) -> Value:
    """SQLAlchemy's own statements: rows, or the definition elements that it can build."""
    root: Value = value
    kind = None
    table: Value = None
    steps: set[str] = set()
    while isinstance(root, (Built, Member)):
        if isinstance(root, Built):
            steps.add(root.name)
            if root.name in _CORE:
                kind = _CORE[root.name]
                table = root.receiver if root.receiver is not None else next(iter(root.args), None)
            if root.receiver is None:
                break
            root = root.receiver
        else:
            root = root.of
    if kind is not None:
        fields: dict[str, Any] = {"table": table_named(table)}
        if kind in (Kind.UPDATE, Kind.DELETE):
            fields["whole"] = steps.isdisjoint(_NARROWS)
        record.record(machine, (kind, fields), node, Form.CALL)
        return ROWS
    if isinstance(root, Built) and root.name in ("CreateSequence", "DropSequence", "CreateSchema"):
        record.record(machine, (Kind.OTHER, {"words": root.name}), node, Form.CALL)
        return None
    if isinstance(root, Built) and root.name in ("CreateTable", "DropTable") and root.args:
        create(record, machine, root.args[0], root.name[:-5].lower(), {}, node)
        return None
    if isinstance(root, Built) and root.name == "nextval":
        return ROWS
    unknown = unknown_of(value)
    record.missed(
        node, f"the SQL of {called(node)}", unknown.why if unknown else "it is no text that can be read"
    )
    return ROWS


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
        kind = Kind.CREATE_TYPE if name == "create" else Kind.DROP_TYPE
        label = enum_name(of)
        fields = {"name": label, "if_exists": kwargs.get("checkfirst", ".dialects." in of.path) is True}
        if name == "create":
            fields |= {"words": "enum", "values": labels_of(of)}
        record.record(machine, (kind, fields), node, Form.CALL)
        return True
    if is_call(of, "Table") and of.args and isinstance(of.args[0], str):
        table = table_named(of)
        if name == "drop":
            record.record(machine, (Kind.DROP_TABLE, {"table": table}), node, Form.CALL)
            return True
        signature = OPERATIONS["create_table"]
        call = arguments(signature, [of.args[0]], dict(of.kwargs), record.place, None)
        for change in table_changes(table, tuple(of.args[2:]), call):
            record.record(machine, change, node, Form.CALL)
        return True
    if is_call(of, "Sequence"):
        record.record(machine, (Kind.OTHER, {"words": f"{name} sequence"}), node, Form.CALL)
        return True
    return False
