"""SQLAlchemy's columns, as a revision builds them, into facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from runcrew_lint.domains.migrations.facts import Column, Constraint, ConstraintKind
from runcrew_lint.domains.migrations.said import (
    is_call,
    is_method,
    is_unknown,
    sql_default,
    text_of,
    text_or_empty,
)
from runcrew_lint.domains.migrations.sql_words import quoted
from runcrew_lint.domains.migrations.table_parts import constraint_of, deferring, target_of
from runcrew_lint.domains.migrations.types import INTEGERS, from_value
from runcrew_lint.domains.migrations.values import (
    REST,
    Built,
    Unclear,
    Unknown,
    Value,
    unknown_of,
)
from runcrew_lint.text import Span

Place = Callable[[Any], Span]


def column_of(
    value: Value, place: Place, keys: frozenset[str] = frozenset(), foreign: frozenset[str] = frozenset()
) -> tuple[Column, list[Constraint]]:
    """The column that a `sa.Column(...)` describes, and the constraints it brings along.

    `keys` are the columns of the table's primary key, and `foreign` those of its foreign keys, as far as the
    column does not say so itself.

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
    if type(given_type) is Built and given_type.kwargs.get("create_constraint") is True:
        constraints += _of_its_type(name, given_type)
    is_key = fields.get("primary_key") or name in keys
    if is_key:
        if "nullable" not in kwargs:
            fields["nullable"] = False
        points = name in foreign or any(each.kind is ConstraintKind.FOREIGN_KEY for each in constraints)
        if _is_serial(fields, kwargs.get("autoincrement", "auto"), foreign=points, shared=len(keys) > 1):
            fields["serial"] = True
            fields.pop("default", None)
    if fields.get("unique") and not fields.get("index"):  # with index=True the index is what is unique
        constraints.append(Constraint(ConstraintKind.UNIQUE, columns=(name,)))
    return Column(name, span=place(value.node), **fields), constraints


def _of_its_type(column: str, given: Built) -> list[Constraint]:
    """The CHECK that SQLAlchemy gives a column of an enum that is no type of the server."""
    labels = [each for each in given.args if isinstance(each, str)]
    if given.name != "Enum" or given.kwargs.get("native_enum") is not False or len(labels) < len(given.args):
        return []
    among = ", ".join("'" + each.replace("'", "''") + "'" for each in labels)
    name = text_or_empty(given.kwargs.get("name"))
    return [Constraint(ConstraintKind.CHECK, name, expression=f"{quoted(column)} IN ({among})")]


_MISSING = Unknown("the argument is missing")


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
            references, referred = target_of(item.args[0] if item.args else item.kwargs.get("column"))
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


def _is_serial(fields: dict[str, Any], autoincrement: Value, *, foreign: bool, shared: bool) -> bool:
    """Whether a key column is rendered as SERIAL: SQLAlchemy's "autoincrement" of `Column`.

    An integer that is the whole primary key is, unless a default, a foreign key or its writer says
    otherwise; of a key that several columns share, only one that asks for it. One that asks for it by True
    is SERIAL with a `server_default`, too, which is left out then.
    """
    if fields.get("type") not in INTEGERS or fields.get("python_default"):
        return False
    if fields.get("identity") or fields.get("generated") is not None:
        return False
    if autoincrement is True:
        return True
    alone = autoincrement == "ignore_fk" or (autoincrement == "auto" and not foreign and not shared)
    return alone and fields.get("default") is None
