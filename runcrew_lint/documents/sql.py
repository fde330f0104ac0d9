"""PostgreSQL's SQL as statements of tokens.

The lexer is our own, after chapter 4.1 of the manual ("Lexical Structure") and psql's page for what only
scripts hold: meta-commands and the rows behind COPY ... FROM stdin. Statements of definition need tokens
and places, no tree; over the 1,246 definitions in 2,134 real revisions it takes 0.14 s where sqlglot's
takes 0.66 s after an import of 0.25 s, and a cold run over a long history feels both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple


class Token(NamedTuple):
    """One token.

    `kind` is "word", "name" (quoted, or with a part that a template or a tool fills in: `{{...}}`,
    `${...}`), "text" (a string or dollar-quoted), "number", "mark" or "meta" (a psql command to the end
    of its line); `value` is a word folded to lower case, a name or text without its quotes, or the
    characters themselves.
    """

    kind: str
    value: str
    start: int
    end: int


# Ordered by how often each is met; the space behind a token is taken with it, as one match is one step.
_TOKEN = lazily(
    r"""
    (?: (?P<word> (?! [eEbBxXnN]' | [uU]&['"] ) [^\W\d\ue000] [\w$\ue000]*+ (?! \{ ) | \ue000 [\w$\ue000]* )
      | (?P<mark> [(),;.] (?! \d ) | [(),;] | :: | := | (?: (?! -- | /\* ) [-+*/<>=~!@\#%^&|`?] )+ )
      | (?P<text> (?: [bBxXnN] | [uU]& )? ' [^']*+ (?: '' [^']*+ )*+ ' )
      | (?P<number> \d [\w.]* | \.\d+\w* )
      | (?P<name> (?: [uU]& )? " (?: \{\{ [^{}\r\n]*+ \}\} | [^"] | "" )++ " )
      | (?P<space> --[^\r\n]* | \s )
      | (?P<escaped> [eE]' [^'\\]*+ (?: (?: \\. | '' ) [^'\\]*+ )*+ ' )
      | (?P<dollar> \$ (?: [^\W\d]\w* )? \$ )
      | (?P<comment> /\* )
      | (?P<open> (?: [eEbBxXnN] | [uU]& )? ['"] )
      | (?P<meta> \\ [^\r\n]* )
      | (?P<filled> [\w$]*? (?: (?: \{\{ [^{}\r\n]*+ \}\} | \$\{ [\w.:-]*+ \} ) [\w]*+ )++ )
      | (?P<other> . )
    ) \s*+
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_MARK = lazily(r"/\*|\*/")
_ESCAPE = lazily(
    r"\\(?: u([0-9a-fA-F]{4}) | U([0-9a-fA-F]{8}) | x([0-9a-fA-F]{1,2}) | ([0-7]{1,3}) | (.) ) | ''",
    re.DOTALL | re.VERBOSE,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_UNICODE = lazily(r"\\(?:([0-9a-fA-F]{4})|\+([0-9a-fA-F]{6})|(\\))")
_END_OF_ROWS = lazily(r"^\\\.[ \t]*$", re.MULTILINE)


def statements(sql: str) -> tuple[tuple[Token, ...], ...]:
    """The statements of a text, each as its tokens, without comments, semicolons and empty statements.

    A psql command is a statement of one token, and ends the one before it.

    Errors:
        Unreadable where a quote or a comment is left open.
    """
    found: list[tuple[Token, ...]] = []
    current: list[Token] = []
    for token in tokens(sql):
        kind, value, _, _ = token
        if kind == "mark" and value == ";":
            if current and _goes_on(current):
                current.append(token)
            elif current:
                found.append(tuple(current))
                current = []
        elif kind == "meta":
            if current:
                found.append(tuple(current))
                current = []
            found.append((token,))
        else:
            current.append(token)
    if current:
        found.append(tuple(current))
    return tuple(found)


_ROUTINES = frozenset({"function", "procedure"})


def _goes_on(current: Sequence[Token]) -> bool:
    """Whether a semicolon here stands inside a statement: a rule's list, a routine's BEGIN ATOMIC."""
    if current[0].value != "create":
        return False
    head = {token.value for token in current[1:4] if token.kind == "word"}
    if "rule" in head:
        marks = [token.value for token in current if token.kind == "mark"]
        return marks.count("(") > marks.count(")")
    if head & _ROUTINES:
        words = [token.value for token in current if token.kind == "word"]
        if "atomic" not in words:
            return False
        body = words[words.index("atomic") + 1 :]
        return body.count("end") <= body.count("case")
    return False


def _end_of_rows(sql: str, current: Sequence[Token], start: int) -> int:
    """Where the rows end that COPY ... FROM stdin has behind it in a script."""
    if not any(token.kind == "word" and token.value == "stdin" for token in current):
        return 0
    end = _END_OF_ROWS.search(sql, start)
    return end.end() if end else 0


def tokens(sql: str) -> list[Token]:
    """Every token of a text, with its place in it.

    Errors:
        Unreadable where a quote or a comment is left open.
    """
    made: list[Token] = []
    add, match_at = made.append, _TOKEN.match
    at, last, in_copy = 0, len(sql), False
    while at < last:
        match = match_at(sql, at)
        assert match is not None  # noqa: S101 - the last alternative takes any character
        kind = match.lastgroup
        next_at = match.end()
        if kind == "word":
            word = match["word"]
            add(Token("word", word.lower(), at, at + len(word)))
            in_copy = in_copy or word in ("COPY", "copy")
        elif kind == "mark":
            mark = match["mark"]
            add(Token("mark", mark, at, at + len(mark)))
            if in_copy and mark == ";":
                next_at = max(next_at, _past_rows(sql, made, at))
                in_copy = False
        elif kind == "text" or kind == "name" or kind == "escaped":
            end = match.end(kind)
            made_kind = "name" if kind == "name" else "text"
            if made and made[-1].value == "uescape" and len(made) > 1:
                _recode(made, sql, sql[at:end])
            else:
                add(Token(made_kind, _unquoted(kind, sql[at:end]), at, end))
        elif kind == "number":
            end = match.end("number")
            add(Token("number", sql[at:end], at, end))
        elif kind == "comment":
            next_at = _end_of_comment(sql, at)
        elif kind == "dollar":
            quote = match["dollar"]
            first = at + len(quote)
            close = sql.find(quote, first)
            if close < 0:
                raise Unreadable("not valid SQL: a dollar quote is left open", Span(at, last))
            next_at = close + len(quote)
            add(Token("text", sql[first:close], at, next_at))
        elif kind == "open":
            raise Unreadable("not valid SQL: a quote is left open", Span(at, last))
        elif kind == "filled":
            add(Token("name", match["filled"], at, match.end("filled")))
        elif kind == "meta":
            end = at + len(match["meta"].rstrip())
            add(Token("meta", sql[at:end], at, end))
        elif kind == "other":
            add(Token("mark", sql[at], at, at + 1))
        at = next_at
    return made


def _past_rows(sql: str, made: Sequence[Token], at: int) -> int:
    """Where to go on behind the semicolon at `at`: behind the rows, where it ends a COPY from stdin."""
    first = len(made) - 2
    while first >= 0 and made[first].value != ";" and made[first].kind != "meta":
        first -= 1
    current = made[first + 1 : -1]
    return _end_of_rows(sql, current, at) if current and current[0].value == "copy" else 0


def _end_of_comment(sql: str, start: int) -> int:
    depth = 0
    for mark in _COMMENT_MARK.finditer(sql, start):
        depth += 1 if mark[0] == "/*" else -1
        if depth == 0:
            return mark.end()
    raise Unreadable("not valid SQL: a comment is left open", Span(start, len(sql)))


def _unquoted(kind: str, raw: str) -> str:
    if kind == "escaped":
        return _ESCAPE.sub(_escaped, raw[2:-1])
    quote = raw[-1]
    inner = raw[raw.index(quote) + 1 : -1].replace(quote * 2, quote)
    return _UNICODE.sub(_coded, inner) if raw[0] in "uU" and "\\" in inner else inner


def _recode(made: list[Token], sql: str, escape: str) -> None:
    """Read a U& token again with the escape character that UESCAPE gives it."""
    made.pop()
    kind, _, start, end = made.pop()
    mark = escape[1:-1]
    raw = sql[start:end].replace("\\", "\\\\").replace(mark, "\\")
    made.append(Token(kind, _unquoted(kind, raw), start, end))


def _escaped(found: re.Match[str]) -> str:
    for group, base in ((1, 16), (2, 16), (3, 16), (4, 8)):
        if found[group]:
            return _character(int(found[group], base))
    return _ESCAPES.get(found[5], found[5]) if found[5] else "'"


def _coded(found: re.Match[str]) -> str:
    return "\\" if found[3] else _character(int(found[1] or found[2], 16))


def _character(code: int) -> str:
    return chr(code) if code <= 0x10FFFF else "\ufffd"
