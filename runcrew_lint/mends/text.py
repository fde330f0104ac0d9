"""Mends that need no grammar: a span replaced, a line added. The check knows what to write."""

from __future__ import annotations

from runcrew_lint.model.mend import Edit, Fix, MendRequest, Safety
from runcrew_lint.text import Source, Span


def replace(request: MendRequest, source: Source) -> Fix | None:
    """Replaces the request's place.

    Arguments of the request:
        title: what the fix does.
        text: what is written instead.
        was: what must stand there; anything else is a refusal (the text a fact was read from has moved).
        safety: `safe` or `unsafe`.
    """
    told = dict(request.arguments)
    span = request.place.span
    if source.text[span.start : span.end] != told["was"]:
        return None
    edit = Edit(source.path, span, str(told["text"]))
    return Fix(str(told["title"]), Safety(str(told["safety"])), (edit,))


def append_line(request: MendRequest, source: Source) -> Fix | None:
    """Adds one line at the end of a file that is a list of lines, such as .gitignore.

    Arguments of the request:
        title: what the fix does.
        line: the line without its end.
        safety: `safe` or `unsafe`.
    """
    told = dict(request.arguments)
    text, newline = source.text, line_end(source)
    gap = "" if not text or text.endswith(("\n", "\r")) else newline
    edit = Edit(source.path, Span(len(text), len(text)), f"{gap}{told['line']}{newline}")
    return Fix(str(told["title"]), Safety(str(told["safety"])), (edit,))


def line_end(source: Source) -> str:
    """The file's own line end: that of its first line."""
    first = source.text.find("\n")
    return "\r\n" if first > 0 and source.text[first - 1] == "\r" else "\n"
