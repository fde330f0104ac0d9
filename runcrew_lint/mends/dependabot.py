"""Mends of dependabot.yml."""

from __future__ import annotations

from runcrew_lint.documents import yaml
from runcrew_lint.documents.tree import Mapping, Sequence, at
from runcrew_lint.mends.text import line_end
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Safety
from runcrew_lint.text import Source, Span


def append_updates(request: MendRequest, source: Source) -> Fix | None:
    """Adds an item to the list of updates, weekly; refused where the list is not one item below the other.

    Arguments of the request:
        ecosystem, directory: what to update, and where its files lie.
    """
    told = dict(request.arguments)
    try:
        root = source.derive(yaml.parse)
    except Unreadable:
        return None
    found = at(root, "updates")
    if not isinstance(found, Sequence) or not found.items:
        return None
    first, last = found.items[0], found.items[-1]
    if not isinstance(first, Mapping) or not isinstance(last, Mapping) or not last.entries:
        return None
    if "[" in source.text[found.span.start : found.span.start + 1] or source.text[first.span.start] == "{":
        return None
    column = source.position(first.entries[0].key.span.start).column - 1
    dash = source.line(source.position(first.entries[0].key.span.start).line)[:column].rstrip()
    if not dash.endswith("-"):
        return None
    indent, end = " " * (len(dash) - 1), line_end(source)
    inner = " " * column
    line = source.position(max(entry.value.span.end for entry in last.entries) - 1).line
    at_end = line >= len(source.line_starts)
    offset = len(source.text) if at_end else source.offset(line + 1)
    gap = end if at_end and not source.text.endswith("\n") else ""
    text = (
        f"{gap}{indent}-{' ' * (column - len(dash))}package-ecosystem: {told['ecosystem']}{end}"
        f"{inner}directory: {told['directory']}{end}"
        f"{inner}schedule:{end}{inner}  interval: weekly{end}"
    )
    return Fix(
        f"asks for updates of {told['ecosystem']}",
        Safety.SAFE,
        (Edit(source.path, Span(offset, offset), text),),
    )
