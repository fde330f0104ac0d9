"""Shell scripts to statements, by tree-sitter's bash grammar (one wheel, nothing is downloaded)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import accumulate, zip_longest
from typing import Any

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
from runcrew_lint.text import Span

MAX_LENGTH = 200_000  # characters; a longer script is data
MAX_DEPTH = 50  # levels of nesting
_SAMPLE = 200  # characters kept of what does not parse

_GROUPS = {
    "subshell": "subshell",
    "compound_statement": "group",
    "pipeline": "pipeline",
    "negated_command": "negated",
    "list": "list",
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
_EXPANSION = re.compile(
    r"\$\{(?P<name>[A-Za-z_]\w*|[0-9@*#?])"
    r"(?::?[-=](?:(?P<quote>['\"])(?P<quoted>[^$`\"'\\]*)(?P=quote)|(?P<default>[^$`\"'\\]*))"
    r"|(?P<trim>(?:##?|%%?)[^$`\"'\\}]+))?\}"
)
_SHELLS = ("sh", "bash", "dash", "zsh", "ash")
_ASSIGNMENTS = ("variable_assignment", "variable_assignments", "declaration_command", "unset_command")
_ESCAPED = re.compile(r"\\(\n|.)", re.DOTALL)
_ESCAPED_IN_QUOTES = re.compile(r"\\([$`\"\\\n])")
_ANSI = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "e": "\x1b"}
_COMPARISONS = {"=": Operation.EQUAL, "==": Operation.EQUAL, "!=": Operation.UNEQUAL}
_JUNCTIONS = {"&&": Operation.AND, "||": Operation.OR, "-a": Operation.AND, "-o": Operation.OR}


def parse(script: Spliced, holes: Iterable[Span] = ()) -> tuple[Statement, ...]:
    """The statements of a script; what does not parse is `Broken`, in its place.

    Arguments:
        script: the script as the shell gets it, each character with its place in the file.
        holes: the ranges of the script that another language fills in before the shell sees them.
    """
    if len(script.text) > MAX_LENGTH:
        return (Broken(script.span(0, len(script.text)), script.text[:_SAMPLE]),)
    return _Script(script, tuple(holes)).statements()


@cache
def _parser() -> Any:
    import tree_sitter
    import tree_sitter_bash

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))


class _Script:
    """One script on its way from syntax nodes to statements."""

    def __init__(self, script: Spliced, holes: tuple[Span, ...]) -> None:
        self.script, self.holes = script, holes
        text = script.text
        for hole in holes:
            text = text[: hole.start] + "_" * (hole.end - hole.start) + text[hole.end :]
        self.text = text
        self.bytes = text.encode("utf-8", "replace")
        self.offsets: list[int] | None = None
        if len(self.bytes) != len(text):
            widths = (len(each.encode("utf-8", "replace")) for each in text)
            self.offsets = [0] * (len(self.bytes) + 1)
            for at, byte in enumerate(accumulate(widths, initial=0)):
                self.offsets[byte] = at

    def statements(self) -> tuple[Statement, ...]:
        return self.block(_parser().parse(self.bytes).root_node.named_children, 0)

    def range(self, node: Any) -> Span:
        """A node's range in the joined text."""
        if self.offsets is None:
            return Span(node.start_byte, node.end_byte)
        return Span(self.offsets[node.start_byte], self.offsets[node.end_byte])

    def place(self, node: Any) -> Span:
        """A node's span in the file."""
        return self.script.span(*self.range(node))

    def source(self, node: Any) -> str:
        """A node's text, holes as they were written."""
        start, end = self.range(node)
        return self.script.text[start:end]

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
        if kind in ("command", "test_command", *_ASSIGNMENTS):
            for inner in _substitutions(node):
                yield Group("substitution", self.block(inner.named_children, depth))
        if kind == "ERROR":
            yield self.broken(node)
        elif kind == "command":
            inner = self.handed_over(node)
            yield Group("subshell", inner) if inner is not None else self.simple(node)
        elif kind in _ASSIGNMENTS:
            yield Simple(self.place(node), tuple(self.assignments(node)), ())
        elif kind == "test_command":
            yield self.test_command(node)
        elif kind == "list":
            yield self.chain(node, depth)
        elif kind in _GROUPS:
            yield Group(_GROUPS[kind], self.block(node.named_children, depth))
        elif kind == "redirected_statement":
            targets = (self.target(each) for each in node.named_children if each.type == "file_redirect")
            yield Redirected(self.block(node.named_children, depth), tuple(each for each in targets if each))
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

    def handed_over(self, node: Any) -> tuple[Statement, ...] | None:
        """The statements of `bash -c '...'`, where the script is one quoted word without escapes."""
        nodes = [child for child in node.named_children if child.type in _WORDS]
        if len(nodes) < 3 or self.source(nodes[0]).rpartition("/")[2] not in _SHELLS:
            return None
        option, script = self.source(nodes[1]), nodes[2]
        text = self.source(script)
        if not re.fullmatch(r"-\w*c", option) or script.type not in ("raw_string", "string") or "\\" in text:
            return None
        start, end = self.range(script)
        holes = [
            Span(hole.start - start - 1, hole.end - start - 1)
            for hole in self.holes
            if start < hole.start and hole.end < end
        ]
        return parse(self.script.cut(start + 1, end - 1), holes)

    def broken(self, node: Any) -> Broken:
        return Broken(self.place(node), self.source(node)[:_SAMPLE])

    def target(self, redirect: Any) -> Word | None:
        """The file that output goes to; None for input and for `2>&1`."""
        operator = next((child.type for child in redirect.children if not child.is_named), "")
        found = redirect.child_by_field_name("destination")
        return self.word(found) if operator in (">", ">>", "&>", "&>>") and found is not None else None

    def simple(self, node: Any) -> Simple:
        words = [
            self.word(child)
            for child in node.named_children
            if child.type in _WORDS and not child.type.endswith("_redirect")
        ]
        return Simple(self.place(node), tuple(self.assignments(node)), tuple(words))

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

    def chain(self, node: Any, depth: int) -> Statement:
        operator = next((child.type for child in node.children if child.type in ("&&", "||")), "")
        named = node.named_children
        if not operator or len(named) < 2:
            return Group("list", self.block(named, depth))
        return Chain(operator, self.block(named[:1], depth), self.block(named[1:], depth))

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
            return While(body)
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

    def word(self, node: Any) -> Word:
        return Word(self.place(node), _joined(self.parts(node, quoted=False)))

    def parts(self, node: Any, quoted: bool) -> Iterator[Part]:
        kind = node.type
        if kind == "raw_string":
            start, end = self.range(node)
            yield from self.filled(start + 1, end - 1, quoted=True)
        elif kind in ("string", "translated_string"):
            yield from self.inside(node)
        elif kind == "concatenation":
            for child in node.children:
                yield from self.parts(child, quoted)
        elif kind == "command_name":
            for child in node.named_children:
                yield from self.parts(child, quoted)
        elif kind == "simple_expansion":
            yield Part(PartKind.VARIABLE, self.source(node).lstrip()[1:], None, quoted)
        elif kind == "expansion":
            yield self.expansion(node)._replace(quoted=quoted)
        elif kind == "ansi_c_string":
            body = self.source(node)[2:-1]
            yield Part(PartKind.TEXT, re.sub(r"\\(.)", lambda found: _ANSI.get(found[1], found[0]), body))
        elif kind in ("command_substitution", "arithmetic_expansion", "process_substitution", "regex"):
            yield Part(PartKind.OPAQUE, self.source(node), None, quoted)
        else:
            unescape = _ESCAPED_IN_QUOTES if quoted else _ESCAPED
            yield from self.filled(*self.range(node), unescape, quoted)

    def inside(self, node: Any) -> Iterator[Part]:
        """A double-quoted string: the text between its expansions is kept to the last blank."""
        start, end = self.range(node)
        start = self.text.index('"', start) + 1
        for child in node.named_children:
            if child.type == "string_content":
                continue
            at, after = self.range(child)
            yield from self.filled(start, at + _led(self.text, at), _ESCAPED_IN_QUOTES, True)
            yield from self.parts(child, quoted=True)
            start = after
        yield from self.filled(start, end - 1, _ESCAPED_IN_QUOTES, True)

    def filled(
        self, start: int, end: int, unescape: re.Pattern[str] | None = None, quoted: bool = False
    ) -> Iterator[Part]:
        """The text of a range, and the holes in it."""
        for hole in self.holes:
            if hole.start >= end or hole.end <= start:
                continue
            if hole.start > start:
                yield Part(PartKind.TEXT, _unescaped(self.text[start : hole.start], unescape))
            yield Part(PartKind.HOLE, self.script.text[hole.start : hole.end], None, quoted)
            start = hole.end
        if start < end:
            yield Part(PartKind.TEXT, _unescaped(self.text[start:end], unescape))

    def expansion(self, node: Any) -> Part:
        text = self.source(node).strip()
        found = _EXPANSION.fullmatch(text)
        if not found:
            return Part(PartKind.OPAQUE, text)
        default = found["quoted"] if found["quote"] else found["default"]
        return Part(PartKind.VARIABLE, found["name"], default, trim=found["trim"] or "")


def _substitutions(node: Any) -> Iterator[Any]:
    """The outermost `$( )` and `<( )` below a node, left to right."""
    for child in node.named_children:
        if child.type in ("command_substitution", "process_substitution"):
            yield child
        else:
            yield from _substitutions(child)


def _led(text: str, at: int) -> int:
    """How many blanks the grammar has drawn into an expansion's own token."""
    return len(text[at:]) - len(text[at:].lstrip(" \t\n")) if text[at : at + 1].isspace() else 0


def _unescaped(text: str, pattern: re.Pattern[str] | None) -> str:
    if pattern is None or "\\" not in text:
        return text
    return pattern.sub(lambda found: "" if found[1] == "\n" else found[1], text)


def _joined(parts: Iterable[Part]) -> tuple[Part, ...]:
    joined: list[Part] = []
    for part in parts:
        if joined and part.kind is PartKind.TEXT is joined[-1].kind:
            joined[-1] = Part(PartKind.TEXT, joined[-1].text + part.text)
        else:
            joined.append(part)
    return tuple(joined)
