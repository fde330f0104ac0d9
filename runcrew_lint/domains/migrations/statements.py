"""SQL statements as operations. Places are in the text that is read; the caller knows where it stands.

A statement is read to what it does to the schema, to "no effect on the schema" (rows, settings,
grants), or to a gap that says what of it can't be known; never to nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from runcrew_lint.documents.sql import Token
from runcrew_lint.documents.sql import statements as statements_of
from runcrew_lint.documents.sql_cursor import Cursor
from runcrew_lint.domains.migrations import data_sql, row_sql, session_sql
from runcrew_lint.domains.migrations.facts import Kind, Operation
from runcrew_lint.domains.migrations.values import HOLE, Unclear
from runcrew_lint.frozen import frozen
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Span


@frozen
class Gap:
    """A statement that can't be read, and why."""

    span: Span
    what: str
    why: str


def read(sql: str) -> Iterator[Operation | Gap]:
    """Every statement of a text, in order."""
    row = row_sql.plain(sql)
    if row is not None:
        yield row
        return
    try:
        found = statements_of(sql)
    except Unreadable as error:
        yield Gap(Span(0, len(sql)), "the SQL", error.message)
        return
    for tokens in found:
        yield from read_statement(Cursor(sql, tokens))


def read_statement(cursor: Cursor) -> Iterator[Operation | Gap]:
    """What one statement does."""
    span = cursor.span
    head = cursor.tokens[0]
    try:
        if cursor.sql.find("{{", *span) >= 0 and _DECIDED.search(cursor.sql, *span):
            raise Unclear("the statement", "a template decides what it says")
        if head.kind == "meta":
            yield _script_command(head)
            return
        if head.value in READERS and head.kind != "name" and head.kind != "text":
            if head.kind == "word":
                cursor.at = 1
            yield from READERS[head.value](cursor)
            return
        if head.kind == "word" and head.value == "do":
            from runcrew_lint.domains.migrations import block_sql

            yield from block_sql.read(cursor)
            return
        if head.kind == "word" and head.value in _WITHOUT_EFFECT:
            yield Operation(Kind.OTHER, span, words=head.value)
            return
        if head.kind == "word" and head.value in _ELSEWHERE:
            raise Unclear(*_ELSEWHERE[head.value])
        raise Unclear("the statement", f"it begins with {_shown(head)}")
    except Unclear as unclear:
        yield Gap(span, unclear.what, unclear.why)


# Go's templates; what a template only fills in is a part of a name.
_DECIDED = lazily(r"\{\{-?\s*(?:if|else|end|range|with|template|block)\b")


def _shown(token: Token) -> str:
    return "a part that is not known" if HOLE in token.value else repr(token.value[:40])


# Statements without effect on tables, columns, constraints and indexes: "SQL Commands" of the manual.
_WITHOUT_EFFECT = frozenset(
    """
    checkpoint close deallocate declare explain fetch listen load move notify prepare reassign release
    savepoint security show unlisten
    """.split()  # noqa: SIM905 - a long list of words reads better so
)
# Statements whose effect stands somewhere else.
_ELSEWHERE = {
    "import": ("the tables", "IMPORT FOREIGN SCHEMA takes them from another server"),
}


def _definitions(name: str) -> Callable[[Cursor], Iterator[Operation]]:
    def reader(cursor: Cursor) -> Iterator[Operation]:
        from runcrew_lint.domains.migrations import definitions

        return definitions.READERS[name](cursor)

    return reader


# psql commands that bring statements from elsewhere, or take what follows to another place.
_BRINGS = {
    "i": "psql reads them from another file",
    "ir": "psql reads them from another file",
    "include": "psql reads them from another file",
    "include_relative": "psql reads them from another file",
    "gexec": "psql takes them from the rows of a query",
    "c": "psql goes on with another database",
    "connect": "psql goes on with another database",
    "if": "psql decides whether they run",
    "elif": "psql decides whether they run",
    "else": "psql decides whether they run",
}


def _script_command(token: Token) -> Operation:
    """A psql command.

    Errors:
        Unclear where it brings or skips statements.
    """
    name = token.value[1:].split(None, 1)[0] if token.value[1:].strip() else ""
    if name in _BRINGS:
        raise Unclear("the statements", _BRINGS[name])
    return Operation(Kind.OTHER, Span(token.start, token.end), words=f"\\{name}")


READERS: dict[str, Callable[[Cursor], Iterator[Operation]]] = {
    **data_sql.READERS,
    **session_sql.READERS,
    "create": _definitions("create"),
    "drop": _definitions("drop"),
    "alter": _definitions("alter"),
    "comment": _definitions("comment"),
}
