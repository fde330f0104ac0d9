"""The parts of a document that a path of steps names.

A step is a key or an index; `*` is every one of a level, `**` a part with all that lies below it, `$` the
part itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from runcrew_lint.documents import tree
from runcrew_lint.documents.tree import Node
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple

_DEEP = "**"


class Part(NamedTuple):
    """One part: the key or index that it stands under, and the place to point at, which is the key's."""

    key: str
    node: Node
    span: Span


def steps_of(path: str | list[str | int]) -> list[str]:
    """The steps of a path: keys joined by dots, or a list where a key holds a dot."""
    return path.split(".") if isinstance(path, str) else [str(step) for step in path]


def select(root: Node, steps: Iterable[str]) -> list[Part]:
    """The parts that the steps lead to, in the order of the document."""
    found = [_whole(root)]
    for step in steps:
        found = _next(found, step)
    return found


def absent(root: Node, steps: Sequence[str]) -> Iterator[Part]:
    """The parts where the way ends too early: each has not the step that is its `key` here.

    What stands for many, and what is looked for at any depth, is missed nowhere.
    """
    found = [_whole(root)]
    for before, step in zip(["", *steps], steps, strict=False):
        for part in found:
            if step not in ("*", _DEEP, "$") and before != _DEEP and not _below(part, step):
                yield part._replace(key=step)
        found = _next(found, step)


def _whole(root: Node) -> Part:
    return Part("", root, Span(root.span.start, root.span.start))


def _next(parts: Iterable[Part], step: str) -> list[Part]:
    if step == "$":
        return list(parts)
    if step == _DEEP:
        deep = (each for part in parts for each in _all(part))
        return list({(each.span, each.node.span): each for each in deep}.values())  # an alias is met twice
    return [below for part in parts for below in _below(part, step)]


def _all(part: Part) -> Iterator[Part]:
    stack = [part]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(_below(current, "*")))


def _below(part: Part, step: str) -> list[Part]:
    node = part.node
    if isinstance(node, tree.Mapping):
        entries = ((str(entry.key.value), entry) for entry in node.effective())
        return [Part(key, each.value, each.key.span) for key, each in entries if step in ("*", key)]
    if isinstance(node, tree.Sequence):
        items = ((str(index), item) for index, item in enumerate(node.items))
        return [Part(key, item, item.span) for key, item in items if step in ("*", key)]
    return []
