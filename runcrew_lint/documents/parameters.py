"""A Dockerfile's own little shell: quotes, escapes and `$NAME` in one argument.

The builder reads these words itself, before any shell sees them (frontend/dockerfile/shell in BuildKit
as of August 2026): `${x:-y}`, `${x:+y}`, `${x:?y}` and the same without the colon, `${x#p}`,
`${x##p}`, `${x%p}`, `${x%%p}`, `${x/p/r}` and `${x//p/r}`.
"""

from __future__ import annotations

import re
from functools import cache

from runcrew_lint.frozen import frozen
from runcrew_lint.patterns import lazily

MAX_DEPTH = 50  # `${a:-${b:-...}}` nested deeper is nothing that anyone wrote

_NAME = lazily(r"\d+|[@*#?\-$!]|\w+")
_OPERATOR = lazily(r":[-+?]|##?|%%?|//?|[-+?}]")


class BadWordError(ValueError):
    """A quote or a `${}` without its end, or an operator that the builder doesn't know."""


@frozen
class Literal:
    """Text that stands for itself; `quoted` text never falls apart at its blanks."""

    text: str
    raw: str
    quoted: bool = False


@frozen
class Parameter:
    """A variable and what is to be made of its value: `operator` is "", ":-", "-", ":+", "#", "//" or so."""

    name: str
    raw: str
    operator: str = ""
    word: tuple[Part, ...] = ()
    replacement: tuple[Part, ...] = ()


Part = Literal | Parameter


def parse(text: str, escape: str = "\\") -> tuple[Part, ...]:
    """The parts of one argument.

    Errors:
        BadWordError where the builder would refuse the word.
    """
    return _Scanner(text, escape).parts("", keep_escapes=False, depth=0)


@cache
def _plain(escape: str) -> re.Pattern[str]:
    return re.compile(rf"""[^'"$/}}{re.escape(escape)}\s]+""")


class _Scanner:
    def __init__(self, text: str, escape: str) -> None:
        self.text, self.escape, self.at = text, escape, 0

    def parts(self, stop: str, *, keep_escapes: bool, depth: int) -> tuple[Part, ...]:
        """Parts up to the unquoted character `stop`, or to the end where it is empty."""
        if depth > MAX_DEPTH:
            raise BadWordError(f"nested deeper than {MAX_DEPTH} levels")
        found: list[Part] = []
        text = self.text
        while self.at < len(text):
            start, character = self.at, text[self.at]
            if character == stop:
                self.at += 1
                return tuple(found)
            if character == "'":
                end = self._end_of("'", start + 1)
                self.at = end + 1
                found.append(Literal(text[start + 1 : end], text[start : end + 1], quoted=True))
            elif character == '"':
                found.extend(self._double(depth))
            elif character == "$":
                found.append(self._dollar(depth))
            elif character == self.escape:
                self.at += 2
                raw = text[start : self.at]
                found.append(Literal(raw if keep_escapes else raw[1:], raw, quoted=len(raw) > 1))
            else:
                plain = _plain(self.escape).match(text, start)
                self.at = plain.end() if plain else start + 1
                found.append(Literal(text[start : self.at], text[start : self.at]))
        if stop:
            raise BadWordError(f"missing {stop}")
        return tuple(found)

    def _end_of(self, quote: str, start: int) -> int:
        end = self.text.find(quote, start)
        if end < 0:
            raise BadWordError(f"missing {quote}")
        return end

    def _double(self, depth: int) -> list[Part]:
        found: list[Part] = []
        text, escape = self.text, self.escape
        opened = self.at
        self.at += 1
        value = ""
        while self.at < len(text):
            character = text[self.at]
            if character == '"':
                self.at += 1
                found.append(Literal(value, text[opened : self.at], quoted=True))
                return found
            if character == "$":
                found.append(Literal(value, text[opened : self.at], quoted=True))
                found.append(self._dollar(depth))
                value, opened = "", self.at
                continue
            if character == escape and text[self.at + 1 : self.at + 2] in ('"', "$", escape):
                self.at += 1
            value += text[self.at]
            self.at += 1
        raise BadWordError('missing "')

    def _dollar(self, depth: int) -> Part:
        text, start = self.text, self.at
        if text[start + 1 : start + 2] != "{":
            name = _NAME.match(text, start + 1)
            self.at = name.end() if name else start + 1
            return (
                Parameter(name[0], name.string[start : self.at]) if name else Literal("$", "$", quoted=True)
            )
        self.at = start + 2
        name = _NAME.match(text, self.at)
        if name is None and text[self.at : self.at + 1] in ("", "{", "}", ":"):
            raise BadWordError("bad substitution")
        self.at = name.end() if name else self.at
        called = name[0] if name else ""
        operator = self._operator()
        if operator == "}":
            return Parameter(called, text[start : self.at])
        keep = operator[-1] in "#%/"
        replacement: tuple[Part, ...] = ()
        if operator[0] == "/":
            word = self.parts("/", keep_escapes=True, depth=depth + 1)
            replacement = self.parts("}", keep_escapes=True, depth=depth + 1)
        else:
            word = self.parts("}", keep_escapes=keep, depth=depth + 1)
        return Parameter(called, text[start : self.at], operator, word, replacement)

    def _operator(self) -> str:
        match = _OPERATOR.match(self.text, self.at)
        if match is None:
            raise BadWordError("missing }" if self.at >= len(self.text) else "unsupported modifier")
        self.at = match.end()
        return match[0]


def words(text: str) -> list[str]:
    """A line's words as they are written: quotes and escapes kept, `<<` and its word held together.

    Errors:
        BadWordError as for `parse`.
    """
    found: list[str] = []
    word = ""
    mark = False  # a `<<` was just read: blanks between it and its word don't part them
    for part in parse(text):
        blank = isinstance(part, Literal) and not part.quoted and part.raw.isspace()
        if blank and mark and part.raw in "\t\r\n ":
            word += part.raw
            continue
        mark = False
        if blank:
            if word:
                found.append(word)
            word = ""
            continue
        word += part.raw
        arrows = len(word) - len(word.rstrip("<"))
        mark = isinstance(part, Literal) and not part.quoted and arrows > 0 and arrows % 2 == 0
    return [*found, word] if word else found
