"""JavaScript and TypeScript: process.env, import.meta.env, @env, react-native-config, NestJS's services."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from runcrew_lint.documents import typescript
from runcrew_lint.documents.typescript import Tree
from runcrew_lint.domains.environment.facts import EnvUse, Read, Way
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_OBJECTS = lazily(
    r"(?<![\w$.])(?:(?:globalThis|global|window)\.)?process\.env\b|\bimport\.meta\.env\b|\bBun\.env\b"
)
_MOST = 5000  # places looked at in one file: each costs the depth that it stands in
_MOST_AROUND = 50  # brackets, casts and the like around one value
_IMPORTED = lazily(
    r"import\s{1,20}\{([^{}]{1,2000})\}\s{0,20}from\s{0,20}[\"'](@env|\$env/[\w/]{1,40}|react-native-dotenv)[\"']"
)
_CONFIG = lazily(
    r"import\s{1,20}(?:\*\s{1,20}as\s{1,20})?(\w{1,40})\s{1,20}from\s{0,20}[\"']react-native-config[\"']"
)
# NestJS hands its services the environment by a ConfigService; what is no upper case there is a part of a
# configuration that other files make: https://docs.nestjs.com/techniques/configuration
_NEST = lazily(
    r"\b(\w{1,40})\??\s{0,10}:\s{0,10}ConfigService\b|\b(\w{1,40})\s{0,10}=[^=;]{1,80}\(ConfigService\)"
)
_NEST_NAME = lazily(r"[\"'`]([A-Z][A-Z0-9_]*)[\"'`]")
# A file without any of these matches none of the three: searched for as they are, they cost a twentieth.
_WORDS = (".env", "@env", "$env/", "react-native-dotenv", "react-native-config", "ConfigService")
# What bundlers call modules by: such a file is built from sources that are read themselves, and from
# other people's packages.
_BUNDLED = ("__webpack_require__", "__webpack_modules__", "__nccwpck_require__", "__commonJS(")
_NAME = lazily(r"[A-Za-z_]\w*")
_TRANSPARENT = frozenset(
    {
        "non_null_expression",
        "parenthesized_expression",
        "as_expression",
        "satisfies_expression",
        "await_expression",
    }
)


def read(source: Source) -> EnvUse:
    """The file's reads; what stands in a comment is none, nor what a bundler made."""
    text = source.text
    if (
        not any(word in text for word in _WORDS)
        or not any(each.search(text) for each in (_OBJECTS, _CONFIG, _IMPORTED, _NEST))
        or any(word in text for word in _BUNDLED)
    ):
        return EnvUse(source.path, (), ())  # most files: no parser is loaded for them
    tree: Tree = source.derive(typescript.parse)
    reads: list[Read] = []
    dynamic: list[Span] = []
    for found in islice(_OBJECTS.finditer(source.text), _MOST):
        _of_object(tree, found.start(), found.end(), reads, dynamic)
    for name in {config[1] for config in _CONFIG.finditer(source.text)}:
        for found in islice(re.finditer(rf"\b{name}\b(?=[.\[])", source.text), _MOST):
            _of_object(tree, found.start(), found.end(), reads, dynamic)
    services = _NEST.finditer(text) if "ConfigService" in text else ()  # few files have any
    for name in {nest[1] or nest[2] for nest in services}:
        gets = re.finditer(rf"\b{name}\s{{0,40}}\.(get|getOrThrow)\b(?:<[^<>()]{{1,60}}>)?\(", source.text)
        for found in islice(gets, _MOST):
            _of_service(tree, found.start(1), found.end(), found[1] == "getOrThrow", reads, dynamic)
    reads += _imported(source)
    return EnvUse(source.path, tuple(reads), (), tuple(dynamic))


def _of_object(tree: Tree, start: int, end: int, reads: list[Read], dynamic: list[Span]) -> None:
    node = tree.at(start, end)
    if node is None or typescript.is_comment(node) or node.type in ("string_fragment", "string", "jsx_text"):
        return
    parent = node.parent
    if parent is None:
        return
    if parent.type == "member_expression" and _is_field(parent, "object", node):
        name = parent.child_by_field_name("property")
        reads.append(_read(tree, parent, name, tree.text(name)))
    elif parent.type == "subscript_expression" and _is_field(parent, "object", node):
        index = parent.child_by_field_name("index")
        if index is not None and index.type == "string":
            reads.append(_read(tree, parent, index, tree.text(index)[1:-1]))
        else:
            dynamic.append(Span(start, end))
    elif parent.type == "variable_declarator":
        pattern = parent.child_by_field_name("name")
        if pattern is not None and pattern.type == "object_pattern":
            reads.extend(_destructured(tree, pattern, dynamic))
    elif parent.type in ("arguments", "spread_element"):
        dynamic.append(Span(start, end))


def _of_service(
    tree: Tree, start: int, end: int, throws: bool, reads: list[Read], dynamic: list[Span]
) -> None:
    """A call of get() or getOrThrow() at `start`, whose arguments begin before `end`."""
    call = tree.at(start, end)
    if call is None or call.type != "call_expression":
        return  # in a comment or a string
    given = call.child_by_field_name("arguments").named_children
    if not given:
        return
    name = _NEST_NAME.fullmatch(tree.text(given[0]))
    at = tree.offset(given[0].start_byte)
    if name is not None:
        span = Span(at + 1, at + 1 + len(name[1]))
        reads.append(Read(name[1], span, Way.SCRIPT, len(given) == 1 and _is_open(call), throws))
    elif given[0].type != "string":
        dynamic.append(Span(at, tree.offset(given[0].end_byte)))


def _is_field(parent: Any, field: str, node: Any) -> bool:
    found = parent.child_by_field_name(field)
    return found is not None and found.start_byte == node.start_byte and found.end_byte == node.end_byte


def _read(tree: Tree, whole: Any, name: Any, text: str) -> Read:
    span = Span(tree.offset(name.start_byte), tree.offset(name.end_byte))
    return Read(text, span, Way.SCRIPT, _is_open(whole) and not _is_asked_above(tree, whole, text))


def _is_open(node: Any) -> bool:
    """Whether nothing stands in for the value: no `??`, `||`, `?:` or `?.`, no comparison, no assignment."""
    parent = node.parent
    for _ in range(_MOST_AROUND):  # tree-sitter looks for each parent from the root
        if parent is None or parent.type not in _TRANSPARENT:
            break
        node, parent = parent, parent.parent
    if parent is None:
        return True
    if parent.type == "binary_expression":
        return False
    if parent.type in ("assignment_expression", "augmented_assignment_expression"):
        return not _is_field(parent, "left", node)
    if parent.type == "member_expression":
        return not any(each.type == "optional_chain" for each in parent.children)
    return parent.type not in (
        "ternary_expression",
        "if_statement",
        "unary_expression",
        "expression_statement",
    )


def _is_asked_above(tree: Tree, node: Any, name: str) -> bool:
    """Whether it stands in a branch that is taken where a condition on the same variable says so."""
    child, parent = node, node.parent
    for _ in range(_MOST_AROUND):
        if parent is None:
            return False
        if parent.type in ("if_statement", "ternary_expression"):
            condition = parent.child_by_field_name("condition")
            if condition.end_byte <= child.start_byte and name in _NAME.findall(tree.text(condition)):
                return True
        child, parent = parent, parent.parent
    return False


def _destructured(tree: Tree, pattern: Any, dynamic: list[Span]) -> Iterator[Read]:
    for each in pattern.named_children:
        span = Span(tree.offset(each.start_byte), tree.offset(each.end_byte))
        if each.type == "shorthand_property_identifier_pattern":
            yield Read(tree.text(each), span, Way.SCRIPT, True)
        elif each.type == "object_assignment_pattern":
            yield Read(tree.text(each.child_by_field_name("left")), span, Way.SCRIPT, False)
        elif each.type == "pair_pattern":
            value = each.child_by_field_name("value")
            has_default = value is not None and value.type == "assignment_pattern"
            yield Read(tree.text(each.child_by_field_name("key")), span, Way.SCRIPT, not has_default)
        elif each.type == "rest_pattern":
            dynamic.append(span)


def _imported(source: Source) -> Iterator[Read]:
    for found in _IMPORTED.finditer(source.text):
        at = found.start(1)
        for part in found[1].split(","):
            name = _NAME.search(part)
            if name and not part.strip().startswith("type "):
                start = at + name.start()
                yield Read(name.group(), Span(start, start + len(name.group())), Way.SCRIPT, True)
            at += len(part) + 1
