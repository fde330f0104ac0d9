"""Words of a shell script, from tree-sitter's nodes: quotes removed, expansions and holes kept apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from runcrew_lint.documents.shell_tree import Part, PartKind, Word
from runcrew_lint.documents.spliced import Spliced
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Span

_PLAIN = lazily(r"[\w./@%:,=+-]+")
_SHELL_OPTION = lazily(r"sh\s+-")
_WIDE = lazily(r"[^\x00-\x7f]")
_ESCAPED = lazily(r"\\(\n|.)", re.DOTALL)
_ESCAPED_IN_QUOTES = lazily(r"\\([$`\"\\\n])")
_ANSI = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "e": "\x1b"}
_EXPANSION = lazily(
    r"\$\{(?P<name>[A-Za-z_]\w*|[0-9@*#?])"
    r"(?::?[-=](?:(?P<quote>['\"])(?P<quoted>[^$`\"'\\]*)(?P=quote)|(?P<default>[^$`\"'\\]*))"
    r"|(?P<trim>(?:##?|%%?)[^$`\"'\\}]+))?\}"
)


class Words:
    """Reads the words of one script; nodes are tree-sitter's, which counts bytes."""

    def __init__(self, script: Spliced, holes: tuple[Span, ...]) -> None:
        self.script, self.holes = script, holes
        self.text = text = _filled(script.text, holes)
        self.hands = "ssh" in text or _SHELL_OPTION.search(text) is not None
        self.nests = "$(" in text or "`" in text or "<(" in text or ">(" in text
        # What is not ASCII is a part of words alone: a letter for each keeps bytes and characters alike.
        self.bytes = (text if text.isascii() else _WIDE.sub("_", text)).encode("ascii")

    def range(self, node: Any) -> Span:
        """A node's range in the joined text."""
        return Span(node.start_byte, node.end_byte)

    def place(self, node: Any) -> Span:
        """A node's span in the file."""
        return self.script.span(*self.range(node))

    def source(self, node: Any) -> str:
        """A node's text, holes as they were written."""
        start, end = self.range(node)
        return self.script.text[start:end]

    def word(self, node: Any) -> Word:
        start, end = span = self.range(node)
        text = self.text[start:end]
        if not self.holes and _PLAIN.fullmatch(text):  # most words are
            return Word(self.script.span(*span), (Part(PartKind.TEXT, text),))
        return Word(self.script.span(*span), _joined(self.parts(node, quoted=False)))

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


def _filled(text: str, holes: tuple[Span, ...]) -> str:
    """The text with a word of the same length in each hole."""
    parts, at = [], 0
    for start, end in sorted(holes):
        parts += [text[at:start], "_" * (end - max(start, at))]
        at = max(at, end)
    return "".join(parts) + text[at:]
