"""nginx configuration: words, directives and blocks, as nginx's own reader splits them.

Source: nginx's src/core/ngx_conf_file.c (release 1.29) and nginx.org/en/docs/beginners_guide.html. To it
the `${NAME}` of a template that envsubst fills is part of a word, too.
"""

from __future__ import annotations

import re
from dataclasses import field

from runcrew_lint.frozen import frozen, mutable
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

MAX_DEPTH = 60  # blocks in blocks; nginx's own contexts nest five or so

# `}` ends a block only where a word could begin; inside a word it is a character like any other.
_TOKEN = lazily(
    r"""[ \t\r\n]*(?:(?P<comment>\#[^\n]*)|(?P<mark>[;{}])"""
    r"""|(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<open>["'])"""
    r"""|(?P<word>(?:\\.|\$\{?|[^\s;{\\$])+)|(?P<end>\Z|\\\Z))""",
    re.DOTALL,
)
_ESCAPE = lazily(r"""\\(["'\\trn])""")
_ESCAPES = {"t": "\t", "r": "\r", "n": "\n"}


@frozen
class Word:
    """One argument: quotes and escapes taken off."""

    value: str
    span: Span


@frozen
class Directive:
    """`name arguments;`, or with a block in the place of the `;`.

    `span` goes from the name to the `;` or the `{`, which are not counted; `extent` to the block's end.
    """

    name: str
    arguments: tuple[Word, ...]
    span: Span
    extent: Span
    block: tuple[Directive, ...] | None = None


@mutable
class _Open:
    """A block whose end has not come; `head` is the directive that it belongs to."""

    head: list[Word]
    children: list[Directive] = field(default_factory=list)


def parse(source: Source) -> tuple[Directive, ...]:
    """The directives of a file.

    Errors:
        Unreadable where nginx would refuse the syntax.
    """
    return _Parser(source.text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.stack = [_Open([])]
        self.words: list[Word] = []

    def parse(self) -> tuple[Directive, ...]:
        after_quote = -1
        while (match := _TOKEN.match(self.text, self.at)) is not None:
            kind = match.lastgroup or "end"
            start = match.start(kind)
            self.at = match.end()
            if start == after_quote and kind not in ("mark", "end") and not match[kind].startswith(")"):
                raise Unreadable(
                    "a quoted word must be followed by a space, `;` or `{`", Span(start, start + 1)
                )
            if kind == "end":
                return self._end()
            if kind == "open":
                raise Unreadable(f"a {match['open']} that is never closed", Span(start, start + 1))
            if kind == "mark":
                self._mark(match["mark"], start)
            elif kind == "quoted":
                self.words.append(Word(_unescaped(match["quoted"][1:-1]), Span(start, self.at)))
                after_quote = self.at
            elif kind == "word":
                self.words.append(Word(_unescaped(match["word"]), Span(start, self.at)))
        raise Unreadable("this can't be read", Span(self.at, self.at + 1))

    def _mark(self, mark: str, at: int) -> None:
        if mark == "}":
            self._close(at)
        elif not self.words:
            raise Unreadable(f"unexpected `{mark}`", Span(at, at + 1))
        elif mark == ";":
            self._add(self.words, None, at)
            self.words = []
        elif self.words[0].value.endswith("_by_lua_block"):
            self._lua(at)
        elif len(self.stack) > MAX_DEPTH:
            raise Unreadable(f"blocks nested deeper than {MAX_DEPTH} levels", Span(at, at + 1))
        else:
            self.stack.append(_Open(self.words))
            self.words = []

    def _close(self, at: int) -> None:
        if self.words:
            last = self.words[-1].span.end
            raise Unreadable(f"`{self.words[0].value[:40]}` is not ended by `;`", Span(last - 1, last))
        if len(self.stack) == 1:
            raise Unreadable("a `}` too many", Span(at, at + 1))
        done = self.stack.pop()
        self._add(done.head, tuple(done.children), at + 1)

    def _add(self, words: list[Word], block: tuple[Directive, ...] | None, end: int) -> None:
        name, *arguments = words
        span = Span(name.span.start, words[-1].span.end)
        extent = Span(span.start, max(end, span.end))
        self.stack[-1].children.append(Directive(name.value, tuple(arguments), span, extent, block))

    def _end(self) -> tuple[Directive, ...]:
        if self.words:
            last = self.words[-1].span.end
            raise Unreadable(f"`{self.words[0].value[:40]}` is not ended by `;`", Span(last - 1, last))
        if len(self.stack) > 1:
            head = self.stack[-1].head
            raise Unreadable(
                f"the block of `{head[0].value[:40]}` is never closed", head[0].span.cover(head[-1].span)
            )
        return tuple(self.stack[0].children)

    def _lua(self, opened: int) -> None:
        """OpenResty: the block is Lua, whose own braces must balance."""
        depth = 0
        for match in _LUA.finditer(self.text, opened):
            depth += {"{": 1, "}": -1}.get(match[0], 0)
            if depth == 0:
                self.at = match.end()
                self._add(self.words, (), self.at)
                self.words = []
                return
        raise Unreadable(f"the block of `{self.words[0].value}` is never closed", self.words[0].span)


_LUA = lazily(
    r"""[{}]|--\[(=*)\[.*?\]\1\]|--[^\n]*|\[(=*)\[.*?\]\2\]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""",
    re.DOTALL,
)


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]), text)
