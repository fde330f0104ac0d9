"""Shell scripts to statements, by tree-sitter's bash grammar (one wheel, nothing is downloaded)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from itertools import zip_longest
from typing import Any

from runcrew_lint.documents.grammar import FOUND_IN_HOLES, OPERATIONS_OF_SHELL, Tangled, root_of
from runcrew_lint.documents.shell_chain import chained, levels, links_of
from runcrew_lint.documents.shell_handed import Handed, HandedOver
from runcrew_lint.documents.shell_tree import (
    Arm,
    Assignment,
    Branch,
    Broken,
    Case,
    Chain,
    For,
    Function,
    Group,
    If,
    Operation,
    Part,
    PartKind,
    Redirected,
    Simple,
    Statement,
    Test,
    While,
    Word,
)
from runcrew_lint.documents.spliced import Spliced
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Span

MAX_LENGTH = 200_000  # characters; a longer script is data
MAX_DEPTH = 50  # levels of nesting
_SAMPLE = 200  # characters kept of what does not parse
# Brackets of one kind that are open at once (27 in 8,300 public scripts). Of what is nested deeper nothing is
# read anyway, and where they are never closed the grammar keeps every way to read them open.
_OPEN = 100
_BRACKETS = (
    (b"[[", lazily(rb"(\[\[(?![:.=]))|\]\]")),
    (b"{", lazily(rb"(\{)|\}")),
    (b"(", lazily(rb"(\()|\)")),
)

_GROUPS = {
    "subshell": "subshell",
    "compound_statement": "group",
    "pipeline": "pipeline",
    "negated_command": "negated",
    "do_group": "group",
}
_WORDS = frozenset(
    (
        "word", "string", "raw_string", "ansi_c_string", "translated_string", "concatenation", "number",
        "simple_expansion", "expansion", "command_substitution", "arithmetic_expansion",
        "process_substitution", "brace_expression", "extglob_pattern", "regex", "command_name",
        "test_operator", "variable_name", "special_variable_name",
    )
)  # fmt: skip
_ASSIGNMENTS = ("variable_assignment", "variable_assignments", "declaration_command", "unset_command")
_SIMPLE = frozenset(("command", "test_command", *_ASSIGNMENTS))
_COMPARISONS = {"=": Operation.EQUAL, "==": Operation.EQUAL, "!=": Operation.UNEQUAL}
_JUNCTIONS = {"&&": Operation.AND, "||": Operation.OR, "-a": Operation.AND, "-o": Operation.OR}


def parse(script: Spliced, holes: Iterable[Span] = (), depth: int = 0) -> tuple[Statement, ...]:
    """The statements of a script; what does not parse is `Broken`, in its place.

    Arguments:
        script: the script as the shell gets it, each character with its place in the file.
        holes: the ranges of the script that another language fills in before the shell sees them.
        depth: how many levels of a script it is handed over in.
    """
    if len(script.text) <= MAX_LENGTH and depth <= MAX_DEPTH:
        with suppress(RecursionError, Tangled):  # words and tests nested beyond what anybody wrote
            return _Script(script, tuple(holes)).statements(depth)
    return (Broken(script.span(0, len(script.text)), script.text[:_SAMPLE]),)


@cache
def _parser() -> Any:
    import tree_sitter

    return tree_sitter.Parser(tree_sitter.Language(_grammar()))


def _grammar() -> object:
    """The grammar's own module; its package would import half of the library for queries nobody asks."""
    package = find_spec("tree_sitter_bash")
    places = package.submodule_search_locations if package else None
    found = PathFinder.find_spec("tree_sitter_bash._binding", places) if places else None
    if found is None or found.loader is None:  # put together otherwise than today's wheels are
        import tree_sitter_bash

        return tree_sitter_bash.language()
    binding: Any = module_from_spec(found)
    found.loader.exec_module(binding)
    language: object = binding.language()
    return language


def tree_of(script: bytes) -> Any:
    """The root of tree-sitter's tree of a script.

    Errors:
        Tangled where the grammar loses its way too often, or would.
    """
    if any(script.count(bracket) > _OPEN and _nests(script, each) for bracket, each in _BRACKETS):
        raise Tangled("more brackets are open at once than anybody wrote")
    return root_of(_parser(), script, found=FOUND_IN_HOLES, operations=OPERATIONS_OF_SHELL)


class _Script(HandedOver):
    """One script on its way from syntax nodes to statements."""

    def statements(self, depth: int) -> tuple[Statement, ...]:
        return self.block(tree_of(self.bytes).named_children, depth)

    def block(self, nodes: Iterable[Any], depth: int) -> tuple[Statement, ...]:
        nodes = list(nodes)
        if depth > MAX_DEPTH:
            return tuple(self.broken(node) for node in nodes)
        found: list[Statement] = []
        for node, following in zip_longest(nodes, nodes[1:]):
            cut_short = following is not None and following.type == "ERROR"
            if node.type == "command" and (cut_short or node.has_error):
                found.append(self.broken(node))  # its words may go on where the grammar lost its way
            else:
                found += self.statement(node, depth + 1)
        return tuple(found)

    def statement(self, node: Any, depth: int) -> Iterator[Statement]:
        kind = node.type
        if kind == "comment":
            return
        if kind in _SIMPLE and self.nests:
            for inner in _substitutions(node):
                yield Group("substitution", self.block(inner.named_children, depth))
        if kind == "ERROR":
            yield self.broken(node)
        elif kind == "command":
            words = [child for child in node.named_children if child.type in _WORDS]
            handed = self.handed(words) if self.hands else None
            if handed is None or handed.kind == "remote":
                yield self.simple(node, words)
            if handed is not None:
                yield self.inner(handed, depth)
        elif kind in _ASSIGNMENTS:
            yield Simple(self.place(node), tuple(self.assignments(node)), ())
        elif kind == "test_command":
            yield self.test_command(node)
        elif kind == "list":
            yield from self.chain(node, depth)
        elif kind in _GROUPS:
            yield Group(_GROUPS[kind], self.block(node.named_children, depth))
        elif kind == "redirected_statement":
            targets = (self.target(each) for each in node.named_children if each.type == "file_redirect")
            body = self.block(node.named_children, depth)
            yield from _redirected(body, tuple(each for each in targets if each))
            inner = self.here_document(node, depth)
            if inner:
                yield inner
        elif kind == "if_statement":
            yield self.branches(node, depth)
        elif kind == "case_statement":
            yield self.case(node, depth)
        elif kind in ("for_statement", "c_style_for_statement", "while_statement"):
            yield self.loop(node, depth)
        elif kind == "function_definition":
            body = node.child_by_field_name("body")
            yield Function(self.source(node.child_by_field_name("name")), self.block([body], depth))
        elif kind not in _WORDS and not kind.endswith("_redirect"):
            yield self.broken(node)

    def inner(self, handed: Handed, depth: int) -> Group:
        """The statements of a script that is handed over."""
        return Group(handed.kind, parse(handed.script, handed.holes, depth + 1), handed.shell)

    def here_document(self, node: Any, depth: int) -> Group | None:
        """What a command reads as its script from `<<EOF`, or by `< script.sh` on another machine."""
        command = next((child for child in node.named_children if child.type == "command"), None)
        if command is None:
            return None
        words = [child for child in command.named_children if child.type in _WORDS]
        texts = [self.source(child) for child in words]
        for redirect in node.named_children:
            bodies = [child for child in redirect.named_children if child.type == "heredoc_body"]
            if redirect.type == "heredoc_redirect" and bodies:
                handed = self.document(texts, bodies[0])
                return self.inner(handed, depth) if handed else None
            name = redirect.child_by_field_name("destination") if redirect.type == "file_redirect" else None
            if name is not None and any(child.type == "<" for child in redirect.children):
                if self.behind_ssh(texts) is not None:
                    shell = Word(self.place(command), (Part(PartKind.TEXT, "bash"),))
                    return Group(
                        "remote script", (Simple(self.place(command), (), (shell, self.word(name))),)
                    )
        return None

    def broken(self, node: Any) -> Broken:
        return Broken(self.place(node), self.source(node)[:_SAMPLE])

    def target(self, redirect: Any) -> Word | None:
        """The file that output goes to; None for input and for `2>&1`."""
        operator = next((child.type for child in redirect.children if not child.is_named), "")
        found = redirect.child_by_field_name("destination")
        return self.word(found) if operator in (">", ">>", "&>", "&>>") and found is not None else None

    def simple(self, node: Any, words: Iterable[Any]) -> Simple:
        return Simple(self.place(node), tuple(self.assignments(node)), tuple(map(self.word, words)))

    def assignments(self, node: Any) -> Iterator[Assignment]:
        for each in [node] if node.type == "variable_assignment" else node.named_children:
            if each.type == "variable_name" and node.type == "declaration_command":
                yield Assignment(self.source(each), None)
            if each.type != "variable_assignment":
                continue
            value = each.child_by_field_name("value")
            name = self.source(each.child_by_field_name("name"))
            if value is None:
                yield Assignment(name, Word(self.place(each), ()))
            elif any(child.type == "+=" for child in each.children):
                opaque = Part(PartKind.OPAQUE, self.source(each))
                yield Assignment(name, Word(self.place(value), (opaque,)))
            else:
                yield Assignment(name, self.word(value))

    def chain(self, node: Any, depth: int) -> tuple[Statement, ...]:
        first, links = links_of(node)
        if not links:
            return self.block(node.named_children, depth)
        if levels(links) > MAX_DEPTH:
            return (self.broken(node),)
        rest = [(operator, self.block(nodes, depth)) for operator, nodes in links]
        return chained(self.block([first], depth), rest)

    def branches(self, node: Any, depth: int) -> If:
        branches: list[Branch] = []
        otherwise: tuple[Statement, ...] = ()
        own = [child for child in node.children if child.type not in ("elif_clause", "else_clause")]
        branches.append(self.branch(own, depth))
        for child in node.named_children:
            if child.type == "elif_clause":
                branches.append(self.branch(child.children, depth))
            elif child.type == "else_clause":
                otherwise = self.block(child.named_children, depth)
        return If(tuple(branches), otherwise)

    def branch(self, nodes: list[Any], depth: int) -> Branch:
        then = next((index for index, node in enumerate(nodes) if node.type == "then"), len(nodes))
        test = [node for node in nodes[:then] if node.is_named]
        body = [node for node in nodes[then:] if node.is_named]
        return Branch(self.block(test, depth), self.block(body, depth))

    def case(self, node: Any, depth: int) -> Case:
        subject = self.word(node.child_by_field_name("value"))
        arms = []
        for item in node.named_children:
            if item.type == "case_item":
                patterns = item.children_by_field_name("value")
                ends = max((each.end_byte for each in patterns), default=item.start_byte)
                body = [each for each in item.named_children if each.start_byte >= ends]
                arms.append(Arm(tuple(map(self.word, patterns)), self.block(body, depth)))
        return Case(subject, tuple(arms))

    def loop(self, node: Any, depth: int) -> Statement:
        found = node.child_by_field_name("body")
        body = self.block([found] if found else [], depth)
        if node.type != "for_statement":
            asked = node.children_by_field_name("condition") if node.type == "while_statement" else ()
            return While(self.block([each for each in asked if each.is_named], depth), body)
        items = tuple(self.word(each) for each in node.children_by_field_name("value"))
        return For(self.source(node.child_by_field_name("variable")), items, body)

    def test_command(self, node: Any) -> Test:
        inner = [child for child in node.named_children if child.type != "comment"]
        if len(inner) != 1:
            return Test(self.place(node), Operation.UNKNOWN, ())
        return self.test(inner[0], node.children[0].type == "[[")

    def test(self, node: Any, doubled: bool) -> Test:
        span = self.place(node)
        operator = node.child_by_field_name("operator")
        operation = self.source(operator) if operator is not None else ""
        inner = [child for child in node.named_children if child != operator]
        if node.type == "parenthesized_expression" and len(inner) == 1:
            return self.test(inner[0], doubled)
        if operation in _JUNCTIONS and len(inner) == 2:
            tests = tuple(self.test(each, doubled) for each in inner)
            return Test(span, _JUNCTIONS[operation], (), tests)
        if operation == "!" and len(inner) == 1:
            return Test(span, Operation.NOT, (), (self.test(inner[0], doubled),))
        if operation in _COMPARISONS and len(inner) == 2:
            pattern = doubled and inner[1].type not in ("string", "raw_string", "ansi_c_string")
            return Test(span, _COMPARISONS[operation], tuple(map(self.word, inner)), (), pattern)
        if operation in ("-z", "-n") and len(inner) == 1:
            return Test(span, Operation(operation), (self.word(inner[0]),))
        if node.type in _WORDS:
            return Test(span, Operation.FILLED, (self.word(node),))
        return Test(span, Operation.UNKNOWN, ())


def _nests(script: bytes, bracket: re.Pattern[bytes]) -> bool:
    """Whether more of a kind of bracket are open at once than `_OPEN`; what closes none is passed over."""
    depth = 0
    for each in bracket.finditer(script):
        depth = depth + 1 if each[1] else max(depth - 1, 0)
        if depth > _OPEN:
            return True
    return False


def _redirected(body: tuple[Statement, ...], targets: tuple[Word, ...]) -> Iterator[Statement]:
    """A redirection binds to the last command of `a && b > file`; the grammar puts it around all of them."""
    match body:
        case (Chain(operator, left, right),):
            yield Chain(operator, left, tuple(_redirected(right, targets)))
        case _:
            yield Redirected(body, targets)


def _substitutions(node: Any) -> Iterator[Any]:
    """The outermost `$( )` and `<( )` below a node, left to right."""
    waiting = node.named_children[::-1]
    while waiting:
        child = waiting.pop()
        if child.type in ("command_substitution", "process_substitution"):
            yield child
        else:
            waiting += child.named_children[::-1]
