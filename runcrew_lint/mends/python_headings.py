"""Comments above statements that go: whether they are about those alone, or head others that stay."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence, Set

from runcrew_lint.documents import python
from runcrew_lint.mends.python_site import comments_above, indentation, statement_lines
from runcrew_lint.text import Source, Span

_PLURALS = ("", "s", "es")


def goes(source: Source, statement: ast.stmt, spans: Set[Span]) -> bool:
    """Whether nothing of a statement stays: it goes itself, or all that a `with` holds."""
    inside = statement.body if isinstance(statement, ast.With) else [statement]
    return all(python.span(source, each) in spans for each in inside)


def heads_others(source: Source, body: Sequence[ast.stmt], first: ast.stmt, spans: Set[Span]) -> bool:
    """Whether the comment above a statement that goes stays for one right below it that stays."""
    return _about(source, body, first, spans)[0]


def _about(source: Source, body: Sequence[ast.stmt], first: ast.stmt, spans: Set[Span]) -> tuple[bool, bool]:
    """Whether the comment above a statement that goes is about what stays, and whether about what goes.

    It is about what stays where it names nothing but that of the two (`# user_file`), about both where it
    names something of each alone (`# the index and the column`), and else about what goes. A blank line ends
    what it may be about.

    Arguments:
        body: the statements that `first` is one of.
        spans: those that go.
    """
    said = _words("".join(_above(source, python.span(source, first))))
    if not said:
        return False, True
    going, staying = "", ""
    end = statement_lines(source, first).start
    for statement in body[body.index(first) :]:
        lines = statement_lines(source, statement)
        if any(not line.strip() for line in source.text[end : lines.start].splitlines()):
            break
        end = lines.end
        if goes(source, statement, spans):
            going += source.text[lines.start : end]
        else:
            staying += source.text[lines.start : end]
    of_going, of_staying = _named(said, _words(going)), _named(said, _words(staying))
    is_of_going = not of_staying or bool(of_going - of_staying)
    is_of_staying = bool(of_staying) if not is_of_going else bool(of_staying - of_going)
    return is_of_staying, is_of_going


def comments_of(source: Source, span: Span, function: ast.FunctionDef, spans: Set[Span]) -> list[str]:
    """The comments that go with a statement: those above it, if they are about it, and the one behind it.

    Arguments:
        spans: the statements of the function that go.
    """
    ends = source.text.find("\n", span.end)
    behind = source.text[span.end : ends if ends >= 0 else len(source.text)].strip()
    return [*said_above(source, span, function, spans), *([behind] if behind.startswith("#") else [])]


def said_above(source: Source, span: Span, function: ast.FunctionDef, spans: Set[Span]) -> list[str]:
    """The comments above a statement that go with it; `spans` as in `comments_of`."""
    bodies = [function.body, *(each.body for each in function.body if isinstance(each, ast.With))]
    found = [(body, each) for body in bodies for each in body if python.span(source, each) == span]
    goes_along = all(_about(source, body, each, spans)[1] for body, each in found)
    return _above(source, span) if goes_along else []


def gone(source: Source, body: Sequence[ast.stmt], first: ast.stmt, last: ast.stmt, spans: Set[Span]) -> Span:
    """The lines of statements that go, with their comments, and the blank line that would be one too many.

    Arguments:
        body, spans: as in `heads_others`.
    """
    start, end = statement_lines(source, first, last)
    if heads_others(source, body, first, spans):
        return Span(start, end)
    base = indentation(source, python.span(source, first).start) or ""
    line = comments_above(source, first.lineno - 1, base)
    start = source.line_starts[line]
    blank_above = line > 0 and not source.line(line).strip()
    rest = source.text[end : source.text.find("\n", end) + 1 or len(source.text)]
    if blank_above and not rest.strip():
        start = source.line_starts[line - 1]
    elif source.line(line).rstrip().endswith(":") and not rest.strip():
        end += len(rest)  # a body does not begin with it
    return Span(start, end)


def _above(source: Source, span: Span) -> list[str]:
    line = source.position(span.start).line - 1
    first = comments_above(source, line, indentation(source, span.start) or "")
    return [source.line(at + 1).strip() for at in range(first, line)]


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.lower()))


def _named(said: Set[str], words: Set[str]) -> set[str]:
    """Those of what is said that are among some words, or the plural of one."""
    return {
        word
        for word in said
        if any(word.endswith(end) and word[: len(word) - len(end)] in words for end in _PLURALS)
    }
