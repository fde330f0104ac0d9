"""Edits to JSON, strict or as EAS reads it, that touch nothing else: comments and style stay."""

from __future__ import annotations

import json
import re

from runcrew_lint.documents.json import parse_relaxed
from runcrew_lint.documents.tree import Entry, Mapping, Node, Scalar, walk
from runcrew_lint.mends.text import line_end
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Plain, Safety
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_BARE = lazily(r"[a-zA-Z_$][a-zA-Z0-9_$]*\Z")
# What may stand behind the last value on its line: a comma, and comments that end there.
_TAIL = lazily(
    r"(?P<comma>[ \t]*,)?(?P<comment>[ \t]*(?://[^\r\n]*|/\*(?:(?!\*/)[^\r\n])*\*/))?[ \t]*(?=\r?\n)"
)


def set_value(request: MendRequest, source: Source) -> Fix | None:
    """Replaces the scalar at the request's place, in its own quotes.

    Arguments of the request:
        title, safety: as in mends.text.
        value: a text, a number or a boolean.
    """
    told = dict(request.arguments)
    root = root_of(source)
    scalars = (node for node in walk(root) if isinstance(node, Scalar)) if root else ()
    scalar = next((each for each in scalars if each.span == request.place.span), None)
    if root is None or scalar is None:
        return None
    written = _written(told["value"], scalar.style or _quote(root))
    return _fix(told, Edit(source.path, scalar.span, written)) if written else None


def insert_member(request: MendRequest, source: Source) -> Fix | None:
    """Gives a member to the object that is the value of the key at the request's place.

    Objects on the way that are not there are made. A member that is there has its scalar replaced; one
    that is an object or a list is a refusal, and so is a place where a comment stands in the way.

    Arguments of the request:
        title, safety: as in mends.text.
        path: the keys from that object down to the member.
        value: a text, a number or a boolean.
    """
    told = dict(request.arguments)
    root = root_of(source)
    holder = entry_at(root, request.place.span) if root else None
    path = told["path"]
    if root is None or holder is None or not isinstance(path, tuple):
        return None
    node, keys = holder.value, [str(each) for each in path]
    while keys and isinstance(node, Mapping) and (inner := node.get(keys[0])) is not None:
        node, keys = inner, keys[1:]
    quote = _quote(root)
    if not keys:
        written = _written(told["value"], node.style or quote) if isinstance(node, Scalar) else ""
        return _fix(told, Edit(source.path, node.span, written)) if written else None
    if not isinstance(node, Mapping):
        return None
    written = _member(keys, told["value"], quote, bare=_is_bare(node, root, source), source=source)
    edits = added(node, written, source) if written else ()
    return _fix(told, *edits) if edits else None


def root_of(source: Source) -> Node | None:
    """The file's tree, or None where it does not read."""
    try:
        return source.derive(parse_relaxed)
    except Unreadable:
        return None


def _fix(told: dict[str, Plain], *edits: Edit) -> Fix:
    return Fix(str(told["title"]), Safety(str(told["safety"])), edits)


def entry_at(root: Node, span: Span) -> Entry | None:
    """The entry whose key stands at a span."""
    mappings = (node for node in walk(root) if isinstance(node, Mapping))
    return next((entry for each in mappings for entry in each.entries if entry.key.span == span), None)


def _quote(root: Node) -> str:
    """The quotes of the file: those of its first text, JSON's own where there is none."""
    for node in walk(root):
        if isinstance(node, Scalar) and node.style:
            return node.style
    return '"'


def _is_bare(mapping: Mapping, root: Node, source: Source) -> bool:
    """Whether keys stand without quotes here."""
    near = mapping.entries or (root.entries if isinstance(root, Mapping) else ())
    return bool(near) and source.text[near[0].key.span.start] not in "\"'"


def _written(value: Plain, quote: str) -> str:
    """A value as JSON has it; nothing where other quotes than JSON's would need an escape."""
    if not isinstance(value, str):
        return json.dumps(value)
    if quote == '"':
        return json.dumps(value, ensure_ascii=False)
    return "" if re.search(r"['\"\\\x00-\x1f]", value) else f"'{value}'"


def _member(keys: list[str], value: Plain, quote: str, *, bare: bool, source: Source) -> str:
    """`"a": {"b": value}`, with the padding of the file's other objects."""
    text = _written(value, quote)
    pad = " " if re.search(r"\{ \S", source.text) else ""
    names = [key if bare and _BARE.match(key) else _written(key, quote) for key in keys]
    if not text or not all(names):
        return ""
    text = f"{names[-1]}: {text}"
    for name in reversed(names[:-1]):
        text = f"{name}: {{{pad}{text}{pad}}}"
    return text


def added(mapping: Mapping, member: str, source: Source) -> tuple[Edit, ...]:
    """The edits that put a member behind the last one; none where a comment stands in the way."""
    text, (start, end) = source.text, mapping.span
    if not mapping.entries:
        if text[start + 1 : end - 1].strip():
            return ()
        pad = " " if re.search(r"\{ \S", text) else ""
        return (Edit(source.path, Span(start, end), f"{{{pad}{member}{pad}}}"),)
    first, last = mapping.entries[0].key.span, mapping.entries[-1].value.span
    head = source.offset(source.position(first.start).line)
    indent = text[head : first.start]
    behind = Span(last.end, last.end)
    if indent.strip():  # the members stand on one line with their brace
        alone = not text[last.end : end - 1].strip(" \t\r\n,")
        return (Edit(source.path, behind, f", {member}"),) if alone else ()
    line = f"{line_end(source)}{indent}{member}"
    tail = _TAIL.match(text, last.end)
    if tail is None:  # something else follows on the line, such as the brace
        alone = not text[last.end : end - 1].strip(" \t\r\n,")
        return (Edit(source.path, behind, f",{line}"),) if alone else ()
    if not tail["comment"]:
        return (Edit(source.path, behind, f",{line}"),)
    at = Span(tail.end(), tail.end())
    if tail["comma"]:
        return (Edit(source.path, at, f"{line},"),)
    return (Edit(source.path, behind, ","), Edit(source.path, at, line))
