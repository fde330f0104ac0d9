"""SQLAlchemy's table constraints and indexes, as a revision builds them, into facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from runcrew_lint.domains.migrations.facts import UNREAD, Constraint, ConstraintKind, Index, Relation
from runcrew_lint.domains.migrations.index_sql import elements
from runcrew_lint.domains.migrations.said import is_call, is_method, sql_default, text_or_empty
from runcrew_lint.domains.migrations.sql_words import quoted
from runcrew_lint.domains.migrations.values import (
    Built,
    Function,
    LocalClass,
    Member,
    OneOf,
    Template,
    Unknown,
    Value,
)
from runcrew_lint.patterns import lazily


def target_of(value: Value) -> tuple[Relation | None, str]:
    """The table and column that a foreign key's "schema.table.column" names."""
    if not isinstance(value, str):
        return None, ""
    parts = value.split(".")
    if len(parts) < 2:
        return Relation("", parts[0]), ""
    return Relation(parts[-3] if len(parts) > 2 else "", parts[-2]), parts[-1]


_CONSTRAINTS = {
    "PrimaryKeyConstraint": ConstraintKind.PRIMARY_KEY,
    "UniqueConstraint": ConstraintKind.UNIQUE,
    "ForeignKeyConstraint": ConstraintKind.FOREIGN_KEY,
    "CheckConstraint": ConstraintKind.CHECK,
    "ExcludeConstraint": ConstraintKind.EXCLUDE,
}
# Where a name stands among the arguments; the others take columns there.
_NAMED_AT = {ConstraintKind.FOREIGN_KEY: 2, ConstraintKind.CHECK: 1}


def is_constraint(value: Value) -> bool:
    """Whether the value is a table constraint of SQLAlchemy."""
    return isinstance(value, Built) and value.receiver is None and value.name in _CONSTRAINTS


def constraint_of(value: Built) -> Constraint:
    """The table constraint that a SQLAlchemy constraint describes; what is not known of it stays empty."""
    kind = _CONSTRAINTS[value.name]
    at = _NAMED_AT.get(kind, len(value.args))
    name = text_or_empty(value.args[at] if at < len(value.args) else value.kwargs.get("name"))
    valid = value.kwargs.get("postgresql_not_valid") is not True
    if kind in (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE):
        return Constraint(
            kind,
            name,
            _once(names_of(value.args)),
            nulls_not_distinct=value.kwargs.get("postgresql_nulls_not_distinct") is True,
            include=names_of(value.kwargs.get("postgresql_include")),
            **deferring(value.kwargs),
        )
    if kind is ConstraintKind.FOREIGN_KEY:
        first = value.args[0] if value.args else value.kwargs.get("columns")
        second = value.args[1] if len(value.args) > 1 else value.kwargs.get("refcolumns")
        targets = [target_of(each) for each in (second if isinstance(second, (list, tuple)) else ())]
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


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    """A key's columns as SQLAlchemy sends them: one that is named twice, once."""
    return tuple(name for at, name in enumerate(names) if not name or name not in names[:at])


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
    if isinstance(value, Built) and value.receiver is None and ".func." in value.path:
        return _called(value)
    return _column(value) if isinstance(value, Member) else text_or_empty(value)


def _column(value: Value) -> str:
    """The name of `Column("name")`, or as `table.c.name` says it; "" for anything else."""
    if isinstance(value, Member):
        return value.name if isinstance(value.of, Member) and value.of.name in ("c", "columns") else ""
    return text_or_empty(value.args[0]) if is_call(value, "Column", "column") and value.args else ""


def _called(call: Built) -> str:
    """A function of columns and constants, as an index has it for its key; "" where a part is not known."""
    given = [quoted(name) if (name := _column(each)) else sql_default(each) for each in call.args]
    known = [each for each in given if each and each != UNREAD]
    whole = known and len(known) == len(given) and not call.kwargs
    return f"{call.path.partition('.func.')[2]}({', '.join(known)})" if whole else ""


_DIRECTION = lazily(r"\s+((?:asc|desc)?(?:\s*nulls\s+(?:first|last))?)\s*\Z", re.IGNORECASE)


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


def _listed(value: Value) -> list[tuple[str, str]]:
    """The keys that a `text()` lists, if it is one that is known: SQL, with classes and directions in it."""
    text = value.args[0] if is_call(value, "text") and value.args else None
    return elements(text) if isinstance(text, str) else []


def index_of(keys: Value, kwargs: dict[str, Value]) -> Index:
    """What an index's keyword arguments say about it."""
    classes = kwargs.get("postgresql_ops")
    listed = keys if isinstance(keys, (list, tuple)) else (keys,) if isinstance(keys, (str, Built)) else ()
    pairs = [pair for each in listed for pair in (_listed(each) or [_ordered(each, classes)])]
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
