"""Terraform's language, HCL, to blocks and attributes with exact places, by tree-sitter's grammar.

Source: github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md. What only a run of Terraform knows (references,
conditions, calls) is kept as it is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import Any

from runcrew_lint.documents.grammar import Tangled, Tree
from runcrew_lint.documents.templates import is_template
from runcrew_lint.frozen import frozen
from runcrew_lint.model.errors import Template, Unreadable
from runcrew_lint.text import Source, Span

MAX_DEPTH = 60  # lists in objects in calls; a module nests ten or so
_LONGEST = 4_000  # characters of an expression that are kept


class Kind(StrEnum):
    """What a value is; an EXPRESSION is known only when Terraform runs, and so are parts of it."""

    TEXT = "text"
    NUMBER = "number"
    BOOL = "bool"
    NULL = "null"
    LIST = "list"
    OBJECT = "object"
    EXPRESSION = "expression"


@frozen
class Value:
    """One value.

    Arguments:
        text: a literal's text; of an expression, list or object, its source.
        items: a list's values, or an object's; of `jsonencode` and the like, those of its argument.
        keys: an object's keys, in the order of `items`.
    """

    kind: Kind
    text: str
    span: Span
    items: tuple[Value, ...] = ()
    keys: tuple[str, ...] = ()

    def get(self, key: str) -> Value | None:
        """An object's value."""
        return self.items[self.keys.index(key)] if key in self.keys else None


@frozen
class Attribute:
    """`name = value`."""

    name: str
    value: Value
    span: Span


@frozen
class Block:
    """`kind "label" { ... }`; `head` goes to the last label, `span` over all of it."""

    kind: str
    labels: tuple[str, ...]
    head: Span
    span: Span
    attributes: tuple[Attribute, ...] = ()
    blocks: tuple[Block, ...] = ()

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of that name."""
        return next((each for each in self.attributes if each.name == name), None)

    def inner(self, kind: str) -> Iterator[Block]:
        """The blocks of one kind, those that `dynamic` makes among them."""
        for each in self.blocks:
            if each.kind == kind:
                yield each
            elif each.kind == "dynamic" and each.labels[:1] == (kind,):
                yield from (one for one in each.blocks if one.kind == "content")


def parse(source: Source) -> tuple[Block, ...]:
    """The blocks of a file.

    Errors:
        Unreadable at the first place that the grammar does not know.
    """
    return _Reader(source).blocks()


@cache
def _parser() -> Any:
    import tree_sitter
    import tree_sitter_hcl

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        try:
            self.tree = Tree(source, _parser(), (b"*/",))
        except Tangled as error:
            raise self.refusal(f"this is not HCL: {error.message}", error.span) from None
        self.span, self.text = self.tree.span, self.tree.text

    def blocks(self) -> tuple[Block, ...]:
        root = self.tree.root
        if root.has_error:
            raise self.refusal("this is not HCL: terraform stops here", self.span(_first_error(root)))
        body = next((each for each in root.named_children if each.type == "body"), None)
        return self.body(body, 0)[1] if body is not None else ()

    def refusal(self, message: str, wrong: Span) -> Unreadable:
        if is_template(self.source, wrong.start):
            return Template("a template is no HCL until it is rendered", wrong)
        return Unreadable(message, wrong)

    def body(self, node: Any, depth: int) -> tuple[tuple[Attribute, ...], tuple[Block, ...]]:
        if depth > MAX_DEPTH:
            raise Unreadable(f"nested deeper than {MAX_DEPTH} levels", self.span(node))
        attributes, blocks = [], []
        for each in node.named_children:
            if each.type == "attribute":
                name, *rest = each.named_children
                if rest:
                    value = self.value(rest[-1], depth + 1)
                    attributes.append(Attribute(self.text(name), value, self.span(each)))
            elif each.type == "block":
                blocks.append(self.block(each, depth))
        return tuple(attributes), tuple(blocks)

    def block(self, node: Any, depth: int) -> Block:
        kind, *rest = node.named_children
        labels = [each for each in rest if each.type in ("string_lit", "identifier")]
        body = next((each for each in rest if each.type == "body"), None)
        attributes, blocks = self.body(body, depth + 1) if body is not None else ((), ())
        head = self.span(kind).cover(self.span(labels[-1])) if labels else self.span(kind)
        names = tuple(self.text(each).strip('"') for each in labels)
        return Block(self.text(kind), names, head, self.span(node), attributes, blocks)

    def value(self, node: Any, depth: int) -> Value:
        if depth > MAX_DEPTH:
            raise Unreadable(f"nested deeper than {MAX_DEPTH} levels", self.span(node))
        span = self.span(node)
        inner = [each for each in node.named_children if each.type != "comment"]
        if (
            node.type in ("expression", "literal_value", "collection_value", "template_expr")
            and len(inner) == 1
        ):
            return self.value(inner[0], depth + 1)
        if node.type in ("string_lit", "quoted_template", "heredoc_template"):
            return self.string(node, inner, span)
        if node.type in _LITERALS:
            return Value(_LITERALS[node.type], self.text(node), span)
        if node.type == "tuple":
            items = [self.value(each, depth + 1) for each in inner if each.type == "expression"]
            return Value(Kind.LIST, "", span, tuple(items))
        if node.type == "object":
            return self.object(inner, span, depth)
        if node.type == "function_call" and inner and self.text(inner[0]) in _WRAPPERS:
            arguments = [each for each in inner if each.type == "function_arguments"]
            given = arguments[0].named_children if arguments else []
            if given and given[0].type == "expression":
                return self.value(given[0], depth + 1)
        return Value(Kind.EXPRESSION, self.text(node)[:_LONGEST], span)

    def string(self, node: Any, inner: list[Any], span: Span) -> Value:
        if any("interpolation" in each.type or "directive" in each.type for each in inner):
            return Value(Kind.EXPRESSION, self.text(node)[:_LONGEST], span)
        literal = "".join(self.text(each) for each in inner if each.type == "template_literal")
        return Value(Kind.TEXT, literal, span)

    def object(self, inner: list[Any], span: Span, depth: int) -> Value:
        keys, items = [], []
        for each in inner:
            pair = [one for one in each.named_children if one.type == "expression"]
            if each.type == "object_elem" and len(pair) == 2:
                keys.append(self.text(pair[0]).strip('"'))
                items.append(self.value(pair[1], depth + 1))
        return Value(Kind.OBJECT, "", span, tuple(items), tuple(keys))


_LITERALS = {"numeric_lit": Kind.NUMBER, "bool_lit": Kind.BOOL, "null_lit": Kind.NULL}
# Calls that hand on what they are given, in another form.
_WRAPPERS = frozenset(
    {"jsonencode", "yamlencode", "tolist", "toset", "tostring", "tomap", "sensitive", "nonsensitive"}
)


def _first_error(root: Any) -> Any:
    node = root
    while True:
        below = next((each for each in node.children if each.has_error or each.is_missing), None)
        if below is None or node.type == "ERROR":
            return node
        node = below
