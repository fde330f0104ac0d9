"""`Sentry.init({...})` in TypeScript and JavaScript, of whichever of Sentry's packages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from runcrew_lint.documents import typescript
from runcrew_lint.documents.typescript import Tree
from runcrew_lint.domains.runtime.facts import Option, SentryInit
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_PACKAGE = lazily(r"(?:@sentry/[\w-]+|sentry-expo)(?:/[\w/-]+)?\Z")
_HUMP = lazily(r"(?<=[a-z0-9])(?=[A-Z])")
_CALL = lazily(r"\b(\w{1,60})(?:\s{0,20}\.\s{0,20}(?:Native\s{0,5}\.\s{0,5})?(init))?\s{0,20}\(")
_IMPORT = lazily(
    r"\bimport\s{1,20}(?P<what>[^;'\"]{1,2000}?)\s{1,20}from\s{0,20}['\"](?P<package>[^'\"\n]{1,80})['\"]"
    r"|\b(?:const|let|var)\s{1,20}(?P<bound>[^;=]{1,400}?)\s{0,20}=\s{0,20}require\(\s{0,5}['\"](?P<required>[^'\"\n]{1,80})['\"]"
)


def inits(source: Source) -> tuple[SentryInit, ...]:
    """The calls of one file; the tree is built only where a name that Sentry's packages give is called."""
    spaces, functions = _imports(source.text)
    if not spaces and not functions:
        return ()
    found: list[SentryInit] = []
    for call in _CALL.finditer(source.text):
        sdk = spaces.get(call[1], "") if call[2] else functions.get(call[1], "")
        if sdk:
            found += _init(source, call, sdk)
    return tuple(found)


def _imports(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """The names of Sentry's modules, and of its function `init`, each with its package."""
    spaces: dict[str, str] = {}
    functions: dict[str, str] = {}
    for found in _IMPORT.finditer(text):
        package = found["package"] or found["required"] or ""
        if not _PACKAGE.match(package):
            continue
        what = found["what"] or found["bound"] or ""
        if whole := re.search(r"\*\s+as\s+(\w+)|\A\s*(\w+)\s*(?:,|\Z)", what):
            spaces[whole[1] or whole[2]] = package
        if named := re.search(r"\{([^}]*)\}", what):
            for part in named[1].split(","):
                name, _, alias = (re.sub(r"\s+as\s+|\s*:\s*", " as ", part.strip())).partition(" as ")
                if name == "init":
                    functions[alias or name] = package
    return spaces, functions


def _init(source: Source, call: re.Match[str], sdk: str) -> Iterator[SentryInit]:
    tree: Tree = source.derive(typescript.parse)
    node = tree.at(call.start(1), call.end(1))
    while node is not None and node.type != "call_expression":
        if typescript.is_comment(node) or node.type in ("string_fragment", "string", "template_string"):
            return
        node = node.parent
    if node is None:
        return
    function = node.child_by_field_name("function")
    if function is None or tree.offset(function.start_byte) != call.start(1):
        return
    arguments = [
        each for each in node.child_by_field_name("arguments").named_children if each.type != "comment"
    ]
    config = arguments[0] if arguments else None
    span = Span(tree.offset(function.start_byte), tree.offset(function.end_byte))
    if config is None or config.type != "object":
        yield SentryInit(sdk, span, (), config is not None, None)
        return
    options = tuple(_options(tree, config))
    members = [each for each in config.named_children if each.type != "comment"]
    closed = ("pair", "shorthand_property_identifier", "method_definition")
    is_open = any(each.type not in closed for each in members)
    last = members[-1] if members else None
    end = Span(tree.offset(last.start_byte), tree.offset(last.end_byte)) if last is not None else None
    yield SentryInit(sdk, span, options, is_open, end)


def _options(tree: Tree, config: Any) -> Iterator[Option]:
    for each in config.named_children:
        if each.type == "shorthand_property_identifier":
            name = tree.text(each)
            yield Option(_snake(name), _span(tree, each), None, False, (), name)
        elif each.type == "pair":
            key = tree.text(each.child_by_field_name("key")).strip("'\"")
            value = each.child_by_field_name("value")
            yield _option(tree, _snake(key), value)
        elif each.type == "method_definition":
            name = each.child_by_field_name("name")
            yield Option(_snake(tree.text(name)), _span(tree, name), None, False, (), "")


def _option(tree: Tree, name: str, value: Any) -> Option:
    while (
        value.type in ("as_expression", "parenthesized_expression", "non_null_expression")
        and value.named_children
    ):
        value = value.named_children[0]
    written = tree.text(value)
    literal: str | float | bool | None = None
    if value.type == "string":
        literal = written[1:-1]
    elif value.type == "number":
        literal = next(iter(_numbers(tree, value)), None)
    elif value.type in ("true", "false"):
        literal = value.type == "true"
    is_literal = value.type in ("string", "number", "true", "false", "null", "undefined")
    is_secret = is_literal and name == "dsn"
    return Option(
        name,
        _span(tree, value),
        None if is_secret else literal,
        is_literal,
        tuple(_numbers(tree, value)),
        "" if is_secret else written[:120],
    )


def _numbers(tree: Tree, value: Any) -> Iterator[float]:
    if value.type == "number":
        try:
            yield float(tree.text(value).replace("_", ""))
        except ValueError:
            return
    elif value.type == "ternary_expression":
        for arm in ("consequence", "alternative"):
            yield from _numbers(tree, value.child_by_field_name(arm))
    elif value.type == "parenthesized_expression" and value.named_children:
        yield from _numbers(tree, value.named_children[0])


def _span(tree: Tree, node: Any) -> Span:
    return Span(tree.offset(node.start_byte), tree.offset(node.end_byte))


def _snake(name: str) -> str:
    return _HUMP.sub("_", name).lower()
