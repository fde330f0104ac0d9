"""Types, enums and domains as operations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runcrew_lint.documents.sql_cursor import Cursor
from runcrew_lint.domains.migrations.column_sql import (
    clauses,
    collation,
    column,
    table_constraint,
    type_text,
)
from runcrew_lint.domains.migrations.facts import (
    Column,
    Constraint,
    ConstraintKind,
    Kind,
    Operation,
    Relation,
)
from runcrew_lint.domains.migrations.relation_sql import is_cascade, name_of, options, relation
from runcrew_lint.domains.migrations.types import SERIALS
from runcrew_lint.domains.migrations.values import HOLE, Unclear


def create_type(cursor: Cursor) -> Operation:
    """Go past CREATE TYPE name: an enum, a composite, a range or a type of its own.

    Errors:
        Unclear where its name is not known.
    """
    name = str(relation(cursor, "the type"))
    if not cursor.take("as"):
        given = options(cursor)
        return Operation(Kind.CREATE_TYPE, cursor.span, name=name, words="base", options=given)
    if cursor.take("enum"):
        labels = tuple(item.text() or "" for item in cursor.parenthesised())
        return Operation(Kind.CREATE_TYPE, cursor.span, name=name, words="enum", values=labels)
    if cursor.take("range"):
        return Operation(Kind.CREATE_TYPE, cursor.span, name=name, words="range", options=options(cursor))
    columns = tuple(column(item)[0] for item in cursor.parenthesised())
    return Operation(Kind.CREATE_TYPE, cursor.span, name=name, words="composite", columns=columns)


def alter_type(cursor: Cursor) -> Iterator[Operation]:
    """What ALTER TYPE does, an operation an action.

    Errors:
        Unclear where the type, or what is done to it, is not known.
    """
    named = relation(cursor, "the type")
    name = str(named)
    if cursor.take("add", "value"):
        yield _add_value(cursor, name)
    elif cursor.take("rename", "value"):
        old = _label(cursor)
        cursor.take("to")
        values = (old, _label(cursor))
        yield Operation(Kind.ALTER_ENUM, cursor.span, name=name, words="rename value", values=values)
    elif moved := _moved(cursor, named):
        words, target = moved
        yield Operation(Kind.ALTER_TYPE_OBJECT, cursor.span, name=name, words=words, target=target)
    elif cursor.take("owner", "to"):
        yield Operation(Kind.ALTER_TYPE_OBJECT, cursor.span, name=name, words="owner to")
    elif cursor.take("set"):
        given = options(cursor)
        yield Operation(Kind.ALTER_TYPE_OBJECT, cursor.span, name=name, words="set", options=given)
    elif cursor.take("rename", "attribute"):
        old_column = Column(name_of(cursor, "the attribute"))
        cursor.take("to")
        yield Operation(
            Kind.ALTER_TYPE_OBJECT,
            cursor.span,
            name=name,
            words="rename attribute",
            columns=(old_column,),
            target=Relation("", name_of(cursor, "the new name")),
            cascade=is_cascade(cursor),
        )
    else:
        yield from _attributes(cursor, name)


def _add_value(cursor: Cursor, name: str) -> Operation:
    exists = cursor.take("if", "not", "exists")
    label = _label(cursor)
    where = cursor.take_one("before", "after")
    given = ((where, _label(cursor)),) if where else ()
    return Operation(
        Kind.ALTER_ENUM,
        cursor.span,
        name=name,
        words="add value",
        values=(label,),
        options=given,
        if_exists=exists,
    )


def _label(cursor: Cursor) -> str:
    label = cursor.text()
    if label is None:
        raise Unclear("the label", "the SQL names none that can be read")
    if HOLE in label:
        raise Unclear("the label", "it is put together when the revision runs")
    return label


def _moved(cursor: Cursor, named: Relation) -> tuple[str, Relation] | None:
    """RENAME TO and SET SCHEMA: the words and the place afterwards; None, and nowhere, for anything else."""
    if cursor.take("rename", "to"):
        return "rename to", Relation(named.schema, name_of(cursor, "the new name"))
    if cursor.take("set", "schema"):
        return "set schema", Relation(name_of(cursor, "the schema"), named.name)
    return None


def _attributes(cursor: Cursor, name: str) -> Iterator[Operation]:
    part = 0
    while True:
        word = cursor.take_one("add", "drop", "alter")
        if not word or not cursor.take("attribute"):
            raise Unclear("the change", "the action of ALTER TYPE is not known")
        exists = word == "drop" and cursor.take("if", "exists")
        told = Column(name_of(cursor, "the attribute"))
        if word != "drop":
            cursor.take("set", "data")
            cursor.take("type")
            told = Column(told.name, type=type_text(cursor), collation=collation(cursor))
        yield Operation(
            Kind.ALTER_TYPE_OBJECT,
            cursor.span,
            name=name,
            part=part,
            words=f"{word} attribute",
            columns=(told,),
            if_exists=exists,
            cascade=is_cascade(cursor),
        )
        part += 1
        if not cursor.take(","):
            return


def create_domain(cursor: Cursor) -> Operation:
    """Go past CREATE DOMAIN name: `columns` has one without a name that bears its type.

    Errors:
        Unclear where its name is not known.
    """
    name = str(relation(cursor, "the domain"))
    cursor.take("as")
    base = type_text(cursor)
    constraints: list[Constraint] = []
    fields: dict[str, Any] = {"type": SERIALS.get(base, base), "unknown": () if base else ("type",)}
    fields = clauses(cursor, "", constraints, fields)
    told = Column("", **fields)
    return Operation(
        Kind.CREATE_DOMAIN, cursor.span, name=name, columns=(told,), constraints=tuple(constraints)
    )


def alter_domain(cursor: Cursor) -> Iterator[Operation]:
    """What ALTER DOMAIN does; the constraint that it is about stands in `constraints`.

    Errors:
        Unclear where the domain, or what is done to it, is not known.
    """
    named = relation(cursor, "the domain")
    yield Operation(Kind.ALTER_DOMAIN, cursor.span, name=str(named), **_domain_action(cursor, named))


def _domain_action(cursor: Cursor, named: Relation) -> dict[str, Any]:
    moved = _moved(cursor, named)
    if moved:
        return {"words": moved[0], "target": moved[1]}
    if cursor.take("set", "default"):
        return {"words": "set default", "columns": (Column("", default=cursor.until()),)}
    for words in ("drop default", "set not null", "drop not null", "owner to"):
        if cursor.take(*words.split()):
            return {"words": words}
    if cursor.take("add"):
        constraint = table_constraint(cursor) if not _adds_not_null(cursor) else None
        made = constraint or _not_null(cursor)
        return {"words": "add constraint", "constraints": (made,)}
    for words in ("drop constraint", "validate constraint", "rename constraint"):
        if cursor.take(*words.split()):
            exists = cursor.take("if", "exists")
            about = Constraint(ConstraintKind.CHECK, name_of(cursor, "the constraint"))
            fields: dict[str, Any] = {"words": words, "constraints": (about,), "if_exists": exists}
            if cursor.take("to"):
                fields["target"] = Relation("", name_of(cursor, "the new name"))
            return fields | {"cascade": is_cascade(cursor)}
    raise Unclear("the change", "the action of ALTER DOMAIN is not known")


def _adds_not_null(cursor: Cursor) -> bool:
    """Whether the constraint is NOT NULL, which for a domain names no column."""
    start = cursor.at
    if cursor.take("constraint"):
        cursor.name()
    found = cursor.take("not", "null")
    cursor.at = start
    return found


def _not_null(cursor: Cursor) -> Constraint:
    label = (cursor.name() or "") if cursor.take("constraint") else ""
    if not cursor.take("not", "null"):
        raise Unclear("the constraint", "the SQL can't be read as ADD CONSTRAINT")
    return Constraint(ConstraintKind.NOT_NULL, label)
