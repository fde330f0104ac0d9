"""YAML to a positioned tree, on PyYAML's C events, with the scalars of YAML 1.2's core schema.

So `on` is a string and `22:22` is one too; duplicate keys and merge keys (`<<`) stay as written.
An alias becomes the very node that it names, so a place is always where a value is written.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import yaml

from runcrew_lint.documents.templates import is_template
from runcrew_lint.documents.tree import Entry, Mapping, Node, PlainScalar, Scalar, Sequence
from runcrew_lint.model.errors import Template, Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

MAX_DEPTH = 200  # levels of nesting; deeper files are generated or hostile
MAX_NODES = 500_000  # nodes once every alias is followed: a bomb ends here

_LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)
_SCALAR, _ALIAS, _DOCUMENT = yaml.ScalarEvent, yaml.AliasEvent, yaml.DocumentStartEvent
_MAPPING, _MAPPING_END = yaml.MappingStartEvent, yaml.MappingEndEvent
_SEQUENCE, _SEQUENCE_END = yaml.SequenceStartEvent, yaml.SequenceEndEvent

# YAML 1.2.2, section 10.3.2 (core schema tag resolution).
_NULL = {"", "~", "null", "Null", "NULL"}
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = lazily(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = lazily(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = lazily(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_NUMBER_START = frozenset("0123456789+-.")


def parse(source: Source) -> Node:
    """The first document; an empty file is a null scalar.

    Errors:
        Unreadable at the place where the syntax breaks, or where a bound is passed.
    """
    documents = parse_all(source)
    return documents[0] if documents else Scalar(Span(0, 0), None)


def parse_all(source: Source) -> list[Node]:
    """Every document of the stream."""
    try:
        return _build(source.text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        at = min(mark.index if mark else getattr(error, "position", 0), len(source.text))
        kind = Template if is_template(source, at) else Unreadable
        said = "a template is no YAML until it is rendered" if kind is Template else f"not YAML: {problem}"
        raise kind(said, Span(at, at)) from None


class _Open:
    """A collection whose end has not come yet."""

    __slots__ = ("anchor", "children", "is_mapping", "size", "start")

    def __init__(self, start: int, is_mapping: bool, anchor: str | None) -> None:
        self.start, self.is_mapping, self.anchor = start, is_mapping, anchor
        self.children: list[Node] = []
        self.size = 1

    def close(self, end: int) -> Node:
        span = Span(self.start, max(end, self.start))
        if not self.is_mapping:
            return Sequence(span, tuple(self.children))
        pairs = zip(self.children[::2], self.children[1::2], strict=True)
        return Mapping(span, tuple(Entry(_key(key), value) for key, value in pairs))


def _key(node: Node) -> Scalar:
    """A key as a scalar; a collection as key is kept by its place alone."""
    return node if isinstance(node, Scalar) else Scalar(node.span, "?", "?")


def _build(text: str) -> list[Node]:
    documents: list[Node] = []
    stack: list[_Open] = []
    anchors: dict[str, tuple[Node, int]] = {}
    open_anchors: set[str] = set()

    def add(node: Node, size: int, anchor: str | None) -> None:
        if anchor:
            anchors[anchor] = (node, size)
        if not stack:
            documents.append(node)
            return
        stack[-1].children.append(node)
        stack[-1].size += size
        if stack[-1].size > MAX_NODES:
            raise Unreadable(f"aliases make this more than {MAX_NODES:,} nodes", node.span)

    for event in _events(text):
        start, end = event.start_mark.index, event.end_mark.index
        kind = event.__class__
        if kind is _SCALAR:
            node = _scalar(event, Span(start, end), text)
            if event.anchor or not stack:
                add(node, 1, event.anchor)
                continue
            parent = stack[-1]  # as `add` does: nearly every event is one of these
            parent.children.append(node)
            parent.size += 1
        elif kind is _MAPPING or kind is _SEQUENCE:
            if len(stack) >= MAX_DEPTH:
                raise Unreadable(f"nested deeper than {MAX_DEPTH} levels", Span(start, start))
            stack.append(_Open(start, kind is _MAPPING, event.anchor))
            if event.anchor:
                open_anchors.add(event.anchor)
        elif kind is _MAPPING_END or kind is _SEQUENCE_END:
            done = stack.pop()
            open_anchors.discard(done.anchor or "")
            add(done.close(_trimmed(text, done, end)), done.size, done.anchor)
        elif kind is _ALIAS:
            span = Span(start, end)
            if event.anchor in open_anchors:
                raise Unreadable(f"the alias *{event.anchor} holds itself", span)
            if event.anchor not in anchors:
                raise Unreadable(f"the alias *{event.anchor} names no anchor before it", span)
            named, size = anchors[event.anchor]
            add(named, size, None)
        elif kind is _DOCUMENT:
            anchors.clear()
    return documents


def _events(text: str) -> Iterator[Any]:
    """What the parser meets; `yaml.parse` asks it twice for each."""
    loader = _LOADER(text)
    try:
        while event := loader.get_event():
            yield event
    finally:
        loader.dispose()


def _trimmed(text: str, done: _Open, end: int) -> int:
    """A block collection's end mark lies past the blank lines and comments after it: its last child's
    end is the truth. A flow collection ends at its bracket.
    """
    if text[end - 1 : end] in ("]", "}") and (not done.children or end > done.children[-1].span.end):
        return end
    children = done.children
    if len(children) < 2 or children[-1].span.start >= children[-2].span.end:  # no alias at the end
        return children[-1].span.end if children else done.start
    return max(child.span.end for child in children)


def _scalar(event: Any, span: Span, text: str) -> Scalar:
    style = event.style or ""
    if style in ("|", ">"):
        return Scalar(
            Span(span.start, span.start + len(text[span.start : span.end].rstrip())), event.value, style
        )
    if style or (event.tag and not event.implicit[0]):
        return Scalar(span, _tagged(event), style)
    return Scalar(span, resolve(event.value))


def _tagged(event: Any) -> PlainScalar:
    tag = (event.tag or "").rpartition(":")[2]
    if event.style or tag in ("str", "!", "") or tag.startswith("!"):
        value: str = event.value
        return value
    return resolve(event.value)


def resolve(text: str) -> PlainScalar:
    """A plain scalar's value under the core schema."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if text[0] not in _NUMBER_START:
        return text
    if len(text) > 300:
        return text  # no number that anyone wrote; int() itself refuses 4,300 digits
    if _INT.fullmatch(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _SPECIAL.fullmatch(text):
        return math.nan if "n" in text.lower() and "inf" not in text.lower() else float(text.replace(".", ""))
    return text
