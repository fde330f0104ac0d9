"""Terraform's JSON syntax to the blocks that the same file in HCL would have.

Source: developer.hashicorp.com/terraform/language/syntax/json. Whether an object is a block or a map's value,
the provider's schema says; it is taken for both.
"""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents import json
from runcrew_lint.documents.hcl import Attribute, Block, Kind, Value
from runcrew_lint.documents.tree import Entry, Mapping, Node, Scalar, Sequence
from runcrew_lint.text import Source

_LABELS = {"resource": 2, "data": 2, "variable": 1, "module": 1, "output": 1}
_DEEPEST = 8  # blocks in blocks; a distribution's nest three


def parse(source: Source) -> tuple[Block, ...]:
    """The blocks of a file.

    Errors:
        Unreadable where it is not JSON.
    """
    root = source.derive(json.parse)
    entries = root.effective() if isinstance(root, Mapping) else ()
    return tuple(each for entry in entries for each in _blocks(entry, 0))


def _blocks(entry: Entry, depth: int) -> Iterator[Block]:
    """What one key holds: a block, several in a list, or some under each of its labels."""
    kind = str(entry.key.value)
    labels = _LABELS.get(kind, 0) if not depth else int(kind == "dynamic")
    if depth <= _DEEPEST:
        yield from _labelled(kind, (), entry, labels, depth)


def _labelled(kind: str, labels: tuple[str, ...], entry: Entry, left: int, depth: int) -> Iterator[Block]:
    for body in _bodies(entry.value):
        if left:
            for each in body.effective():
                yield from _labelled(kind, (*labels, str(each.key.value)), each, left - 1, depth)
            continue
        entries = tuple(body.effective())
        yield Block(
            kind,
            labels,
            entry.key.span,
            body.span,
            tuple(Attribute(str(each.key.value), _value(each.value), each.span) for each in entries),
            tuple(one for each in entries for one in _blocks(each, depth + 1)),
        )


def _bodies(node: Node) -> tuple[Mapping, ...]:
    if isinstance(node, Mapping):
        return (node,)
    items = node.items if isinstance(node, Sequence) else ()
    return tuple(each for each in items if isinstance(each, Mapping))


def _value(node: Node) -> Value:
    if isinstance(node, Mapping):
        entries = tuple(node.effective())
        items = tuple(_value(each.value) for each in entries)
        return Value(Kind.OBJECT, "", node.span, items, tuple(str(each.key.value) for each in entries))
    if isinstance(node, Sequence):
        return Value(Kind.LIST, "", node.span, tuple(_value(each) for each in node.items))
    return _scalar(node)


def _scalar(node: Scalar) -> Value:
    said = node.value
    if said is None:
        return Value(Kind.NULL, "null", node.span)
    if isinstance(said, bool):
        return Value(Kind.BOOL, str(said).lower(), node.span)
    if isinstance(said, (int, float)):
        whole = int(said) if float(said).is_integer() else said
        return Value(Kind.NUMBER, str(whole), node.span)
    if "${" not in said:
        return Value(Kind.TEXT, said, node.span)
    alone = said.startswith("${") and said.endswith("}") and said.count("${") == 1
    return Value(Kind.EXPRESSION, said[2:-1].strip() if alone else said, node.span)
