"""Dockerfiles as BuildKit reads them: directives, instructions, continuations, heredocs.

Source of the grammar: docs.docker.com/reference/dockerfile and BuildKit's frontend/dockerfile/parser
(August 2026), whose decisions on odd input are followed, so that what reads here builds there.
"""

from __future__ import annotations

import re

from runcrew_lint.documents import dockerfile_words as words
from runcrew_lint.documents.dockerfile_words import SPACE, Flag, Pair, Word
from runcrew_lint.documents.parameters import BadWordError
from runcrew_lint.documents.spliced import Spliced
from runcrew_lint.documents.templates import is_template
from runcrew_lint.frozen import frozen
from runcrew_lint.model.errors import Template, Unreadable
from runcrew_lint.nearest import nearest
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span
from runcrew_lint.tuples import NamedTuple

MAX_LINE = 65_535  # bytes; the builder's own limit for one line

# fmt: off
KEYWORDS = frozenset({
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER",
    "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
})
# fmt: on
_TEMPLATE = "a template is no Dockerfile until it is rendered"
_NO_ARGUMENTS = frozenset({"CMD", "ENTRYPOINT", "RUN"})
_DIRECTIVE = lazily(rf"#[{SPACE}]*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*\Z")
_DIRECTIVES = frozenset({"syntax", "escape", "check"})
_COMMAND = lazily(r"([^\t\v\f\r ]+)[\t\v\f\r ]*")
_STAGE_NAME = lazily(r"[a-z][a-z0-9_.-]*")


@frozen
class Directive:
    """`# name=value` at the very top."""

    name: str
    value: str
    span: Span


@frozen
class Heredoc:
    """A document inside an instruction.

    `span` covers its lines without the terminator; `content` is the text with the tabs cut that `<<-`
    cuts; `expand` says whether variables are replaced in it.
    """

    name: str
    content: str
    span: Span
    expand: bool
    chomp: bool


@frozen
class Instruction:
    """One instruction.

    Arguments:
        keyword: in capitals.
        span: from the keyword to the last argument's end, heredocs not counted.
        extent: the whole lines that it takes, heredocs and their terminators counted.
        flags: what stands before the arguments.
        rest: the arguments as one joined text.
        words: the arguments as this instruction's grammar splits them.
        pairs: the names and values of ARG, ENV and LABEL.
        is_array: whether `words` are the strings of a JSON array.
        trigger: for ONBUILD, the instruction that it keeps for later.
    """

    keyword: str
    keyword_span: Span
    span: Span
    extent: Span
    flags: tuple[Flag, ...]
    rest: Spliced
    words: tuple[Word, ...] = ()
    pairs: tuple[Pair, ...] = ()
    is_array: bool = False
    heredocs: tuple[Heredoc, ...] = ()
    trigger: Instruction | None = None


@frozen
class Dockerfile:
    """A whole file; `escape` is the character that continues a line."""

    directives: tuple[Directive, ...]
    escape: str
    instructions: tuple[Instruction, ...]


def parse(source: Source) -> Dockerfile:
    """The instructions in order.

    Errors:
        Unreadable at the place that the builder refuses, too.
    """
    try:
        return _Reader(source.text).read()
    except Unreadable as error:
        if not isinstance(error, Template) and is_template(source, error.span.start):
            raise Template(_TEMPLATE, error.span) from None
        raise


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.escape = text, 0, "\\"

    def read(self) -> Dockerfile:
        directives = self._directives()
        instructions: list[Instruction] = []
        while (start := self.at) < len(self.text):
            line = self._line()
            lead = len(self.text[line.start : line.end]) - len(self.text[line.start : line.end].lstrip(SPACE))
            line = Span(line.start + lead, line.end)
            if line.start < line.end and self.text[line.start] != "#":
                instructions.append(self._instruction(start, line))
        if not instructions:
            raise Unreadable("no instruction in it", Span(0, 0))
        return Dockerfile(directives, self.escape, tuple(instructions))

    def _line(self) -> Span:
        """The next line without its end."""
        start = self.at
        end = self.text.find("\n", start)
        end = len(self.text) if end < 0 else end
        self.at = min(end + 1, len(self.text))
        if end - start > MAX_LINE // 4 and len(self.text[start:end].encode(errors="replace")) > MAX_LINE:
            raise Unreadable(
                f"a line of over {MAX_LINE:,} bytes, which the builder refuses", Span(start, start)
            )
        while end > start and self.text[end - 1] == "\r":
            end -= 1
        return Span(start, end)

    def _directives(self) -> tuple[Directive, ...]:
        found: dict[str, Directive] = {}
        while (start := self.at) < len(self.text):
            line = self._line()
            written = self.text[slice(*line)].lstrip(SPACE)
            match = _DIRECTIVE.match(written)
            name = match[1].lower() if match else ""
            if match is None or name not in _DIRECTIVES:
                self.at = start
                break
            if name in found:
                raise Unreadable(f"a second `{name}` directive", line)
            found[name] = Directive(name, match[2], line)
            if name == "escape":
                if match[2] not in ("\\", "`"):
                    raise Unreadable("the escape character may be a backslash or a backtick only", line)
                self.escape = match[2]
        return tuple(found.values())

    def _instruction(self, start: int, line: Span) -> Instruction:
        pieces: list[Span] = []
        while True:
            piece, ends = self._continued(line)
            pieces.append(piece)
            if ends or (following := self._continuation()) is None:
                break
            line = following
        logical = Spliced.join(self.text, pieces)
        read = _read(logical, self.escape)
        heredocs = self._heredocs(read, logical) if "<<" in logical.text else ()
        return _made(read, Span(start, self.at), heredocs)

    def _continued(self, line: Span) -> tuple[Span, bool]:
        """A line without its continuation character, and whether the instruction ends with it."""
        bare = self.text[slice(*line)].rstrip(" \t")
        if not bare.endswith(self.escape) or (len(bare) > 1 and bare[-2] == self.escape):
            return line, True
        return Span(line.start, line.start + len(bare) - 1), False

    def _continuation(self) -> Span | None:
        """The next line that goes on with an instruction: comments and blank lines don't count."""
        while self.at < len(self.text):
            line = self._line()
            written = self.text[slice(*line)].lstrip(SPACE)
            if written and not written.startswith("#"):
                return line
        return None

    def _heredocs(self, read: _Head, logical: Spliced) -> tuple[Heredoc, ...]:
        inner = read.arguments.trigger
        keyword = inner.keyword if inner else read.keyword
        is_array = inner.is_array if inner else read.arguments.is_array
        if keyword not in ("ADD", "COPY", "RUN") or is_array:
            return ()
        try:
            marks = words.heredocs(logical.text)
        except BadWordError as error:
            raise Unreadable(f"a heredoc's mark can't be read: {error}", read.span) from None
        return tuple(self._heredoc(mark, read.span) for mark in marks)

    def _heredoc(self, mark: words.Mark, announced: Span) -> Heredoc:
        start = self.at
        while (end := self.at) < len(self.text):
            line = self.text[slice(*self._line())]
            if (line.lstrip("\t") if mark.chomp else line) == mark.name:
                content = self.text[start:end]
                content = re.sub(r"(?m)^\t+", "", content) if mark.chomp else content
                return Heredoc(mark.name, content, Span(start, end), mark.expand, mark.chomp)
        raise Unreadable(f"the heredoc <<{mark.name} has no line {mark.name} that ends it", announced)


class _Arguments(NamedTuple):
    """The arguments as the instruction's own grammar has them."""

    words: tuple[Word, ...] = ()
    pairs: tuple[Pair, ...] = ()
    is_array: bool = False
    trigger: Instruction | None = None


class _Head(NamedTuple):
    """An instruction's logical line, read."""

    keyword: str
    keyword_span: Span
    span: Span
    flags: tuple[Flag, ...]
    rest: Spliced
    arguments: _Arguments


def _made(read: _Head, extent: Span, heredocs: tuple[Heredoc, ...] = ()) -> Instruction:
    keyword, keyword_span, span, flags, rest, (words_, pairs, is_array, trigger) = read
    return Instruction(
        keyword, keyword_span, span, extent, flags, rest, words_, pairs, is_array, heredocs, trigger
    )


def _read(line: Spliced, escape: str) -> _Head:
    line = line.stripped(SPACE)
    match = _COMMAND.match(line.text)
    if match is None:
        raise Unreadable("a continuation with no instruction", line.span(0, 1))
    keyword = match[1].upper()
    place = line.span(0, match.end(1))
    if keyword not in KEYWORDS:
        raise _unknown(match[1], place)
    flags, rest = words.flags(line.cut(match.end(), len(line.text)), escape)
    arguments = _arguments(keyword, rest, escape)
    read = _Head(keyword, place, line.span(0, len(line.text)), flags, rest, arguments)
    _refuse(read)
    return read


def _arguments(keyword: str, rest: Spliced, escape: str) -> _Arguments:
    if keyword in ("ARG", "ENV", "LABEL"):
        return _Arguments(pairs=words.pairs(rest, escape, keyword))
    if keyword in ("FROM", "EXPOSE"):
        return _Arguments(words.split(rest))
    if keyword in ("ADD", "COPY", "VOLUME"):
        array = words.array(rest)
        return _Arguments(words.split(rest) if array is None else array, is_array=array is not None)
    if keyword in ("CMD", "ENTRYPOINT", "RUN", "SHELL"):
        array = words.array(rest)
        return _Arguments(words.whole(rest) if array is None else array, is_array=array is not None)
    if keyword == "HEALTHCHECK":
        return _health(rest)
    if keyword == "ONBUILD" and rest.text:
        read = _read(rest, escape)
        return _Arguments(trigger=_made(read, read.span))
    return _Arguments(words.whole(rest))


def _health(rest: Spliced) -> _Arguments:
    first = words.split(rest)[:1]
    at = len(first[0].text) if first else 0
    command = rest.cut(at, len(rest.text)).stripped(SPACE)
    array = words.array(command)
    return _Arguments(
        (*first, *(words.whole(command) if array is None else array)), is_array=array is not None
    )


def _refuse(read: _Head) -> None:
    """What parses and yet can't be an instruction: the builder stops at each of these."""
    if not read.rest.text and read.keyword not in _NO_ARGUMENTS:
        raise Unreadable(f"{read.keyword} without arguments", read.span)
    if read.keyword in ("ADD", "COPY") and len(read.arguments.words) < 2:
        raise Unreadable(f"{read.keyword} needs a source and a destination", read.span)
    if read.keyword == "SHELL" and not read.arguments.is_array:
        raise Unreadable("SHELL takes a JSON array", read.span)
    if read.keyword == "FROM":
        _refuse_from(read)


def _refuse_from(read: _Head) -> None:
    given = read.arguments.words
    if len(given) not in (1, 3) or (len(given) == 3 and given[1].text.upper() != "AS"):
        raise Unreadable("FROM takes an image, or an image AS a stage's name", read.span)
    if len(given) == 3 and not _STAGE_NAME.fullmatch(given[2].text.lower()):
        raise Unreadable(f"`{given[2].text}` can't name a stage", given[2].span)


def _unknown(keyword: str, span: Span) -> Unreadable:
    if keyword.startswith(("{{", "{%", "<%")):
        return Template(_TEMPLATE, span)
    near = nearest(keyword.upper()[:40], KEYWORDS, 0.7)
    hint = f": is {near} meant?" if near else ""
    return Unreadable(f"`{keyword[:40]}` is no instruction{hint}", span)
