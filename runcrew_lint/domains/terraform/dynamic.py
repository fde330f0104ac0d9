"""`dynamic` blocks as the blocks that they make, where the folder tells what they are made for.

Source: developer.hashicorp.com/terraform/language/expressions/dynamic-blocks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from runcrew_lint.documents.hcl import Attribute, Block, Kind, Value
from runcrew_lint.patterns import lazily

_MOST = 100  # blocks that one makes; a group has its ten ports or so
_USED = lazily(r"([A-Za-z_][\w-]*)\.(value|key)((?:\.[A-Za-z_][\w-]*|\[\"[^\"]+\"\])*)\Z")
_STEP = lazily(r"[A-Za-z_][\w-]*|(?<=\")[^\"]+(?=\")")
_Resolve = Callable[[Value | None], Value | None]


def expanded(block: Block, resolve: _Resolve) -> Block:
    """The block with what its `dynamic` ones make; where `for_each` is not known it stays."""
    if not block.blocks:
        return block
    inner: list[Block] = []
    for each in block.blocks:
        made = _made(each, resolve) if each.kind == "dynamic" and each.labels else None
        inner += [expanded(one, resolve) for one in ([each] if made is None else made)]
    return replace(block, blocks=tuple(inner))


def _made(dynamic: Block, resolve: _Resolve) -> list[Block] | None:
    over = dynamic.attribute("for_each")
    given = resolve(over.value) if over else None
    content = next((each for each in dynamic.blocks if each.kind == "content"), None)
    if given is None or content is None or not 0 < len(given.items) <= _MOST:
        return None
    named = dynamic.attribute("iterator")
    name = named.value.text if named else dynamic.labels[0]
    keys = given.keys or ("",) * len(given.items)
    return [
        _filled(replace(content, kind=dynamic.labels[0]), name, key, resolve(item))
        for key, item in zip(keys, given.items, strict=True)
    ]


def _filled(block: Block, name: str, key: str, item: Value | None) -> Block:
    return replace(
        block,
        attributes=tuple(
            Attribute(each.name, _put(each.value, name, key, item), each.span) for each in block.attributes
        ),
        blocks=tuple(_filled(each, name, key, item) for each in block.blocks),
    )


def _put(value: Value, name: str, key: str, item: Value | None) -> Value:
    """The value with the iterator's own in it, at the place where the block is written."""
    if value.items:
        return replace(value, items=tuple(_put(each, name, key, item) for each in value.items))
    used = _USED.match(value.text) if value.kind is Kind.EXPRESSION else None
    if used is None or used[1] != name:
        return value
    if used[2] == "key":
        return Value(Kind.TEXT, key, value.span) if key and not used[3] else value
    found = item
    for step in _STEP.findall(used[3]):
        found = found.get(step) if found else None
    return replace(found, span=value.span) if found else value
