"""SQLAlchemy's and SQLModel's declarative classes to the columns they map (its "Declarative Table")."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterator

from runcrew_lint.documents import python
from runcrew_lint.documents.python import callee
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.migrations.facts import MappedColumn, MappedTables, Relation
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source

_COLUMNS = frozenset({"mapped_column", "Column", "Field", "deferred"})


def read(source: Source, reading: Reading) -> MappedTables | None:
    """The mapped columns; None where no class has a table, or the file is Python of a later version: it is
    no migration, and nobody asked for a verdict on it.
    """
    del reading
    try:
        module = source.derive(python.parse)
    except Unreadable:
        return None
    found = tuple(column for node in _classes(module) for column in _columns(source, node))
    return MappedTables(source.path, found) if found else None


def _classes(module: ast.Module) -> Iterator[ast.ClassDef]:
    """Every class, the outer ones first; no expression holds one, and most of a module are expressions."""
    waiting: deque[ast.AST] = deque([module])
    while waiting:
        node = waiting.popleft()
        if isinstance(node, ast.ClassDef):
            yield node
        for field in ("body", "handlers", "orelse", "finalbody", "cases"):
            inner = getattr(node, field, ())
            if isinstance(inner, list):
                waiting.extend(inner)


def _columns(source: Source, node: ast.ClassDef) -> Iterator[MappedColumn]:
    table = _table(node)
    if table is None:
        return
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            name, value, annotated = statement.target.id, statement.value, True
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name, value, annotated = statement.targets[0].id, statement.value, False
        else:
            continue
        column = _name_of(name, value) if value is not None else (name if annotated else "")
        if column and not name.startswith("__"):
            yield MappedColumn(table, column, python.span(source, statement))


def _table(node: ast.ClassDef) -> Relation | None:
    name, schema = "", ""
    for statement in node.body:
        targets = (
            statement.targets
            if isinstance(statement, ast.Assign)
            else [statement.target]
            if isinstance(statement, ast.AnnAssign)
            else []
        )
        named = next((each.id for each in targets if isinstance(each, ast.Name)), "")
        value = getattr(statement, "value", None)
        if named == "__tablename__" and isinstance(value, ast.Constant):
            name = str(value.value)
        elif named == "__table_args__" and value is not None:
            schema = _schema(value)
    is_model = any(
        each.arg == "table" and isinstance(each.value, ast.Constant) and each.value.value
        for each in node.keywords
    )
    if not name and is_model:
        name = node.name.lower()  # SQLModel's own choice
    return Relation(schema, name) if name else None


def _schema(value: ast.expr) -> str:
    for each in ast.walk(value):
        if isinstance(each, ast.Dict):
            for key, item in zip(each.keys, each.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "schema" and isinstance(item, ast.Constant):
                    return str(item.value)
    return ""


def _name_of(name: str, value: ast.expr) -> str:
    """The column's name in the database, "" for an attribute that is no column."""
    if not isinstance(value, ast.Call):
        return ""
    called = callee(value)
    if called not in _COLUMNS:
        return ""
    if called == "Field":
        inner = next((each.value for each in value.keywords if each.arg == "sa_column"), None)
        return _name_of(name, inner) if inner is not None else name
    if called == "deferred":
        return _name_of(name, value.args[0]) if value.args else ""
    given = [each.value for each in value.keywords if each.arg == "name"] + value.args[:1]
    first = next((each.value for each in given if isinstance(each, ast.Constant)), None)
    return first if isinstance(first, str) else name
