"""What the values of a revision say, where a name, a text or a default is asked for."""

from __future__ import annotations

from runcrew_lint.domains.migrations.facts import UNREAD
from runcrew_lint.domains.migrations.naming import LONGEST, cut
from runcrew_lint.domains.migrations.values import (
    HOLE,
    Built,
    Member,
    OneOf,
    Symbol,
    Template,
    Unclear,
    Unknown,
    Value,
    unknown_of,
)
from runcrew_lint.patterns import lazily


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


def expression_of(value: Value) -> str:
    """An expression whose shape is known: what is not may be a part of a text in it; "" where it is not."""
    if isinstance(value, Built) and value.name == "text" and value.args:
        value = value.args[0]
    if isinstance(value, Template):
        return value.text if HOLE not in _TEXT.sub("", value.text) else ""
    return text_or_empty(value)


_TEXT = lazily(r"'[^']*'")


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
        return unescaped(str(inner)).strip() if isinstance(inner, str) else UNREAD
    if value.name == "FetchedValue":
        return None  # it tells the ORM that a trigger fills the column; no DEFAULT is rendered
    if value.name in _CONSTANTS and value.path.startswith("sqlalchemy."):
        return _CONSTANTS[value.name]
    if ".func." in value.path and value.receiver is None and not value.kwargs:
        called = value.path.partition(".func.")[2]
        if called in _WITHOUT_PARENTHESES and not value.args:
            return called.upper()
        given = [sql_default(each) for each in value.args]
        known = [each for each in given if each is not None and each != UNREAD]
        return f"{called}({', '.join(known)})" if len(known) == len(given) else UNREAD
    if value.name == "next_value" and is_call(value.receiver, "Sequence"):
        return _next_of(value.receiver)
    if value.name in ("literal", "inline_literal") and len(value.args) == 1:
        return sql_default(value.args[0])
    return UNREAD


def _next_of(sequence: Built) -> str:
    """What `Sequence(name).next_value()` renders as."""
    name, schema = text_or_empty(next(iter(sequence.args), None)), sequence.kwargs.get("schema", "")
    if not name or not isinstance(schema, str):
        return UNREAD
    return f"nextval('{schema}.{name}')" if schema else f"nextval('{name}')"


# The functions, and the classes that they make instances of.
_CONSTANTS = {
    "true": "true",
    "True_": "true",
    "false": "false",
    "False_": "false",
    "null": "NULL",
    "Null": "NULL",
}
_WITHOUT_PARENTHESES = frozenset(
    """
    current_date current_time current_timestamp current_user localtime localtimestamp session_user user
    """.split()  # noqa: SIM905 - a long list of words reads better so
)


def unescaped(text: str) -> str:
    r"""The SQL of a `text()`: a colon that shall begin no parameter is written with a backslash there."""
    return _ESCAPED.sub(r"\1", text) if "\\:" in text else text


_ESCAPED = lazily(r"\\(:[\w$]*)(?![:\w$])")


def is_method(value: Value, *names: str) -> bool:
    """Whether the value is a call of one of these methods on something built."""
    return isinstance(value, Built) and value.receiver is not None and value.name in names
