"""Column types in one spelling, the one that PostgreSQL's format_type prints."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from runcrew_lint.domains.migrations.own_types import stood_for
from runcrew_lint.domains.migrations.quoting import quoted
from runcrew_lint.domains.migrations.values import Built, Instance, LocalClass, Symbol, Value
from runcrew_lint.patterns import lazily
from runcrew_lint.text import number_of

# PostgreSQL's aliases: "Data Types", table 8.1 of its manual.
_ALIASES = {
    "int": "integer",
    "int4": "integer",
    "int8": "bigint",
    "int2": "smallint",
    "bool": "boolean",
    "varchar": "character varying",
    "char varying": "character varying",
    "char": "character",
    "bpchar": "character",
    "nchar": "character",
    "national char": "character",
    "national character": "character",
    "nchar varying": "character varying",
    "national char varying": "character varying",
    "national character varying": "character varying",
    "decimal": "numeric",
    "dec": "numeric",
    "float": "double precision",
    "float8": "double precision",
    "float4": "real",
    "varbit": "bit varying",
}
SERIALS = {
    "serial": "integer",
    "serial4": "integer",
    "bigserial": "bigint",
    "serial8": "bigint",
    "smallserial": "smallint",
    "serial2": "smallint",
}
INTEGERS = frozenset({"integer", "bigint", "smallint"})

_SHAPE = lazily(r"([^(\[]+)(?:\(([^)]*)\))?([^\[(]*)((?:\[\d*\]\s*)*)\Z")
_ARRAY = lazily(r" array(?:\s*\[\d*\])?\Z", re.IGNORECASE)
# pg_type's own names, which a dump with all names quoted writes so; "char" is another type.
_QUOTED = frozenset(
    """
    bool bpchar bytea cidr date float4 float8 inet int2 int4 int8 interval json jsonb money name numeric
    oid text time timestamp timestamptz timetz tsquery tsvector uuid varbit varchar xml
    """.split()  # noqa: SIM905 - a long list of words reads better so
)
_ZONED = {"timestamptz": "timestamp", "timetz": "time"}


def from_sql(text: str) -> str:
    """A type's text in PostgreSQL's own spelling; quoted and qualified names of others stay as they are."""
    plain = " ".join(text.split())
    suffix = _ARRAY.search(plain)
    array = suffix is not None
    shape = _SHAPE.match(plain[: suffix.start()] if suffix else plain)
    if shape is None:
        return plain
    name, args = shape[1].strip(), re.sub(r"\s+", "", shape[2] or "")
    name = name if '"' in name else name.lower()
    name = name.removeprefix('"pg_catalog".').removeprefix("pg_catalog.")
    if name.strip('"') in _QUOTED and name.count('"') in (0, 2):
        name = name.strip('"')
    spelled = _spelled(name, args, shape[3].strip().lower())
    return spelled + "[]" if array or shape[4] else spelled  # the server does not keep the dimensions


def _spelled(name: str, args: str, rest: str) -> str:
    for zone in ("with time zone", "without time zone"):
        if name.endswith(f" {zone}"):
            name, rest = name.removesuffix(f" {zone}"), zone
    if name in _ZONED:
        name, rest = _ZONED[name], "with time zone"
    size = f"({args})" if args else ""
    if name in ("timestamp", "time"):
        return f"{name}{size} {rest or 'without time zone'}"
    if name == "float" and args.isdigit():
        return "real" if number_of(args) <= 24 else "double precision"
    if not args and _ALIASES.get(name, name) == "character" and name != "bpchar":
        return "character(1)"
    if name in ("numeric", "decimal", "dec") and args and "," not in args:
        size = f"({args},0)"
    spelled = f"{_ALIASES.get(name, name)}{size}"
    return f"{spelled} {rest}" if rest else spelled


def _sized(name: str) -> Callable[[Built], str]:
    def render(built: Built) -> str:
        length = built.args[0] if built.args else built.kwargs.get("length")
        if length is None:
            return name
        return f"{name}({length})" if isinstance(length, int) else ""

    return render


def _numeric(built: Built) -> str:
    precision = built.args[0] if built.args else built.kwargs.get("precision")
    scale = built.args[1] if len(built.args) > 1 else built.kwargs.get("scale")
    if precision is None:
        return "numeric"
    if not isinstance(precision, int) or not isinstance(scale, (int, type(None))):
        return ""
    return f"numeric({precision},{scale or 0})"


def _float(built: Built) -> str:
    precision = built.args[0] if built.args else built.kwargs.get("precision")
    if precision is None:
        return "double precision"
    return ("real" if precision <= 24 else "double precision") if isinstance(precision, int) else ""


def _moment(name: str) -> Callable[[Built], str]:
    def render(built: Built) -> str:
        zoned = built.args[0] if built.args else built.kwargs.get("timezone", False)
        precision = built.kwargs.get("precision")
        if not isinstance(zoned, bool):
            return ""
        size = f"({precision})" if isinstance(precision, int) else ""
        return f"{name}{size} {'with' if zoned else 'without'} time zone"

    return render


def _array(built: Built) -> str:
    item = from_value(built.args[0] if built.args else built.kwargs.get("item_type"))
    return f"{item}[]" if item else ""


def _enum(built: Built) -> str:
    if built.kwargs.get("native_enum") is False:
        labels = [len(each) for each in built.args if isinstance(each, str)]
        length = built.kwargs.get("length", max(labels, default=None) if labels else None)
        return f"character varying({length})" if isinstance(length, int) else ""
    return ".".join(map(quoted, _enum_parts(built)))


def enum_name(built: Built) -> str:
    """The name of a native enum's type, "" for another or where it is not known."""
    return "" if built.kwargs.get("native_enum") is False else ".".join(_enum_parts(built))


def _enum_parts(built: Built) -> tuple[str, ...]:
    """An enum's schema, where it has one, and its name; empty where that is not known."""
    name = built.kwargs.get("name")
    if name is None and built.args and isinstance(built.args[0], LocalClass):
        name = built.args[0].name.lower()
    if not isinstance(name, str):
        return ()
    schema = built.kwargs.get("schema")
    return (str(schema), str(name)) if isinstance(schema, str) else (str(name),)


def _domain(built: Built) -> str:
    name, schema = built.args[0] if built.args else built.kwargs.get("name"), built.kwargs.get("schema")
    parts = [each for each in (schema, name) if each is not None]
    return ".".join(quoted(each) for each in parts) if all(isinstance(each, str) for each in parts) else ""


def _native(built: Built) -> str:
    native = built.args[1] if len(built.args) > 1 else built.kwargs.get("native", True)
    return "uuid" if native is True else ""


def _encrypted(built: Built) -> str:
    """A text of any length, whatever type it hides: that is its first argument."""
    return _sized("character varying")(Built(built.path, (), built.kwargs, None))


def _plain(name: str) -> Callable[[Built], str]:
    def render(built: Built) -> str:
        del built
        return name

    return render


_TYPES: Mapping[str, Callable[[Built], str]] = {
    "integer": _plain("integer"),
    "int": _plain("integer"),
    "biginteger": _plain("bigint"),
    "bigint": _plain("bigint"),
    "smallinteger": _plain("smallint"),
    "smallint": _plain("smallint"),
    "boolean": _plain("boolean"),
    "bool": _plain("boolean"),
    "text": _plain("text"),
    "unicodetext": _plain("text"),
    "clob": _plain("text"),
    "string": _sized("character varying"),
    "autostring": _sized("character varying"),
    "unicode": _sized("character varying"),
    "varchar": _sized("character varying"),
    "nvarchar": _sized("character varying"),
    "char": _sized("character"),
    "nchar": _sized("character"),
    "numeric": _numeric,
    "decimal": _numeric,
    "float": _float,
    "real": _plain("real"),
    "double": _plain("double precision"),
    "double_precision": _plain("double precision"),
    "datetime": _moment("timestamp"),
    "timestamp": _moment("timestamp"),
    "time": _moment("time"),
    "date": _plain("date"),
    "interval": _plain("interval"),
    "largebinary": _plain("bytea"),
    "bytea": _plain("bytea"),
    "pickletype": _plain("bytea"),
    "guid": _plain("uuid"),
    "json": _plain("json"),
    "jsonb": _plain("jsonb"),
    "uuid": _plain("uuid"),
    "array": _array,
    "enum": _enum,
    "domain": _domain,
}
_SAME = frozenset(
    """
    inet cidr macaddr macaddr8 hstore tsvector tsquery citext oid regclass money bit int4range
    int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange
    tsmultirange tstzmultirange datemultirange ltree
    """.split()  # noqa: SIM905 - a long list of words reads better so
)
# As SQLAlchemy-Utils 0.42 and FastAPI Users' SQLAlchemy 4.0 render theirs on PostgreSQL.
_PACKAGED: Mapping[str, Mapping[str, Callable[[Built], str]]] = {
    "sqlalchemy_utils": {
        "uuidtype": _native,
        "arrowtype": _moment("timestamp"),
        "jsontype": _plain("json"),
        "urltype": _plain("text"),
        "tsvectortype": _plain("tsvector"),
        "stringencryptedtype": _encrypted,
        "encryptedtype": _plain("bytea"),
    },
    "fastapi_users_db_sqlalchemy": {"guid": _plain("uuid"), "timestampaware": _moment("timestamp")},
}
_DIALECTS = ("sqlalchemy.dialects.mysql", "sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.mssql")


def from_value(value: Value) -> str:
    """The type that a SQLAlchemy type renders as on PostgreSQL, or "" where that is not known.

    Known are the types of SQLAlchemy, SQLModel and a few packages, and what a repository declares over them.
    """
    if isinstance(value, Symbol):
        return _bare(value.path)
    if isinstance(value, Built) and not value.args and not value.kwargs and value.receiver is None:
        return _bare(value.path)
    while isinstance(value, Built) and value.path == ".with_variant":
        dialects = value.args[1:] or tuple(value.kwargs.values())
        value = value.args[0] if value.args and "postgresql" in dialects else value.receiver
    if isinstance(value, Built) and value.name == "as_mutable" and value.args:
        return from_value(value.args[0])  # the database sees nothing of it
    if isinstance(value, (Instance, LocalClass)):
        value = stood_for(value)
        if is_enum(value):
            return ""  # which table makes the type is another question
        return from_sql(value) if isinstance(value, str) else from_value(value)
    if isinstance(value, Symbol):
        return _bare(value.path)
    if not isinstance(value, Built) or value.receiver is not None:
        return ""
    return _rendered(value)


@lru_cache(maxsize=1024)
def _bare(path: str) -> str:
    """A type that is named, or called without arguments."""
    return _rendered(Built(path, (), {}, None))


def _rendered(value: Built) -> str:
    name = value.name.lower()
    if not value.path.startswith(("sqlalchemy.", "sqlmodel.")) or value.path.startswith(_DIALECTS):
        known = _PACKAGED.get(value.path.partition(".")[0], {}).get(name)
        return known(value) if known else ""
    if name in _SAME:
        return name
    render = _TYPES.get(name)
    return render(value) if render else ""


def is_enum(value: Value) -> bool:
    """Whether the value is a SQLAlchemy enum type, which is a type of its own on the server."""
    return isinstance(value, Built) and value.path.startswith("sqlalchemy.") and value.name.lower() == "enum"
