"""Mends of nginx configuration: whole lines behind a directive."""

from __future__ import annotations

from runcrew_lint.mends.text import line_end
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Safety
from runcrew_lint.text import Source, Span


def add_lines(request: MendRequest, source: Source) -> Fix | None:
    """Adds lines behind the directive at the request's place, as deep as it.

    Refused where the directive shares its line with another.

    Arguments of the request:
        title, safety: as in mends.text.
        lines: the directives, each with its `;`.
    """
    told = dict(request.arguments)
    text, (start, end) = source.text, request.place.span
    head = source.offset(source.position(start).line)
    indent = text[head:start]
    behind = text.find("\n", end)
    behind = len(text) if behind < 0 else behind + 1
    tail = text[end:behind].strip()
    lines = told["lines"]
    if indent.strip() or not isinstance(lines, tuple) or not tail.startswith(";"):
        return None
    if tail[1:].strip() and not tail[1:].strip().startswith("#"):
        return None
    newline = line_end(source)
    added = "".join(f"{indent}{line}{newline}" for line in lines)
    if not text[:behind].endswith("\n"):
        added = newline + added
    return Fix(
        str(told["title"]), Safety(str(told["safety"])), (Edit(source.path, Span(behind, behind), added),)
    )
