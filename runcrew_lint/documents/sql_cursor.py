"""A cursor to read a statement's tokens with."""

from __future__ import annotations

from runcrew_lint.documents.sql import Token
from runcrew_lint.text import Span

_OPENING = {"(": 1, "[": 1, ")": -1, "]": -1}


class Cursor:
    """A place in one statement's tokens."""

    __slots__ = ("at", "sql", "tokens")

    def __init__(self, sql: str, of: tuple[Token, ...]) -> None:
        self.sql, self.tokens, self.at = sql, of, 0

    @property
    def token(self) -> Token | None:
        """The token here, or None at the end."""
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    @property
    def word(self) -> str:
        """The word here, or "" where none stands."""
        token = self.token
        return token.value if token is not None and token.kind == "word" else ""

    @property
    def span(self) -> Span:
        """The whole statement's characters."""
        return Span(self.tokens[0].start, self.tokens[-1].end)

    def take(self, *words: str) -> bool:
        """Go past these words, if all of them stand here in a row."""
        at, all_tokens = self.at, self.tokens
        if at + len(words) > len(all_tokens):
            return False
        for word in words:
            token = all_tokens[at]
            if token.value != word or token.kind not in ("word", "mark"):
                return False
            at += 1
        self.at = at
        return True

    def take_one(self, *words: str) -> str:
        """Go past one of these words and say which, or "" where none stands here."""
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.value in words and token.kind in ("word", "mark"):
                self.at += 1
                return token.value
        return ""

    def name(self) -> str | None:
        """Go past a name, folded; None where none stands here."""
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.kind == "word" or token.kind == "name":
                self.at += 1
                return token.value
        return None

    def dotted(self) -> tuple[str, ...]:
        """Go past a name that may be qualified; empty where none stands here."""
        first = self.name()
        if first is None:
            return ()
        parts = [first]
        while self.take("."):
            part = self.name()
            if part is None:
                break
            parts.append(part)
        return tuple(parts)

    def text(self) -> str | None:
        """Go past a string and what is joined to it from the next line; None where none stands here."""
        token = self.token
        if token is None or token.kind != "text":
            return None
        value, end = token.value, token.end
        self.at += 1
        while (
            (token := self.token) is not None and token.kind == "text" and "\n" in self.sql[end : token.start]
        ):
            value, end = value + token.value, token.end
            self.at += 1
        return value

    def until(self, *stops: str) -> str:
        """Go on to one of these words outside parentheses, or to the end; the text that was passed."""
        first, depth, all_tokens = self.at, 0, self.tokens
        at, last = first, len(all_tokens)
        while at < last:
            kind, value, _, _ = all_tokens[at]
            if kind == "mark":
                if depth == 0 and value in stops:
                    break
                if value in _OPENING:
                    depth += _OPENING[value]
                    if depth < 0:
                        break
            elif depth == 0 and kind == "word" and value in stops:
                break
            at += 1
        self.at = at
        return self.between(first, at)

    def between(self, first: int, last: int) -> str:
        """The text of tokens `first` to before `last`."""
        return self.sql[self.tokens[first].start : self.tokens[last - 1].end] if last > first else ""

    def parenthesised(self) -> list[Cursor]:
        """Go past a parenthesised list; a cursor for each of its items."""
        if not self.take("("):
            return []
        items = []
        while True:
            first = self.at
            self.until(",")
            if self.at > first:
                items.append(Cursor(self.sql, self.tokens[first : self.at]))
            if not self.take(","):
                break
        self.take(")")
        return items
