"""DO blocks: their static statements, each under the conditions of the block around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from math import prod

from runcrew_lint.documents.sql import Token
from runcrew_lint.documents.sql import statements as statements_of
from runcrew_lint.documents.sql_cursor import Cursor
from runcrew_lint.domains.migrations import statements
from runcrew_lint.domains.migrations.block_values import bound_by, values_of
from runcrew_lint.domains.migrations.executed_text import text_of
from runcrew_lint.domains.migrations.facts import LONGEST_CONDITION, Kind, Operation
from runcrew_lint.domains.migrations.query_sql import query
from runcrew_lint.domains.migrations.statements import Gap
from runcrew_lint.domains.migrations.values import Unclear
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Span

_ACTS = lazily(
    r"\b(?:create|alter|drop|truncate|comment|execute|call|insert|update|delete|merge|lock|refresh|grant"
    r"|revoke|commit|rollback|set|set_config|raise)\b",
    re.IGNORECASE,
)

_MOST = 200  # turns of loops, one in the other, that are gone through
_MESSAGES = frozenset({"debug", "log", "info", "notice", "warning"})


def read(cursor: Cursor) -> Iterator[Operation | Gap]:
    """What a DO block does.

    Errors:
        Unclear where its body can't be read.
    """
    body = next((token for token in cursor.tokens if token.kind == "text"), None)
    if body is None:
        raise Unclear("the DO block", "its body can't be read")
    language = _language(cursor)
    if language not in ("", "plpgsql"):
        raise Unclear("the DO block", f"it is written in {language}")
    if not _ACTS.search(body.value):
        yield Operation(Kind.OTHER, cursor.span, words="do")
        return
    if not cursor.sql.startswith("$", body.start):
        raise Unclear("the DO block", "its body is quoted as a string")
    offset = cursor.sql.index("$", body.start + 1) + 1
    try:
        pieces = statements_of(body.value)
    except Unreadable as error:
        raise Unclear("the DO block", error.message) from None
    made = False
    for each in _Block(body.value, pieces).read():
        made = True
        span = Span(each.span.start + offset, each.span.end + offset)
        yield replace(each, span=span)
    if not made:
        yield Operation(Kind.OTHER, cursor.span, words="do")


def _language(cursor: Cursor) -> str:
    for at, token in enumerate(cursor.tokens[:-1]):
        if token.kind == "word" and token.value == "language":
            return cursor.tokens[at + 1].value.lower()
    return ""


class _Level:
    """A BEGIN, IF, CASE or LOOP that is open; `text` is its condition, "" where it has none.

    `bound` is a loop's variable and the values that it has one after the other, where they are known.
    """

    __slots__ = ("bound", "kind", "number", "text")

    def __init__(
        self, kind: str, text: str = "", number: int = 0, bound: tuple[str, tuple[str, ...]] | None = None
    ) -> None:
        self.kind, self.text, self.number, self.bound = kind, text, number, bound


class _Block:
    """PL/pgSQL's control structures, as far as they say under what conditions a statement runs."""

    def __init__(self, text: str, pieces: tuple[tuple[Token, ...], ...]) -> None:
        self.text, self.pieces = text, pieces
        self.values = values_of(pieces)
        self.levels: list[_Level] = []
        self.declaring = False
        self.begun = 0
        self.catching: set[int] = set()  # the numbers of the blocks that have an EXCEPTION part

    def read(self) -> Iterator[Operation | Gap]:
        """What the block's statements do."""
        if any(tokens[0].value == "exception" for tokens in self.pieces):
            for tokens in self.pieces:
                self._control(tokens)
            self.levels, self.begun = [], 0
        for tokens in self.pieces:
            first = self._control(tokens)
            if first < len(tokens):
                yield from self._statement(tokens[first:])

    # -- control -----------------------------------------------------------------------------------------

    def _control(self, tokens: tuple[Token, ...]) -> int:
        """Go past what opens, parts and closes levels: where the statement itself begins."""
        at, last = 0, len(tokens)
        while at < last:
            kind, value, _, _ = tokens[at]
            if kind == "mark" and value in ("<<", ">>"):
                at += 1
                continue
            if kind != "word":
                return at
            if self.declaring and value != "begin":
                return last
            if value == "declare":
                self.declaring = True
            elif value == "begin":
                self.declaring = False
                self.begun += 1
                caught = "no error is caught" if self.begun in self.catching else ""
                self.levels.append(_Level("begin", caught, self.begun))
            elif value in ("if", "elsif", "elseif"):
                at = self._conditional(tokens, at, "if", opens=value == "if")
                continue
            elif value == "when" and self.levels:
                at = self._conditional(tokens, at, self.levels[-1].kind, opens=False)
                continue
            elif value == "else" and self.levels:
                self.levels[-1].text = "ELSE"
            elif value == "exception" and self.levels:
                self.levels[-1].text = "EXCEPTION"
                self.catching.add(self.levels[-1].number)
            elif value == "case":
                self.levels.append(_Level("case"))
                at = _find(tokens, at + 1, "when")
                continue
            elif value == "loop":
                self.levels.append(_Level("loop", "LOOP"))
            elif value in ("while", "for", "foreach"):
                inside = _find(tokens, at, "loop")
                bound = bound_by(tokens[at:inside], self.values)
                said = "" if bound else self._between(tokens, at, inside)
                self.levels.append(_Level("loop", said, bound=bound))
                at = inside + 1
                continue
            elif value == "end":
                if self.levels:
                    self.levels.pop()
                return last
            elif at and tokens[at - 1].value == "<<":
                pass  # a label
            else:
                return at
            at += 1
        return last

    def _conditional(self, tokens: tuple[Token, ...], at: int, kind: str, *, opens: bool) -> int:
        inside = _find(tokens, at, "then")
        text = self._between(tokens, at, inside)
        if opens:
            self.levels.append(_Level(kind, text))
        elif self.levels:
            self.levels[-1].text = text
        return inside + 1

    def _between(self, tokens: tuple[Token, ...], first: int, last: int) -> str:
        if last <= first:
            return ""
        return " ".join(self.text[tokens[first].start : tokens[last - 1].end].split())[:LONGEST_CONDITION]

    # -- statements --------------------------------------------------------------------------------------

    def _statement(self, tokens: tuple[Token, ...]) -> Iterator[Operation | Gap]:
        head = tokens[0]
        if head.kind != "word":
            return
        span = Span(head.start, tokens[-1].end)
        if head.value == "execute":
            yield from self._executed(tokens, span)
        elif head.value in ("commit", "rollback"):
            yield Operation(Kind.OTHER, span, words="do", options=((head.value, ""),))
        elif head.value == "raise":
            if len(tokens) == 1 or tokens[1].value not in _MESSAGES:
                yield self._under(Operation(Kind.OTHER, span, words="raise"))
        elif head.value == "call":
            yield Gap(span, "the statement", "the DO block calls a procedure")
        elif head.value in ("perform", "select"):
            found = query(tokens)
            if found.relations or head.value == "select":
                yield self._under(Operation(Kind.SELECT, span, others=found.relations, words=found.locking))
        elif head.value in statements.READERS and not _assigns(tokens):
            for each in statements.read_statement(Cursor(self.text, tokens)):
                yield self._under(each)

    def _executed(self, tokens: tuple[Token, ...], span: Span) -> Iterator[Operation | Gap]:
        """EXECUTE of literals is static; of anything else it is put together when the block runs."""
        loops = [level.bound for level in self.levels if level.bound]
        texts: dict[str | None, None] = {}
        if prod(len(items) for _, items in loops) <= _MOST:
            for values in product(*(items for _, items in loops)):
                names = dict(zip((name for name, _ in loops), values, strict=True))
                texts[text_of(tokens[1:], {**self.values.texts, **names})] = None
        for text in texts or (None,):
            if text is None:
                yield Gap(span, "the statement", "the DO block puts it together for EXECUTE")
                return
            for each in statements.read(text):
                yield self._under(replace(each, span=span))

    def _under(self, each: Operation | Gap) -> Operation | Gap:
        if isinstance(each, Gap):
            return each
        conditions = tuple(level.text for level in self.levels if level.text)
        repeats = any(level.kind == "loop" for level in self.levels)
        return replace(each, conditions=conditions, repeats=repeats) if conditions or repeats else each


def _find(tokens: tuple[Token, ...], at: int, word: str) -> int:
    """Where a word stands outside parentheses and CASE expressions; the end where it does not."""
    depth = 0
    for here in range(at, len(tokens)):
        kind, value, _, _ = tokens[here]
        if kind == "mark":
            depth += {"(": 1, ")": -1}.get(value, 0)
        elif kind == "word" and depth == 0 and value == word:
            return here
    return len(tokens)


def _assigns(tokens: tuple[Token, ...]) -> bool:
    """Whether the statement sets a variable that is called like a command."""
    return len(tokens) > 1 and tokens[1].kind == "mark" and tokens[1].value in (":=", "=")
