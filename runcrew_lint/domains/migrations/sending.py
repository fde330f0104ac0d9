"""What is sent to the database: SQL texts, SQLAlchemy's statements, and objects that create themselves."""

from __future__ import annotations

import ast

from runcrew_lint.documents import python
from runcrew_lint.domains.migrations import statements
from runcrew_lint.domains.migrations.core_statements import ROWS, core
from runcrew_lint.domains.migrations.facts import Transaction
from runcrew_lint.domains.migrations.formatting import percent
from runcrew_lint.domains.migrations.machine import Machine
from runcrew_lint.domains.migrations.module import is_far
from runcrew_lint.domains.migrations.record import Record
from runcrew_lint.domains.migrations.said import is_call, is_method, unescaped
from runcrew_lint.domains.migrations.values import (
    HOLE,
    Built,
    Handle,
    Literal,
    OneOf,
    Origin,
    Template,
    Unknown,
    Value,
    is_written,
)
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Span

LIVE_SCHEMA = Unknown("it asks the live schema", Origin.SCHEMA)
_CATALOGUE = lazily(
    r"information_schema|\bto_regclass\b"
    r"|\bpg_(?:catalog|class|index|constraint|type|enum|attribute|tables|views|proc|namespace|extension)"
)


_IN_BLOCK = "the DO block puts it together"  # how the SQL's reader says so


def _plain(value: Value) -> Value:
    """What a `text()` sends of its text; one without escapes keeps its place in the file."""
    if isinstance(value, Template) and "\\:" in value.text:
        return Template(unescaped(value.text), value.hole)
    return unescaped(value) if isinstance(value, str) and "\\:" in value else value


def execute(record: Record, machine: Machine, value: Value, node: ast.Call, by: Handle | None) -> Value:
    """Run a statement; `by` is the connection or session, None for Alembic's own."""
    while is_method(value, "bindparams", "columns", "execution_options", "params"):
        value = value.receiver
    if is_call(value, "DDL") and value.args:
        value = _filled(value)
    elif (is_call(value, "text", "TextClause") and value.args) or (
        isinstance(value, Built) and value.path == "textwrap.dedent" and value.args
    ):
        value = _plain(value.args[0])
    if isinstance(value, OneOf):
        for option in value.options:
            execute(record, machine, option, node, by)
        return ROWS
    if isinstance(value, (str, Template)):
        return _sql(record, machine, value, node, by)
    return core(record, machine, value, node)


def _filled(ddl: Built) -> Value:
    """The text of `DDL(text, context)`, which is filled in by `%`."""
    text = ddl.args[0]
    context = ddl.args[1] if len(ddl.args) > 1 else ddl.kwargs.get("context")
    if context is None or not isinstance(text, (str, Template)):
        return text
    return percent(text, context)


def _sql(record: Record, machine: Machine, value: str | Template, node: ast.Call, by: Handle | None) -> Value:
    call = record.place(node)
    text = value.text if isinstance(value, Template) else str(value)
    start: int | None = None
    if isinstance(value, Literal) and not is_far(value.node):
        start = python.literal_start(record.source, value.node)
    if record.direction is None or not text.strip():
        return None
    if isinstance(value, Template) and not is_written(value):
        record.put_together(call, value.hole.why)
    found = tuple(statements.read(text))
    several = len({each.span for each in found}) > 1
    for each in found:
        span = call if start is None else Span(each.span.start + start, each.span.end + start)
        if isinstance(each, statements.Gap):
            why = each.why
            if isinstance(value, Template) and HOLE in text[each.span.start : each.span.end]:
                why = f"{why}: {value.hole.why}"
            record.missed_at(span, each.what, why)
            if each.why.startswith(_IN_BLOCK):
                record.put_together(span, f"{each.why} in its body")
        else:
            within = by.made if by is not None and isinstance(by.made, Transaction) else None
            record.record_as(machine, each, within, span, call, shared=several)
    return LIVE_SCHEMA if _asks_catalogue(text) else ROWS


def _asks_catalogue(text: str) -> bool:
    """Whether a query asks the live schema; most texts have none of the words, and are not searched."""
    holds = "pg_" in text or "information_schema" in text or "to_regclass" in text
    return holds and _CATALOGUE.search(text) is not None
