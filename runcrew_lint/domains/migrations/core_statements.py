"""SQLAlchemy's own statements, where a revision sends them."""

from __future__ import annotations

import ast

from runcrew_lint.domains.migrations.core_conditions import where_of
from runcrew_lint.domains.migrations.core_elements import element
from runcrew_lint.domains.migrations.facts import Form, Kind
from runcrew_lint.domains.migrations.machine import Machine
from runcrew_lint.domains.migrations.outside import called
from runcrew_lint.domains.migrations.record import Record
from runcrew_lint.domains.migrations.tables import table_named
from runcrew_lint.domains.migrations.values import (
    Built,
    Member,
    Origin,
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
    if isinstance(root, Built) and element(record, machine, root, node):
        return None
    if isinstance(root, Built) and root.name == "nextval":
        return ROWS
    unknown = unknown_of(value)
    record.missed(
        node, f"the SQL of {called(node)}", unknown.why if unknown else "it is no text that can be read"
    )
    return ROWS
