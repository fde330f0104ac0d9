"""Env files, as docker compose, python-dotenv and dotenv read what they read alike.

One assignment a line, `export` before it or not, `#` comments; a quoted value may pass line ends.
"""

from __future__ import annotations

import re

from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span
from runcrew_lint.tuples import NamedTuple

_LINE = lazily(r"[ \t]*(?:(export)[ \t]+)?([^\s=#'\"+/]+)[ \t]*(?:=[ \t]*|(?=[\r\n]|\Z))")
_END = lazily(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_QUOTED = {'"': re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL), "'": re.compile(r"'([^']*)'")}
_COMMENT = lazily(r"[ \t]#|\A#")


class Assignment(NamedTuple):
    """One variable.

    Arguments:
        name: as written; `name_span` its characters.
        value: without quotes and comment, escapes and references as written; None where there is no `=`.
        span: the value's characters, quotes not included.
        quote: the quote it was written with, or "".
    """

    name: str
    name_span: Span
    value: str | None
    span: Span
    quote: str = ""


class EnvDocument(NamedTuple):
    """The assignments in order, duplicates too, and the lines that are none."""

    assignments: tuple[Assignment, ...]
    malformed: tuple[Span, ...]


def parse(source: Source) -> EnvDocument:
    """The document; a line that is no assignment is kept by its place, for this format has no errors.

    A key in PEM that nobody quoted is one such place: its lines are no names.
    """
    text, at = source.text, 0
    assignments: list[Assignment] = []
    malformed: list[Span] = []
    while at < len(text):
        end = _line_end(text, at)
        line = text[at:end]
        if not line.strip() or line.lstrip().startswith("#"):
            at = end
            continue
        if line.startswith("-----BEGIN "):
            end = _line_end(text, max(text.find("-----END", at), at))
            malformed.append(_trimmed(text, at, end))
            at = end
            continue
        found = _LINE.match(text, at)
        if not found or found.end() > end:
            malformed.append(_trimmed(text, at, end))
            at = end
            continue
        assignment, at = _assignment(text, found, end)
        assignments.append(assignment)
        if at < end:
            at = end
    return EnvDocument(tuple(assignments), tuple(malformed))


def _assignment(text: str, found: re.Match[str], end: int) -> tuple[Assignment, int]:
    name, name_span, begin = found[2], Span(*found.span(2)), found.end()
    if "=" not in found.group():
        return Assignment(name, name_span, None, Span(begin, begin)), end
    quote = text[begin : begin + 1]
    quoted = _QUOTED[quote].match(text, begin) if quote in _QUOTED else None
    if quoted:
        span = Span(*quoted.span(1))
        return Assignment(name, name_span, quoted[1], span, quote), _line_end(text, quoted.end())
    bare = text[begin:end]
    comment = _COMMENT.search(bare)
    value = (bare[: comment.start()] if comment else bare).rstrip()
    return Assignment(name, name_span, value, Span(begin, begin + len(value))), end


def _line_end(text: str, at: int) -> int:
    found = _END.match(text, at)
    return found.end() if found else len(text)


def _trimmed(text: str, start: int, end: int) -> Span:
    line = text[start:end]
    inset = len(line) - len(line.lstrip())
    return Span(start + inset, start + len(line.rstrip()))
