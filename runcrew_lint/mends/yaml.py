"""Edits to YAML that touch nothing else: no file is printed anew from its tree."""

from __future__ import annotations

from runcrew_lint.documents import yaml
from runcrew_lint.documents.tree import Entry, Mapping, walk
from runcrew_lint.mends.text import line_end
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Plain, Safety
from runcrew_lint.text import Source, Span


def insert_key(request: MendRequest, source: Source) -> Fix | None:
    """Adds `key: value` to the block mapping that is the value of the key at the request's place.

    It goes behind the entry named `after` where there is one, else before the first entry. A flow
    mapping, an aliased one, and one that already has the key are refused.

    Arguments of the request:
        title, safety: as in mends.text.
        key, value: written as they are, so the value must be plain YAML.
        after: the key of the entry to stand behind, or "".
    """
    told = dict(request.arguments)
    edit = _insertion(told, source, request.place.span)
    return Fix(str(told["title"]), Safety(str(told["safety"])), (edit,)) if edit else None


def insert_keys(request: MendRequest, source: Source) -> Fix | None:
    """The same for several mappings at once; those that refuse stay as they are.

    Arguments of the request:
        holders: (start, end) of the key of each; the others are those of `insert_key`.
    """
    told = dict(request.arguments)
    holders = told["holders"] if isinstance(told["holders"], tuple) else ()
    spans = [Span(int(str(each[0])), int(str(each[1]))) for each in holders if isinstance(each, tuple)]
    edits = tuple(edit for span in spans if (edit := _insertion(told, source, span)))
    return Fix(str(told["title"]), Safety(str(told["safety"])), edits) if edits else None


def _insertion(told: dict[str, Plain], source: Source, span: Span) -> Edit | None:
    try:
        holder = source.derive(_by_place).get(span)
    except Unreadable:
        return None
    if holder is None or not isinstance(holder.value, Mapping) or not holder.value.entries:
        return None
    mapping, first = holder.value, holder.value.entries[0]
    head = source.text[mapping.span.start]
    if head == "{" or mapping.span.start < holder.key.span.start or mapping.entry(str(told["key"])):
        return None
    start = source.offset(source.position(first.key.span.start).line)
    indent = source.text[start : first.key.span.start]
    if indent.strip():
        return None  # the mapping begins behind something else on its line
    at = _behind(source, mapping, str(told["after"])) or start
    line = f"{indent}{told['key']}: {told['value']}{line_end(source)}"
    return Edit(source.path, Span(at, at), line)


def _by_place(source: Source) -> dict[Span, Entry]:
    """The entries of a document by the places of their keys; of several at one place the first."""
    mappings = (node for node in walk(source.derive(yaml.parse)) if isinstance(node, Mapping))
    found: dict[Span, Entry] = {}
    for entry in (entry for each in mappings for entry in each.entries):
        found.setdefault(entry.key.span, entry)
    return found


def _behind(source: Source, mapping: Mapping, after: str) -> int | None:
    """The start of the line behind an entry that is one line long and ends with a line end."""
    entry = mapping.entry(after) if after else None
    if entry is None or entry.value.span.start < entry.key.span.start:
        return None
    line = source.position(entry.span.end).line
    if source.position(entry.span.start).line != line or line >= len(source.line_starts):
        return None
    return source.offset(line + 1)


def drop_key(request: MendRequest, source: Source) -> Fix | None:
    """Takes out an entry of a block mapping with its line, and with the blank line behind where it led.

    Refused where it is more than one line, or shares one.

    Arguments of the request:
        title, safety: as in mends.text.
    """
    told = dict(request.arguments)
    text, (start, end) = source.text, request.place.span
    head = source.offset(source.position(start).line)
    behind = text.find("\n", end)
    behind = len(text) if behind < 0 else behind + 1
    if text[head:start].strip() or "\n" in text[start:end] or text[end:behind].partition("#")[0].strip():
        return None
    above = text[:head]
    if not above.strip() or above.endswith("\n\n"):
        blank = text.find("\n", behind)
        if blank >= 0 and not text[behind:blank].strip():
            behind = blank + 1
    return Fix(str(told["title"]), Safety(str(told["safety"])), (Edit(source.path, Span(head, behind), ""),))
