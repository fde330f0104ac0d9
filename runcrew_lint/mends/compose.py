"""Mends of compose files: a dependency that waits until the other service is healthy."""

from __future__ import annotations

from runcrew_lint.documents import yaml
from runcrew_lint.documents.tree import Entry, Mapping, Scalar, Sequence, walk
from runcrew_lint.mends.text import line_end
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Safety
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_NAME = lazily(r"[A-Za-z0-9][\w.-]*")


def wait_until_healthy(request: MendRequest, source: Source) -> Fix | None:
    """Gives the dependency at the request's place `condition: service_healthy`.

    A list becomes a mapping, in which the others keep what a list means: that they have started. A list
    with comments, or one that an anchor shares, is refused.
    """
    try:
        root = source.derive(yaml.parse)
    except Unreadable:
        return None
    span = request.place.span
    edit = None
    for node in walk(root):
        if not isinstance(node, Mapping):
            continue
        for entry in node.entries:
            if entry.span == span:
                edit = _condition(source, entry)
            elif entry.key.value == "depends_on" and isinstance(entry.value, Sequence):
                if any(item.span == span for item in entry.value.items):
                    edit = _mapping(source, entry, entry.value, span)
    return Fix("waits until the service is healthy", Safety.SAFE, (edit,)) if edit else None


def _condition(source: Source, entry: Entry) -> Edit | None:
    said = entry.value.get("condition") if isinstance(entry.value, Mapping) else None
    if not isinstance(said, Scalar) or said.value != "service_started" or said.span.start < entry.span.start:
        return None
    return Edit(source.path, said.span, "service_healthy")


def _mapping(source: Source, entry: Entry, items: Sequence, span: Span) -> Edit | None:
    written = source.text[slice(*items.span)]
    before = source.text[entry.key.span.end : items.span.start]
    names = [str(item.value) if isinstance(item, Scalar) else "" for item in items.items]
    if items.span.start < entry.span.start or "#" in written + before or before.strip() != ":":
        return None
    if not all(_NAME.fullmatch(name) for name in names):
        return None
    conditions = ["service_healthy" if item.span == span else "service_started" for item in items.items]
    pairs = list(zip(names, conditions, strict=True))
    if written.startswith("["):
        body = ", ".join(f"{name}: {{condition: {condition}}}" for name, condition in pairs)
        return Edit(source.path, items.span, f"{{{body}}}")
    position = source.position(entry.key.span.start)
    head = source.text[source.offset(position.line) : entry.key.span.start]
    if head.strip():
        return None
    end, indent = line_end(source), head + "  "
    lines = (f"{indent}{name}:{end}{indent}  condition: {condition}" for name, condition in pairs)
    # Only the items go: what stands behind the last one on its line, and the lines behind, stay.
    start = source.offset(position.line + 1)
    return Edit(source.path, Span(start, items.items[-1].span.end), end.join(lines))
