"""SQLAlchemy's columns, constraints and indexes, as a revision builds them, into facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from runcrew_lint.domains.migrations.facts import UNREAD, Column, Constraint, ConstraintKind, Index, Relation
from runcrew_lint.domains.migrations.naming import LONGEST, cut
from runcrew_lint.domains.migrations.types import INTEGERS, from_value
from runcrew_lint.domains.migrations.values import (
    REST,
    Built,
    Function,
    LocalClass,
    Member,
    OneOf,
    Symbol,
    Template,
    Unclear,
    Unknown,
    Value,
    unknown_of,
)
from runcrew_lint.text import Span

Place = Callable[[Any], Span]


def is_call(value: Value, *names: str) -> bool:
    """Whether the value is a call of one of SQLAlchemy's names."""
    return isinstance(value, Built) and value.receiver is None and value.name in names


def text_of(value: Value, what: str) -> str:
    """A name or text that must be known.

    Errors:
        Unclear where it is not.
    """
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Built) and (known := text_or_empty(value)):
        return known
    unknown = unknown_of(value)
    raise Unclear(what, unknown.why if unknown else "it is not a text")


def text_or_empty(value: Value) -> str:
    """A name that may be absent or unknown: "" then."""
    while not isinstance(value, str):
        if not isinstance(value, Built) or value.receiver is not None:
            return ""
        if value.name not in _NAMES or not value.args:
            return ""
        value = value.args[0]
    return str(value)


_NAMES = frozenset({"quoted_name", "literal_column", "text", "column", "Identifier"})


def picked(value: Value) -> Value:
    """A name that `op.f` marks as one that SQLAlchemy has picked."""
    return cut(str(value)) if isinstance(value, str) and len(value) > LONGEST else value


def is_unknown(value: Value) -> bool:
    """Whether the value may be anything, None included."""
    if isinstance(value, (Built, Symbol)):
        return not value.path.startswith(("sqlalchemy.", "."))
    return isinstance(value, (Unknown, OneOf, Member))


def sql_default(value: Value) -> str | None:
    """The SQL that a `server_default=` renders as; None for none, UNREAD for one that can't be read."""
    if value is None:
        return None
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, Symbol):
        # Naming without calling: func.now is a generator, but sa.true is a function all the same.
        return UNREAD
    if isinstance(value, Built):
        return _rendered(value)
    return UNREAD


def _rendered(value: Built) -> str | None:
    if value.name in ("text", "literal_column", "DefaultClause", "TextClause") and value.args:
        inner = value.args[0]
        if value.name == "DefaultClause":
            return sql_default(inner)
        return str(inner).strip() if isinstance(inner, str) else UNREAD
    if value.name == "FetchedValue":
        return None  # it tells the ORM that a trigger fills the column; no DEFAULT is rendered
    if value.name in ("true", "false", "null") and value.path.startswith("sqlalchemy."):
        return value.name
    if ".func." in value.path and value.receiver is None and not value.kwargs:
        given = [sql_default(each) for each in value.args]
        known = [each for each in given if each is not None and each != UNREAD]
        return f"{value.name}({', '.join(known)})" if len(known) == len(given) else UNREAD
    if value.path.endswith("inline_literal") and value.args:
        return sql_default(value.args[0])
    return UNREAD


def column_of(
    value: Value, place: Place, keys: frozenset[str] = frozenset()
) -> tuple[Column, list[Constraint]]:
    """The column that a `sa.Column(...)` describes, and the constraints it brings along.

    `keys` are the columns of the table's primary key, as far as the column does not say so itself.

    Errors:
        Unclear where the value is no such call, or the column's name is not known.
    """
    while is_method(value, "copy", "_copy"):
        value = value.receiver
    if not isinstance(value, Built) or value.receiver is not None or not _is_column(value):
        unknown = unknown_of(value)
        why = unknown.why if unknown else "it is no Column(...) that can be read"
        raise Unclear("the column", why)
    kwargs = value.kwargs
    rest = kwargs.get(REST)
    given_type = kwargs.get("type_")
    items: list[Value] = []
    named: Value = _MISSING
    for arg in value.args:
        if type(arg) is Built and arg.receiver is None and arg.name in _ITEMS:
            items.append(arg)
        elif named is _MISSING and not items:
            named = arg
        elif given_type is None:
            given_type = arg
    if named is _MISSING:
        named = kwargs.get("name", rest)
    name = text_of(named, "the column's name")
    fields = _attributes(kwargs, given_type, rest)
    constraints = _column_items(name, items, fields) if items else []
    is_key = fields.get("primary_key") or name in keys
    if is_key:
        if "nullable" not in kwargs:
            fields["nullable"] = False
        if _is_serial(fields, kwargs.get("autoincrement", "auto"), constraints, len(keys) > 1):
            fields["serial"] = True
    if fields.get("unique") and not fields.get("index"):  # with index=True the index is what is unique
        constraints.append(Constraint(ConstraintKind.UNIQUE, columns=(name,)))
    return Column(name, span=place(value.node), **fields), constraints


_MISSING = Unknown("the argument is missing")


def is_method(value: Value, *names: str) -> bool:
    """Whether the value is a call of one of these methods on something built."""
    return isinstance(value, Built) and value.receiver is not None and value.name in names


def _is_column(value: Built) -> bool:
    name = value.name
    return name == "Column" or name.lower() in ("column", "mapped_column") or name.endswith("Column")


_ITEMS = frozenset(
    """
    ForeignKey ForeignKeyConstraint CheckConstraint UniqueConstraint PrimaryKeyConstraint
    Identity Computed Sequence DefaultClause FetchedValue ColumnDefault
    """.split()  # noqa: SIM905 - a long list of words reads better so
)


def _attributes(kwargs: Mapping[str, Value], given_type: Value, rest: Value) -> dict[str, Any]:
    """The fields of a column that its type and keyword arguments say; the others keep their defaults."""
    unknown: list[str] = []
    fields: dict[str, Any] = {}
    if given_type is not None:
        fields["type"] = from_value(given_type)
        if not fields["type"]:
            unknown.append("type")
    for name in _FLAGS if rest is not None else [each for each in kwargs if each in _FLAGS]:
        value = kwargs.get(name, rest)
        if isinstance(value, (bool, int)):
            fields[name] = bool(value)
        elif value is not None:
            unknown.append(name)
    default = kwargs.get("server_default", rest)
    if default is not None:
        if is_unknown(default):
            unknown.append("default")
        elif is_call(default, "Identity"):
            fields["identity"] = True
        elif is_call(default, "Computed"):
            fields["generated"] = text_or_empty(default.args[0] if default.args else "")
            fields["virtual"] = default.kwargs.get("persisted") is False
        else:
            fields["default"] = sql_default(default)
    if kwargs.get("default") is not None or kwargs.get("insert_default") is not None:
        fields["python_default"] = True
    comment = kwargs.get("comment", rest)
    if isinstance(comment, str):
        fields["comment"] = str(comment)
    elif comment is not None:
        unknown.append("comment")
    if unknown:
        fields["unknown"] = tuple(unknown)
    return fields


_FLAGS = ("nullable", "primary_key", "unique", "index")


def _column_items(name: str, items: Iterable[Any], fields: dict[str, Any]) -> list[Constraint]:
    constraints = []
    for item in items:
        kind = item.name
        if kind == "ForeignKey":
            references, referred = _target(item.args[0] if item.args else item.kwargs.get("column"))
            fields["references"] = references
            constraints.append(
                Constraint(
                    ConstraintKind.FOREIGN_KEY,
                    text_or_empty(item.kwargs.get("name")),
                    (name,),
                    references,
                    (referred,) if referred else (),
                    on_delete=text_or_empty(item.kwargs.get("ondelete")).lower(),
                    on_update=text_or_empty(item.kwargs.get("onupdate")).lower(),
                    **deferring(item.kwargs),
                )
            )
        elif kind == "Identity":
            fields["identity"] = True
            fields["nullable"] = False
        elif kind == "Computed":
            fields["generated"] = text_or_empty(item.args[0] if item.args else item.kwargs.get("sqltext"))
            fields["virtual"] = item.kwargs.get("persisted") is False
        elif kind == "CheckConstraint":
            constraints.append(constraint_of(item))
        elif kind == "DefaultClause":
            fields["default"] = sql_default(item)
        elif kind in ("Sequence", "ColumnDefault"):
            fields["python_default"] = True
    return constraints


def _target(value: Value) -> tuple[Relation | None, str]:
    """The table and column that a foreign key's "schema.table.column" names."""
    if not isinstance(value, str):
        return None, ""
    parts = value.split(".")
    if len(parts) < 2:
        return Relation("", parts[0]), ""
    return Relation(parts[-3] if len(parts) > 2 else "", parts[-2]), parts[-1]


def _is_serial(
    fields: dict[str, Any], autoincrement: Value, constraints: list[Constraint], shared: bool
) -> bool:
    """Whether a key column is rendered as SERIAL: SQLAlchemy's "autoincrement" of `Column`.

    An integer that is the whole primary key is, unless a default, a foreign key or its writer says
    otherwise; of a key that several columns share, only one that asks for it.
    """
    if fields.get("type") not in INTEGERS:
        return False
    if fields.get("default") is not None or fields.get("identity") or fields.get("generated") is not None:
        return False
    foreign = any(each.kind is ConstraintKind.FOREIGN_KEY for each in constraints)
    return autoincrement in (True, "ignore_fk") or (autoincrement == "auto" and not foreign and not shared)


_CONSTRAINTS = {
    "PrimaryKeyConstraint": ConstraintKind.PRIMARY_KEY,
    "UniqueConstraint": ConstraintKind.UNIQUE,
    "ForeignKeyConstraint": ConstraintKind.FOREIGN_KEY,
    "CheckConstraint": ConstraintKind.CHECK,
    "ExcludeConstraint": ConstraintKind.EXCLUDE,
}


def is_constraint(value: Value) -> bool:
    """Whether the value is a table constraint of SQLAlchemy."""
    return isinstance(value, Built) and value.receiver is None and value.name in _CONSTRAINTS


def constraint_of(value: Built) -> Constraint:
    """The table constraint that a SQLAlchemy constraint describes; what is not known of it stays empty."""
    kind = _CONSTRAINTS[value.name]
    name = text_or_empty(value.kwargs.get("name"))
    valid = value.kwargs.get("postgresql_not_valid") is not True
    if kind in (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE):
        return Constraint(
            kind,
            name,
            names_of(value.args),
            nulls_not_distinct=value.kwargs.get("postgresql_nulls_not_distinct") is True,
            include=names_of(value.kwargs.get("postgresql_include")),
            **deferring(value.kwargs),
        )
    if kind is ConstraintKind.FOREIGN_KEY:
        first = value.args[0] if value.args else value.kwargs.get("columns")
        second = value.args[1] if len(value.args) > 1 else value.kwargs.get("refcolumns")
        targets = [_target(each) for each in (second if isinstance(second, (list, tuple)) else ())]
        return Constraint(
            kind,
            name,
            names_of(first),
            targets[0][0] if targets else None,
            tuple(referred for _, referred in targets),
            valid=valid,
            on_delete=text_or_empty(value.kwargs.get("ondelete")).lower(),
            on_update=text_or_empty(value.kwargs.get("onupdate")).lower(),
            **deferring(value.kwargs),
        )
    expression = text_or_empty(value.args[0] if value.args else value.kwargs.get("sqltext"))
    return Constraint(kind, name, expression=expression, valid=valid)


def deferring(kwargs: Mapping[str, Value]) -> dict[str, Any]:
    """The fields of DEFERRABLE and INITIALLY, from SQLAlchemy's `deferrable=` and `initially=`."""
    deferred = text_or_empty(kwargs.get("initially")).lower() == "deferred"
    return {"deferrable": deferred or kwargs.get("deferrable") is True, "deferred": deferred}


def names_of(value: Value) -> tuple[str, ...]:
    """The column names or expression texts of a list; "" for one that is not known."""
    if not isinstance(value, (list, tuple)):
        return (key_of(value),) if isinstance(value, (str, Built)) else ()
    return tuple(key_of(each) for each in value)


def key_of(value: Value) -> str:
    """One index or constraint key: a column's name or an expression's text, "" where it is not known."""
    while is_method(value, "desc", "asc", "nullslast", "nullsfirst", "nulls_last", "nulls_first"):
        value = value.receiver
    if isinstance(value, Built) and value.name in ("desc", "asc", "nullslast", "nullsfirst") and value.args:
        return key_of(value.args[0])
    if isinstance(value, Template):
        return ""
    return text_or_empty(value)


_DIRECTION = re.compile(r"\s+((?:asc|desc)?(?:\s*nulls\s+(?:first|last))?)\s*\Z", re.IGNORECASE)
_WORDS = {"nullsfirst": "nulls first", "nullslast": "nulls last"}


def _ordered(value: Value, classes: Value) -> tuple[str, str]:
    """An index key, and what it says beside itself: its operator class and direction."""
    words: list[str] = []
    while isinstance(value, Built):
        name = value.name.replace("nulls_", "nulls")
        if name not in ("desc", "asc", "nullslast", "nullsfirst"):
            break
        words.insert(0, _WORDS.get(name, name))
        value = value.receiver if value.receiver is not None else next(iter(value.args), None)
    key = key_of(value)
    found = _DIRECTION.search(key) if isinstance(value, Built) else None
    if found and found[1]:
        words.append(" ".join(found[1].lower().split()))
        key = key[: found.start()].strip()
    named = classes.get(key) if isinstance(classes, dict) else None
    return key, " ".join([*([str(named)] if isinstance(named, str) else []), *words])


def index_of(keys: Value, kwargs: dict[str, Value]) -> Index:
    """What an index's keyword arguments say about it."""
    classes = kwargs.get("postgresql_ops")
    listed = keys if isinstance(keys, (list, tuple)) else (keys,) if isinstance(keys, (str, Built)) else ()
    pairs = [_ordered(each, classes) for each in listed]
    return Index(
        tuple(key for key, _ in pairs),
        kwargs.get("unique") is True,
        text_or_empty(kwargs.get("postgresql_using")),
        text_or_empty(kwargs.get("postgresql_where")),
        names_of(kwargs.get("postgresql_include")),
        ordering=tuple(words for _, words in pairs) if any(words for _, words in pairs) else (),
        nulls_not_distinct=kwargs.get("postgresql_nulls_not_distinct") is True,
    )


def described(value: Value) -> bool:
    """Whether the value can be part of a table: a column, a constraint, an index."""
    return not isinstance(value, (Function, LocalClass, Unknown, OneOf, Template))
