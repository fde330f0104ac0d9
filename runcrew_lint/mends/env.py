"""Mends of env files; none of them is told a value."""

from __future__ import annotations

from runcrew_lint.model.mend import Edit, Fix, MendRequest, Safety
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_GAP = lazily(r"[ \t]*=[ \t]*\Z")


def close_up(request: MendRequest, source: Source) -> Fix | None:
    """Takes the blanks around a `=` away, as every reader but a shell does.

    Arguments of the request:
        name: the variable.
    """
    span = request.place.span
    if not _GAP.match(source.text[span.start : span.end]):
        return None
    name = dict(request.arguments)["name"]
    return Fix(f"closes up the line of {name}", Safety.SAFE, (Edit(source.path, span, "="),))


def drop_line(request: MendRequest, source: Source) -> Fix | None:
    """Takes a variable's line out.

    Arguments of the request:
        name: the variable, which must stand at the request's place.
    """
    name, text = str(dict(request.arguments)["name"]), source.text
    start, end = request.place.span
    if text[start:end] != name:
        return None
    begin = text.rfind("\n", 0, start) + 1
    close = text.find("\n", end)
    line = Span(begin, len(text) if close < 0 else close + 1)
    return Fix(f"takes {name} out", Safety.UNSAFE, (Edit(source.path, line, ""),))


def empty(request: MendRequest, source: Source) -> Fix | None:
    """Leaves a variable without its value, quotes and all.

    Arguments of the request:
        name: the variable.
    """
    start, end = request.place.span
    if source.text[start - 1 : start] == source.text[end : end + 1] and source.text[start - 1] in "\"'":
        start, end = start - 1, end + 1
    before = source.text[source.text.rfind("\n", 0, start) + 1 : start]
    if not before.rstrip().endswith("="):
        return None
    name = dict(request.arguments)["name"]
    return Fix(f"empties {name}", Safety.UNSAFE, (Edit(source.path, Span(start, end), ""),))
