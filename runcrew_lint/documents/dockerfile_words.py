"""How a Dockerfile's logical line falls into words: flags, pairs, JSON arrays and heredoc marks.

The grammar is BuildKit's (frontend/dockerfile/parser, as of August 2026): each instruction has its own
way to split, and an escape character that the file may choose.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache

from runcrew_lint.documents import parameters
from runcrew_lint.documents.spliced import Spliced
from runcrew_lint.frozen import frozen
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple

# What Go's unicode.IsSpace takes for a space; Python's own idea is wider.
SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_BLANKS = lazily(r"[\t\v\f\r ]+")
_STRING = lazily(r'"(?:[^"\\]|\\.)*"')
_HEREDOC = lazily(r"\d*<<(-?)\s*([^<]*)")


@frozen
class Word:
    """One argument as it is written, quotes kept; `text` of a JSON array's string is its value."""

    text: str
    span: Span


@frozen
class Flag:
    """`--name=value` before the arguments; `value` is None where there is no `=`."""

    name: str
    value: str | None
    span: Span


@frozen
class Pair:
    """`NAME=value`, or a NAME alone."""

    name: Word
    value: Word | None

    @property
    def span(self) -> Span:
        """From the name to the value's end."""
        return self.name.span.cover(self.value.span) if self.value else self.name.span


class Mark(NamedTuple):
    """A heredoc announced: its terminator, whether variables expand in it, whether tabs are cut."""

    name: str
    expand: bool
    chomp: bool


@cache
def _word_pattern(escape: str) -> re.Pattern[str]:
    e = re.escape(escape)
    return re.compile(
        rf"""(?:[^{SPACE}'"{e}]+|{e}.|{e}\Z|"(?:[^"{e}]|{e}.)*(?:"|{e}?\Z)|'[^']*(?:'|\Z))+""", re.DOTALL
    )


@cache
def _flag_pattern(escape: str) -> re.Pattern[str]:
    e = re.escape(escape)
    quoted = "|".join(rf"{q}(?:[^{q}{e}]|{e}.)*(?:{q}|{e}?\Z)" for q in "\"'")
    return re.compile(rf"""(?=--)(?:[^{SPACE}'"{e}]+|{e}.|{e}\Z|{quoted})+""", re.DOTALL)


def flags(line: Spliced, escape: str) -> tuple[tuple[Flag, ...], Spliced]:
    """The flags that a line begins with, and what follows them."""
    found: list[Flag] = []
    at = 0
    while True:
        at += len(line.text[at:]) - len(line.text[at:].lstrip(SPACE))
        match = _flag_pattern(escape).match(line.text, at)
        if match is None:
            break
        at = match.end()
        plain = _unquoted(match[0], escape)
        if plain == "--":
            break
        name, equals, value = plain[2:].partition("=")
        found.append(Flag(name, value if equals else None, line.span(match.start(), match.end())))
    return tuple(found), line.cut(at, len(line.text)).stripped(SPACE)


def _unquoted(text: str, escape: str) -> str:
    if not any(mark in text for mark in ("'", '"', escape)):
        return text
    plain, quote, at = "", "", 0
    while at < len(text):
        character = text[at]
        if character == escape:
            plain += text[at + 1 : at + 2]
            at += 2
            continue
        if character == quote:
            quote = ""
        elif not quote and character in "\"'":
            quote = character
        else:
            plain += character
        at += 1
    return plain


def split(rest: Spliced) -> tuple[Word, ...]:
    """Words between blanks, whatever their quotes: FROM, EXPOSE, COPY, ADD, VOLUME."""
    if not rest.text:
        return ()
    words: list[Word] = []
    at = 0
    for gap in [*_BLANKS.finditer(rest.text), None]:
        end = gap.start() if gap else len(rest.text)
        words.append(Word(rest.text[at:end], rest.span(at, end)))
        at = gap.end() if gap else end
    return tuple(words)


def whole(rest: Spliced) -> tuple[Word, ...]:
    """The whole rest as one word, or none."""
    return (Word(rest.text, rest.span(0, len(rest.text))),) if rest.text else ()


def array(rest: Spliced) -> tuple[Word, ...] | None:
    """The strings of a JSON array, or None where the rest is no such array.

    Errors:
        Unreadable for an array that holds anything but strings, as the builder refuses it.
    """
    if not rest.text.startswith("["):
        return None
    span = rest.span(0, len(rest.text))
    try:
        values = json.loads(rest.text, parse_constant=_no_constant)
    except ValueError:
        return None
    except RecursionError:
        values = [None]
    if not all(isinstance(value, str) for value in values):
        raise Unreadable("a JSON array here may hold strings only", span)
    spans = (rest.span(match.start(), match.end()) for match in _STRING.finditer(rest.text))
    return tuple(Word(value, place) for value, place in zip(values, spans, strict=True))


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _shell_words(rest: Spliced, escape: str) -> Iterator[tuple[int, int]]:
    for match in _word_pattern(escape).finditer(rest.text):
        yield match.start(), match.end()


def pairs(rest: Spliced, escape: str, keyword: str) -> tuple[Pair, ...]:
    """ENV's, LABEL's and ARG's `NAME=value`; for ENV and LABEL also the old `NAME value`.

    Errors:
        Unreadable where ENV or LABEL names something without a value.
    """
    words = list(_shell_words(rest, escape))
    if not words:
        return ()
    if keyword != "ARG" and "=" not in rest.text[slice(*words[0])]:
        gap = _BLANKS.search(rest.text)
        if gap is None:
            raise Unreadable(f"{keyword} needs a name and a value", rest.span(*words[0]))
        name = Word(rest.text[: gap.start()], rest.span(0, gap.start()))
        return (Pair(name, Word(rest.text[gap.end() :], rest.span(gap.end(), len(rest.text)))),)
    return tuple(_pair(rest, start, end, keyword) for start, end in words)


def _pair(rest: Spliced, start: int, end: int, keyword: str) -> Pair:
    equals = rest.text.find("=", start, end)
    if equals < 0:
        if keyword != "ARG":
            raise Unreadable(f"{keyword} takes NAME=value, and this has no `=`", rest.span(start, end))
        return Pair(Word(rest.text[start:end], rest.span(start, end)), None)
    name = Word(rest.text[start:equals], rest.span(start, equals))
    return Pair(name, Word(rest.text[equals + 1 : end], rest.span(equals + 1, end)))


def heredocs(line: str) -> list[Mark]:
    """The heredocs that a line announces: words that begin with `<<`, perhaps behind a number.

    The builder looks for them with a backslash as the escape whatever the file chose, and gives up on
    the whole line where it can't read a quote or a `${}`.

    Errors:
        BadWordError where the mark itself can't be read.
    """
    if "<<" not in line:
        return []
    try:
        candidates = parameters.words(line)
    except parameters.BadWordError:
        return []
    found: list[Mark] = []
    for word in candidates:
        match = _HEREDOC.fullmatch(word)
        inner = parameters.words(match[2]) if match else []
        if match is None or len(inner) != 1:
            continue
        parts = parameters.parse(inner[0])
        name = "".join(part.text if isinstance(part, parameters.Literal) else part.raw for part in parts)
        # An escaped mark (`<<\\EOF`) is no quoted one to the builder: it counts quotes.
        expand = _count_quotes(name) == _count_quotes(inner[0])
        found.append(Mark(name, expand, bool(match[1])))
    return found


def _count_quotes(text: str) -> int:
    return text.count("'") + text.count('"')
