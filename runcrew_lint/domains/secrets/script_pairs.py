"""JavaScript's and TypeScript's pairs by their grammar, where a look at the name leaves a doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from runcrew_lint.documents import typescript
from runcrew_lint.documents.typescript import Tree
from runcrew_lint.domains.secrets.pairs import Pair
from runcrew_lint.domains.secrets.scan import Hit
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span
from runcrew_lint.tuples import NamedTuple

# Node types that give a name a value, with the fields that hold the two.
_GIVING = {
    "variable_declarator": ("name", "value"),
    "pair": ("key", "value"),
    "assignment_expression": ("left", "right"),
    "augmented_assignment_expression": ("left", "right"),
    "public_field_definition": ("name", "value"),
    "field_definition": ("property", "value"),
    "required_parameter": ("pattern", "value"),
    "optional_parameter": ("pattern", "value"),
    "assignment_pattern": ("left", "right"),
    "object_assignment_pattern": ("left", "right"),
    "enum_assignment": ("name", "value"),
}
_WRAPPED = frozenset(
    {
        "parenthesized_expression",
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "await_expression",
        "jsx_expression",
        "type_assertion",
    }
)
# Calls that hand their first argument on: what they answer is the value, or is made from it alone.
_PASSING = frozenset(
    {"from", "String", "atob", "btoa", "default", "encode", "decode", "toString", "trim", "freeze"}
)
_ESCAPE = lazily(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r?\n)|(.))", re.DOTALL)
_SHORT = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_CLIMB = 6  # levels between a name and what gives it a value
_DEPTH = 8


class _Literal(NamedTuple):
    value: str
    start: int  # bytes
    end: int


def pairs(source: Source, hits: Sequence[Hit]) -> Iterator[Pair]:
    """The literals that the names at the hits are given."""
    tree: Tree = source.derive(typescript.parse)
    for hit in hits:
        node = tree.at(hit.start, hit.end)
        value = _value_of(tree, node, hit) if not typescript.is_comment(node) else None
        for literal in _literals(tree, value) if value is not None else ():
            span = Span(tree.offset(literal.start), tree.offset(literal.end))
            yield Pair(hit.name, literal.value, span)


def _value_of(tree: Tree, node: Any, hit: Hit) -> Any:
    """The expression that is given to the name at a node, or None."""
    inner = node
    for _ in range(_CLIMB):
        parent = inner.parent if inner is not None else None
        if parent is None:
            return None
        if parent.type in _GIVING:
            key, value = (parent.child_by_field_name(field) for field in _GIVING[parent.type])
            if key is not None and key.start_byte <= node.start_byte and node.end_byte <= key.end_byte:
                return value
            return None
        if parent.type == "jsx_attribute":
            return parent.named_children[1] if len(parent.named_children) > 1 else None
        if parent.type == "arguments":
            given = parent.named_children
            return given[1] if len(given) > 1 and given[0].id == inner.id else None
        if parent.type in ("statement_block", "program", "object", "class_body"):
            return None
        inner = parent
    return None


def _literals(tree: Tree, node: Any, depth: int = 0) -> Iterator[_Literal]:
    if node is None or depth > _DEPTH:
        return
    whole = _text(tree, node)
    if whole is not None:
        yield whole
    elif node.type in _WRAPPED:
        for child in node.named_children[:1]:
            yield from _literals(tree, child, depth + 1)
    elif node.type == "binary_expression":
        for field in ("left", "right"):
            yield from _literals(tree, node.child_by_field_name(field), depth + 1)
    elif node.type == "ternary_expression":
        for field in ("consequence", "alternative"):
            yield from _literals(tree, node.child_by_field_name(field), depth + 1)
    elif node.type in ("call_expression", "new_expression"):
        yield from _called(tree, node, depth + 1)


def _called(tree: Tree, node: Any, depth: int) -> Iterator[_Literal]:
    function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
    arguments = node.child_by_field_name("arguments")
    if function is None or arguments is None:
        return
    owner = function.child_by_field_name("object")
    name = function.child_by_field_name("property") or function
    if tree.text(name) in _PASSING:
        yield from _literals(tree, next(iter(arguments.named_children), None), depth)
        if owner is not None and owner.type in ("string", "template_string"):
            yield from _literals(tree, owner, depth)
        elif owner is not None and owner.type == "call_expression":
            yield from _called(tree, owner, depth + 1)


def _text(tree: Tree, node: Any) -> _Literal | None:
    """A string that is written out: whole, joined by `+`, or an array's pieces joined by nothing."""
    if node.type in ("string", "template_string"):
        if any(child.type == "template_substitution" for child in node.named_children):
            return None
        return _Literal(_unescaped(tree.text(node)[1:-1]), node.start_byte + 1, node.end_byte - 1)
    if node.type == "binary_expression":
        operator = node.child_by_field_name("operator")
        if operator is None or operator.type != "+":
            return None
        return _joined(tree, [node.child_by_field_name("left"), node.child_by_field_name("right")])
    if node.type == "parenthesized_expression" and node.named_child_count == 1:
        return _text(tree, node.named_children[0])
    if node.type == "call_expression":
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        owner = function.child_by_field_name("object") if function is not None else None
        name = function.child_by_field_name("property") if function is not None else None
        if owner is not None and owner.type == "array" and tree.text(name) == "join":
            between = [_text(tree, each) for each in arguments.named_children]
            if len(between) == 1 and between[0] is not None and between[0].value == "":
                return _joined(tree, owner.named_children)
    return None


def _joined(tree: Tree, nodes: Sequence[Any]) -> _Literal | None:
    pieces = [_text(tree, node) if node is not None else None for node in nodes]
    found = [piece for piece in pieces if piece is not None]
    if not found or len(found) < len(pieces):
        return None
    return _Literal("".join(piece.value for piece in found), found[0].start, found[-1].end)


def _unescaped(written: str) -> str:
    if "\\" not in written:
        return written
    return _ESCAPE.sub(_character, written)


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code:
        return chr(min(int(code, 16), 0x10FFFF))
    return "" if found[4] else _SHORT.get(found[5], found[5])
