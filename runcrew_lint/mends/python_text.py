"""The one SQL statement that `op.execute` sends: its tokens with their places, and edits between them."""

from __future__ import annotations

import ast

from runcrew_lint.documents import python
from runcrew_lint.documents.sql import Token, statements
from runcrew_lint.documents.sql_cursor import Cursor
from runcrew_lint.domains.migrations.values import HOLE
from runcrew_lint.frozen import frozen
from runcrew_lint.mends.python_call import parsed, shifted
from runcrew_lint.mends.python_site import Site
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source, Span

_UNKNOWN = '"?".'  # a schema that is worked out as the revision runs


@frozen
class Sent:
    """A statement in a literal; `start` is where the literal's text begins in the file."""

    site: Site
    literal: ast.Constant
    start: int
    sql: str
    tokens: tuple[Token, ...]

    @property
    def cursor(self) -> Cursor:
        """A cursor at its first token."""
        return Cursor(self.sql, self.tokens)

    @property
    def words(self) -> tuple[str, ...]:
        """The words and marks, folded; quoted names and texts are empty."""
        return tuple(each.value if each.kind in ("word", "mark") else "" for each in self.tokens)

    def raw(self, first: int, last: int) -> str:
        """Tokens `first` to before `last` as they are written."""
        return self.sql[self.tokens[first].start : self.tokens[last - 1].end]

    def cased(self, words: str) -> str:
        """Keywords as this statement writes its own: capitals or not."""
        first = self.tokens[0]
        return words.lower() if self.sql[first.start : first.end].islower() else words

    def with_words(self, *behind: tuple[int, str]) -> str | None:
        """The call at its site, one level deeper where need be, with words put behind tokens."""
        text, shift = self.site.text, self.start - self.site.span.start
        for at, words in sorted(behind, reverse=True):
            place = self.tokens[at].end + shift
            text = f"{text[:place]} {self.cased(words)}{text[place:]}"
        call = parsed(text)
        return shifted(call, self.site.deeper, self.site.newline) if call is not None else None

    def execute(self, sql: str) -> str | None:
        """Another `op.execute`, in the quotes of this one; None where both quotes stand in the SQL."""
        return execute(self.site.receiver, sql, quote_of(self.site.source, self.literal))


def execute(alias: str, sql: str, quote: str = '"') -> str | None:
    """`op.execute` of a statement of one line; None where it would need an escape, or a part is not known."""
    other = "'" if quote == '"' else '"'
    used = quote if quote not in sql else other
    if used in sql or "\\" in sql or "\n" in sql or ":" in sql or HOLE in sql or _UNKNOWN in sql:
        return None
    return f"{alias}.execute({used}{sql}{used})"


def quote_of(source: Source, literal: ast.Constant) -> str:
    """The quote that a literal stands in."""
    return source.text[python.span(source, literal).end - 1]


def sent_by(site: Site, statement: Span | None = None) -> Sent | None:
    """The statement that `op.execute("...")` or `op.execute(sa.text("..."))` sends.

    None for another call, for a text that is not one plain literal, and for several statements in one, unless
    it is said which.

    Arguments:
        statement: where the one of several lies in the file.
    """
    call = site.call
    if not site.is_of_op or site.method != "execute":
        return None
    text = given_alone(call)
    if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
        return None
    start = python.literal_start(site.source, text)
    if start is None:
        return None
    try:
        found = list(statements(text.value))
    except Unreadable:
        return None
    if statement is not None:
        found = [each for each in found if statement.start == start + each[0].start]
    return Sent(site, text, start, text.value, found[0]) if len(found) == 1 else None


def given_alone(call: ast.Call) -> ast.expr | None:
    """The one argument of a call, out of a `text(...)` or `DDL(...)` around it; None where it has others."""
    if len(call.args) != 1 or call.keywords:
        return None
    given = call.args[0]
    if isinstance(given, ast.Call) and len(given.args) == 1 and not given.keywords:
        name = given.func.attr if isinstance(given.func, ast.Attribute) else getattr(given.func, "id", "")
        return given.args[0] if name in ("text", "DDL") else given
    return given
