"""Column definitions and table constraints as CREATE TABLE and ALTER TABLE write them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from runcrew_lint.documents.sql_cursor import Cursor
from runcrew_lint.domains.migrations.facts import Column, Constraint, ConstraintKind
from runcrew_lint.domains.migrations.relation_sql import name_of, names, options, relation
from runcrew_lint.domains.migrations.types import SERIALS, from_sql
from runcrew_lint.domains.migrations.values import HOLE, Unclear

_STOPS = (
    *("not", "null", "default", "primary", "unique", "references", "check", "constraint", "generated"),
    *("collate", "deferrable", "initially", "storage", "compression", "using", "options", "with", ","),
    *("enforced", "no", "cascade", "restrict"),
)


def type_text(cursor: Cursor) -> str:
    """Go past a type, in PostgreSQL's spelling; "" where a part of it is not known."""
    first = cursor.at
    cursor.name()  # a type may be called like a word that ends one
    cursor.until(*_STOPS)
    if cursor.take("with", "time", "zone"):
        cursor.until(*_STOPS)
    text = cursor.between(first, cursor.at)
    if "--" in text or "/*" in text:  # comments between its words
        words = (cursor.between(at, at + 1) for at in range(first, cursor.at))
        text = " ".join(words).replace("[ ", "[").replace(" ]", "]")
    return "" if HOLE in text else from_sql(text)


def collation(cursor: Cursor) -> str:
    """Go past COLLATE and its name; "" where none stands here."""
    return ".".join(cursor.dotted()) if cursor.take("collate") else ""


def column(cursor: Cursor) -> tuple[Column, list[Constraint]]:
    """Go past a column's definition: the column, and the constraints that it brings along.

    Errors:
        Unclear where its name is not known.
    """
    name = name_of(cursor, "the column")
    token = cursor.token
    bare = token is None or (token.kind != "name" and token.value in _STOPS)
    kind = "" if bare else type_text(cursor)
    fields: dict[str, Any] = {"type": kind}
    if kind in SERIALS:
        fields |= {"type": SERIALS[kind], "serial": True, "nullable": False}
    elif not kind and not bare:
        fields["unknown"] = ("type",)
    constraints: list[Constraint] = []
    return Column(name, **clauses(cursor, name, constraints, fields)), constraints


def clauses(
    cursor: Cursor, name: str, constraints: list[Constraint], before: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Go past what stands behind a column's or domain's type: its attributes; constraints are added.

    Errors:
        Unclear where a part of it is not known.
    """
    fields: dict[str, Any] = dict(before or {})
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
    return fields


def _clause(
    cursor: Cursor, name: str, label: str, fields: dict[str, Any], constraints: list[Constraint]
) -> None:
    if cursor.take("not", "null"):
        fields["nullable"] = False
        if label:
            constraints.append(Constraint(ConstraintKind.NOT_NULL, label, (name,)))
        if cursor.take("no", "inherit") and label:
            constraints[-1] = replace(constraints[-1], no_inherit=True)
    elif cursor.take("null"):
        fields["nullable"] = True
    elif cursor.take("default"):
        fields["default"] = _default(cursor)
    elif cursor.take("primary", "key"):
        fields |= {"primary_key": True, "nullable": False}
        constraints.append(Constraint(ConstraintKind.PRIMARY_KEY, label, (name,)))
        _index_parameters(cursor)
    elif cursor.take("unique"):
        distinct = _nulls_not_distinct(cursor)
        fields["unique"] = True
        constraints.append(Constraint(ConstraintKind.UNIQUE, label, (name,), nulls_not_distinct=distinct))
        _index_parameters(cursor)
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
        _generated(cursor, fields)
    elif cursor.take("collate"):
        fields["collation"] = ".".join(cursor.dotted())
    elif cursor.take_one("storage", "compression"):
        cursor.name()
    elif cursor.take_one("options"):
        cursor.parenthesised()
    elif constraints and (attributes := _attributes(cursor)):
        constraints[-1] = replace(constraints[-1], **attributes)
    elif cursor.take("with", "options"):
        return


def _default(cursor: Cursor) -> str:
    first = cursor.at
    cursor.take("null")
    while True:
        cursor.until(*_STOPS)
        if not cursor.take("with", "time", "zone"):  # of a cast, where WITH ends nothing
            return cursor.between(first, cursor.at)


def _generated(cursor: Cursor, fields: dict[str, Any]) -> None:
    if cursor.take("always", "as", "(") or cursor.take("as", "("):
        cursor.at -= 1
        first = cursor.at
        cursor.parenthesised()
        fields["generated"] = cursor.between(first, cursor.at)
        # Without a word it is virtual, from 18 on; before, the server refuses it.
        fields["virtual"] = cursor.take_one("stored", "virtual") != "stored"
        return
    cursor.until("identity")
    cursor.take("identity")
    cursor.parenthesised()
    fields |= {"identity": True, "nullable": False}


def _references(cursor: Cursor, label: str, columns: tuple[str, ...]) -> Constraint:
    table = relation(cursor, "the referenced table")
    referred = _keyed(cursor)
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
                action = " ".join(cursor.between(first, cursor.at).lower().split())
                cursor.parenthesised()
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


def _keyed(cursor: Cursor) -> tuple[str, ...]:
    """Go past a list of columns, of which the last may be a PERIOD."""
    found = []
    for item in cursor.parenthesised():
        if len(item.tokens) > 1:
            item.take("period")
        found.append(item.name() or "")
    return tuple(found)


def table_constraint(cursor: Cursor) -> Constraint | None:
    """Go past a table constraint; None, and nowhere, where none stands here."""
    start = cursor.at
    if cursor.word not in _HEADS:
        return None
    label = (cursor.name() or "") if cursor.take("constraint") else ""
    label = "" if HOLE in label else label
    made = _named(cursor, label)
    if made is None:
        cursor.at = start
        return None
    while cursor.token is not None and cursor.token.value != ",":
        attributes = _attributes(cursor)
        if attributes:
            made = replace(made, **attributes)
        else:
            cursor.at += 1
    return made


_HEADS = frozenset({"constraint", "primary", "unique", "foreign", "check", "exclude", "not"})


def _named(cursor: Cursor, label: str) -> Constraint | None:
    if cursor.take("primary", "key"):
        return _key(cursor, ConstraintKind.PRIMARY_KEY, label)
    if cursor.take("unique"):
        return _key(cursor, ConstraintKind.UNIQUE, label)
    if cursor.take("foreign", "key"):
        columns = _keyed(cursor)
        return _references(cursor, label, columns) if cursor.take("references") else None
    if cursor.take("check"):
        first = cursor.at
        cursor.parenthesised()
        return Constraint(ConstraintKind.CHECK, label, expression=cursor.between(first, cursor.at))
    if cursor.take("not", "null"):
        return Constraint(ConstraintKind.NOT_NULL, label, (name_of(cursor, "the column"),))
    if cursor.take("exclude"):
        return _exclude(cursor, label)
    return None


def _attributes(cursor: Cursor) -> dict[str, Any]:
    """Go past one attribute of a constraint, where one stands here: the fields that it sets."""
    if cursor.take("not", "valid"):
        return {"valid": False}
    if cursor.take("not", "deferrable"):
        return {"deferrable": False}
    if cursor.take("deferrable"):
        return {"deferrable": True}
    if cursor.take("initially", "deferred"):
        return {"deferrable": True, "deferred": True}
    if cursor.take("initially", "immediate"):
        return {"deferred": False}
    if cursor.take("not", "enforced"):
        return {"enforced": False, "valid": False}
    if cursor.take("enforced"):
        return {"enforced": True}
    if cursor.take("no", "inherit"):
        return {"no_inherit": True}
    return {}


def _nulls_not_distinct(cursor: Cursor) -> bool:
    if cursor.take("nulls", "not", "distinct"):
        return True
    cursor.take("nulls", "distinct")
    return False


def _index_parameters(cursor: Cursor) -> tuple[str, ...]:
    """Go past what a key says of its index: the columns of INCLUDE."""
    include: tuple[str, ...] = ()
    while True:
        if cursor.take("include"):
            include = names(cursor)
        elif cursor.take("with", "("):
            cursor.at -= 1
            options(cursor)
        elif cursor.take("using", "index", "tablespace"):
            cursor.name()
        else:
            return include


def _key(cursor: Cursor, kind: ConstraintKind, label: str) -> Constraint | None:
    if cursor.take("using", "index"):
        return Constraint(kind, label, using_index=name_of(cursor, "the index"))
    distinct = _nulls_not_distinct(cursor)
    if cursor.token is None or cursor.token.value != "(":
        return None
    columns = names(cursor)
    return Constraint(kind, label, columns, nulls_not_distinct=distinct, include=_index_parameters(cursor))


def _exclude(cursor: Cursor, label: str) -> Constraint | None:
    first = cursor.at
    if cursor.take("using"):
        cursor.name()
    if cursor.token is None or cursor.token.value != "(":
        return None
    elements = cursor.parenthesised()
    columns = tuple(
        item.tokens[0].value
        for item in elements
        if item.tokens[0].kind in ("word", "name") and item.tokens[1:2] and item.tokens[1].value != "("
    )
    include = _index_parameters(cursor)
    if cursor.take("where"):
        cursor.parenthesised()
    expression = cursor.between(first, cursor.at)
    expression = expression[len("using") :].lstrip() if expression[:5].lower() == "using" else expression
    return Constraint(ConstraintKind.EXCLUDE, label, columns, expression=expression, include=include)
