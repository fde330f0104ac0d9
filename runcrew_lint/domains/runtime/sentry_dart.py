"""`SentryFlutter.init((options) { ... })` and `Sentry.init`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runcrew_lint.documents import dart
from runcrew_lint.documents.grammar import Tree
from runcrew_lint.domains.runtime.facts import Option, SentryInit
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_CLASSES = {"SentryFlutter": "sentry_flutter", "Sentry": "sentry"}
_CALL = lazily(r"\b(?:SentryFlutter|Sentry)\s{0,20}\.\s{0,20}init\b")
_IMPORTED = lazily(r"package:sentry(?:_flutter)?/")
_HUMP = lazily(r"(?<=[a-z0-9])(?=[A-Z])")
_NUMBERS = ("decimal_floating_point_literal", "decimal_integer_literal")


def inits(source: Source) -> tuple[SentryInit, ...]:
    """The calls of one Dart file."""
    if not _CALL.search(source.text) or not _IMPORTED.search(source.text):
        return ()
    tree = source.derive(dart.parse)
    return tuple(_inits(tree, tree.root))


def _inits(tree: Tree, root: Any) -> Iterator[SentryInit]:
    stack = [root]
    while stack:
        node = stack.pop()
        stack.extend(reversed(node.named_children))
        children = node.named_children
        for index, each in enumerate(children[:-2]):
            name = tree.text(each) if each.type == "identifier" else ""
            method, call = children[index + 1], children[index + 2]
            if name in _CLASSES and tree.text(method) == ".init" and call.type == "selector":
                first, last = tree.span(each), tree.span(method)
                yield _init(tree, _CLASSES[name], Span(first.start, last.end), call)


def _init(tree: Tree, sdk: str, span: Span, call: Any) -> SentryInit:
    functions = [each for each in _walk(call) if each.type == "function_expression"]
    if not functions:
        return SentryInit(sdk, span, (), True, None)  # the options are set in a function of its own
    function = functions[0]
    parameter = next((each for each in _walk(function) if each.type == "formal_parameter"), None)
    variable = tree.text(parameter).split()[-1] if parameter is not None else ""
    # A cascade behind a short function hangs beside it, in the argument.
    options = tuple(_options(tree, function.parent, variable))
    handed = any(each.type == "argument" and tree.text(each).strip() == variable for each in _walk(function))
    return SentryInit(sdk, span, options, handed, None)


def _options(tree: Tree, function: Any, variable: str) -> Iterator[Option]:
    for node in _walk(function):
        if node.type == "assignment_expression" and len(node.named_children) >= 2:
            target, value = node.named_children[0], node.named_children[1:]
            owner, _, name = tree.text(target).rpartition(".")
            if owner == variable and name:
                yield _option(tree, name, value)
        elif node.type == "cascade_section" and len(node.named_children) >= 2:
            target, value = node.named_children[0], node.named_children[1:]
            yield _option(tree, tree.text(target), value)


def _option(tree: Tree, name: str, nodes: list[Any]) -> Option:
    first, last = tree.span(nodes[0]), tree.span(nodes[-1])
    value, name = nodes[0], _HUMP.sub("_", name).lower()
    written = "".join(tree.text(each) for each in nodes)
    is_literal = len(nodes) == 1 and value.type in ("string_literal", "true", "false", *_NUMBERS)
    is_secret = is_literal and name == "dsn"
    literal: str | float | None = None
    if is_literal and value.type == "string_literal" and not is_secret:
        literal = written.strip("'\"")
    numbers = tuple(_numbers(tree, value)) if len(nodes) == 1 else ()
    if is_literal and numbers:
        literal = numbers[0]
    return Option(
        name, Span(first.start, last.end), literal, is_literal, numbers, "" if is_secret else written[:120]
    )


def _numbers(tree: Tree, value: Any) -> Iterator[float]:
    if value.type in _NUMBERS:
        yield float(tree.text(value))
    elif value.type == "conditional_expression":
        for arm in value.named_children[1:]:
            yield from _numbers(tree, arm)


def _walk(node: Any) -> Iterator[Any]:
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(current.named_children))
