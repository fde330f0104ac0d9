"""Members of JSON objects taken out, moved and renamed, without a change to what stands around them."""

from __future__ import annotations

import re

from runcrew_lint.documents.tree import Entry, Mapping, Node, walk
from runcrew_lint.mends.json import added, entry_at, root_of
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Safety
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_COMMENT = lazily(r"[ \t]*(?://[^\r\n]*|/\*(?:(?!\*/)[^\r\n])*\*/)?[ \t]*(\r?\n)")
_GAP = lazily(r"[\s,]*\Z")


def remove(request: MendRequest, source: Source) -> Fix | None:
    """Takes the member whose key stands at the request's place out, with its line where it has one alone.

    Arguments of the request:
        title, safety: as in mends.text.
    """
    told = dict(request.arguments)
    root = root_of(source)
    found = _holder(root, request.place.span) if root else None
    edits = _removed(*found, source) if found else None
    return Fix(str(told["title"]), Safety(str(told["safety"])), edits) if edits else None


def rename(request: MendRequest, source: Source) -> Fix | None:
    """Gives the member whose key stands at the request's place another key, in the same quotes.

    Arguments of the request:
        title, safety: as in mends.text.
        key: the new key, a plain word.
    """
    told = dict(request.arguments)
    root = root_of(source)
    entry = entry_at(root, request.place.span) if root else None
    if entry is None:
        return None
    quote = entry.key.style
    edit = Edit(source.path, entry.key.span, f"{quote}{told['key']}{quote}")
    return Fix(str(told["title"]), Safety(str(told["safety"])), (edit,))


def move_down(request: MendRequest, source: Source) -> Fix | None:
    """Moves the member whose key stands at the request's place, as it is written, into an object beside it.

    Arguments of the request:
        title, safety: as in mends.text.
        into: the key of that object; it is made where it is not there.
    """
    told = dict(request.arguments)
    root = root_of(source)
    found = _holder(root, request.place.span) if root else None
    if found is None:
        return None
    holder, entry = found
    member = source.text[entry.key.span.start : entry.value.span.end]
    into = holder.entry(str(told["into"]))
    edits: tuple[Edit, ...] | None
    if into is None:
        quote = entry.key.style
        pad = " " if re.search(r"\{ \S", source.text) else ""
        text = f"{quote}{told['into']}{quote}: {{{pad}{member}{pad}}}"
        edits = (Edit(source.path, entry.span, text),)
    else:
        there = added(into.value, member, source) if isinstance(into.value, Mapping) else ()
        gone = _removed(holder, entry, source)
        edits = (*there, *gone) if there and gone else None
    return Fix(str(told["title"]), Safety(str(told["safety"])), edits) if edits else None


def _holder(root: Node, span: Span) -> tuple[Mapping, Entry] | None:
    """The object and its member whose key stands at a span."""
    for node in walk(root):
        if isinstance(node, Mapping):
            for entry in node.entries:
                if entry.key.span == span:
                    return node, entry
    return None


def _removed(holder: Mapping, entry: Entry, source: Source) -> tuple[Edit, ...] | None:
    """The edits that leave an object without a member; None where a comment stands in the way."""
    text, path = source.text, source.path
    index = holder.entries.index(entry)
    if len(holder.entries) == 1:
        inner = Span(holder.span.start + 1, holder.span.end - 1)
        rest = text[inner.start : entry.span.start] + text[entry.span.end : inner.end]
        return (Edit(path, inner, ""),) if _GAP.match(rest) else None
    comma = re.compile(r"\s*,").match(text, entry.span.end)
    end = comma.end() if comma else entry.span.end
    line = source.offset(source.position(entry.span.start).line)
    tail = _COMMENT.match(text, end)
    edits: list[Edit] = []
    is_last = index == len(holder.entries) - 1
    if is_last and not comma:  # then the comma of the one before it has nothing to part any more
        before = re.compile(r"\s*(,)").match(text, holder.entries[index - 1].span.end)
        if before is None:
            return None
        edits.append(Edit(path, Span(*before.span(1)), ""))
    if tail and not text[line : entry.span.start].strip():
        return (*edits, Edit(path, Span(line, tail.end()), ""))
    if not is_last:
        start, stop = entry.span.start, holder.entries[index + 1].span.start
        return (Edit(path, Span(start, stop), ""),) if _GAP.match(text[entry.span.end : stop]) else None
    start = holder.entries[index - 1].span.end
    if not _GAP.match(text[start : entry.span.start]):
        return None
    return (Edit(path, Span(start, entry.span.end), ""),)
