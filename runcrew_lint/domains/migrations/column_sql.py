"""Column definitions and table constraints as CREATE TABLE and ALTER TABLE write them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from runcrew_lint.documents.sql import Cursor
from runcrew_lint.domains.migrations.facts import Column, Constraint, ConstraintKind
from runcrew_lint.domains.migrations.relation_sql import relation
from runcrew_lint.domains.migrations.types import SERIALS, from_sql
from runcrew_lint.domains.migrations.values import HOLE, Unclear

_STOPS = (
    *("not", "null", "default", "primary", "unique", "references", "check", "constraint", "generated"),
    *("collate", "deferrable", "initially", "storage", "compression", "using", "options", "with", ","),
)


def type_text(cursor: Cursor) -> str:
    """Go past a type, in PostgreSQL's spelling; "" where a part of it is not known."""
    first = cursor.at
    cursor.name()  # a type may be called like a word that ends one
    cursor.until(*_STOPS)
    if cursor.take("with", "time", "zone"):
        cursor.until(*_STOPS)
    text = cursor.between(first, cursor.at)
    return "" if HOLE in text else from_sql(text)


def column(cursor: Cursor) -> tuple[Column, list[Constraint]]:
    """Go past a column's definition: the column, and the constraints that it brings along.

    Errors:
        Unclear where its name is not known.
    """
    name = cursor.name()
    if name is None:
        raise Unclear("the column", "the SQL names none that can be read")
    if HOLE in name:
        raise Unclear("the column", "its name is put together when the revision runs")
    token = cursor.token
    bare = token is None or (token.kind != "name" and token.value in _STOPS)
    kind = "" if bare else type_text(cursor)
    fields: dict[str, Any] = {"type": kind}
    if kind in SERIALS:
        fields |= {"type": SERIALS[kind], "serial": True, "nullable": False}
    elif not kind and not bare:
        fields["unknown"] = ("type",)
    constraints: list[Constraint] = []
    label = ""
    while (token := cursor.token) is not None and not (token.kind == "mark" and token.value == ","):
        at = cursor.at
        if cursor.take("constraint"):
            label = cursor.name() or ""
            continue
        _clause(cursor, name, label, fields, constraints)
        label = ""
        if cursor.at == at:
            if HOLE in token.value:
                raise Unclear(f"the column {name}", "a part of its definition is not known")
            cursor.at += 1
    return Column(name, **fields), constraints


def _clause(
    cursor: Cursor, name: str, label: str, fields: dict[str, Any], constraints: list[Constraint]
) -> None:
    if cursor.take("not", "null"):
        fields["nullable"] = False
    elif cursor.take("null"):
        fields["nullable"] = True
    elif cursor.take("default"):
        first = cursor.at
        cursor.take("null")
        cursor.until(*_STOPS)
        fields["default"] = cursor.between(first, cursor.at)
    elif cursor.take("primary", "key"):
        fields |= {"primary_key": True, "nullable": False}
        constraints.append(Constraint(ConstraintKind.PRIMARY_KEY, label, (name,)))
    elif cursor.take("unique"):
        cursor.take("nulls")
        cursor.take("not")
        cursor.take("distinct")
        fields["unique"] = True
        constraints.append(Constraint(ConstraintKind.UNIQUE, label, (name,)))
    elif cursor.take("references"):
        made = _references(cursor, label, (name,))
        fields["references"] = made.references
        constraints.append(made)
    elif cursor.take("check"):
        first = cursor.at
        cursor.parenthesised()
        constraints.append(
            Constraint(ConstraintKind.CHECK, label, expression=cursor.between(first, cursor.at))
        )
    elif cursor.take("generated"):
        if cursor.take("always", "as", "(") or cursor.take("as", "("):
            cursor.at -= 1
            first = cursor.at
            cursor.parenthesised()
            fields["generated"] = cursor.between(first, cursor.at)
            cursor.take_one("stored", "virtual")
        else:
            cursor.until("identity")
            cursor.take("identity")
            cursor.parenthesised()
            fields |= {"identity": True, "nullable": False}
    elif cursor.take("not", "deferrable") or cursor.take("deferrable"):
        return
    elif cursor.take_one("collate", "initially", "storage", "compression"):
        cursor.dotted()
    elif cursor.take_one("with", "options"):
        cursor.parenthesised()


def _references(cursor: Cursor, label: str, columns: tuple[str, ...]) -> Constraint:
    table = relation(cursor, "the referenced table")
    referred = tuple(item.name() or "" for item in cursor.parenthesised())
    actions = {"delete": "", "update": ""}
    while True:
        if cursor.take("match"):
            cursor.name()
        elif cursor.take("on", "delete") or cursor.take("on", "update"):
            which = cursor.tokens[cursor.at - 1].value
            action = cursor.take_one("cascade", "restrict")
            if not action:
                first = cursor.at
                cursor.take_one("set", "no")
                cursor.take_one("null", "default", "action")
                action = cursor.between(first, cursor.at).lower()
            actions[which] = action
        else:
            break
    return Constraint(
        ConstraintKind.FOREIGN_KEY,
        label,
        columns,
        table,
        referred,
        on_delete=actions["delete"],
        on_update=actions["update"],
    )


def table_constraint(cursor: Cursor) -> Constraint | None:
    """Go past a table constraint; None, and nowhere, where none stands here."""
    start = cursor.at
    label = (cursor.name() or "") if cursor.take("constraint") else ""
    label = "" if HOLE in label else label
    made: Constraint | None = None
    if cursor.take("primary", "key"):
        made = _key(cursor, ConstraintKind.PRIMARY_KEY, label)
    elif cursor.take("unique"):
        made = _key(cursor, ConstraintKind.UNIQUE, label)
    elif cursor.take("foreign", "key"):
        columns = tuple(item.name() or "" for item in cursor.parenthesised())
        made = _references(cursor, label, columns) if cursor.take("references") else None
    elif cursor.take("check"):
        first = cursor.at
        cursor.parenthesised()
        made = Constraint(ConstraintKind.CHECK, label, expression=cursor.between(first, cursor.at))
    elif cursor.take("exclude", "using") or cursor.take("exclude", "("):
        made = Constraint(ConstraintKind.EXCLUDE, label, expression=cursor.until(","))
    if made is None:
        if label or cursor.at != start:
            cursor.at = start
        return None
    first = cursor.at
    cursor.until(",")
    rest = [token.value for token in cursor.tokens[first : cursor.at]]
    if "valid" in rest and rest[max(rest.index("valid") - 1, 0)] == "not":
        return replace(made, valid=False)
    return made


def _key(cursor: Cursor, kind: ConstraintKind, label: str) -> Constraint:
    if cursor.take("using", "index"):
        return Constraint(kind, label, using_index=cursor.name() or "")
    cursor.take("nulls", "not", "distinct")
    cursor.take("nulls", "distinct")
    columns = tuple(item.name() or "" for item in cursor.parenthesised())
    return Constraint(kind, label, columns)
