"""Images and the stages they are built in, as plain values."""

from __future__ import annotations

from runcrew_lint.frozen import frozen
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple


class Splice(NamedTuple):
    """Where a piece of a joined text begins: its offset in that text, and in the file."""

    at: int
    offset: int


@frozen
class Value:
    """Something written, and what it comes to.

    Arguments:
        written: as the file has it.
        value: with quotes taken off and variables replaced, or None where that is not known.
        unknown: why it is not, in words; empty where it is.
        span: its place.
        splices: for a text that goes over several lines, where each piece lies.
    """

    written: str
    value: str | None
    unknown: str
    span: Span
    splices: tuple[Splice, ...] = ()

    def place(self, start: int, end: int) -> Span:
        """The file's span of a range of `written`."""
        first, last = self._offset(start), self._offset(max(end - 1, start))
        return Span(first, last + 1 if end > start else first)

    def _offset(self, at: int) -> int:
        before = [splice for splice in self.splices if splice.at <= at] or [Splice(0, self.span.start)]
        return before[-1].offset + at - before[-1].at


@frozen
class Setting:
    """A name and its value (ENV, ARG, LABEL); an ARG may have none."""

    name: str
    value: Value | None
    span: Span


@frozen
class Flag:
    """`--name=value` of an instruction."""

    name: str
    value: str
    span: Span


@frozen
class Document:
    """A heredoc; `span` covers its lines, the terminator not counted."""

    name: str
    content: str
    span: Span
    expand: bool


@frozen
class Instruction:
    """One instruction of a stage.

    Arguments:
        keyword: in capitals; for ONBUILD that of the instruction which is kept for later.
        span: from the keyword to the last argument's end.
        flags: what stands before the arguments.
        values: paths, ports, a user; a command's words, or the one shell script.
        settings: the names and values of ENV, ARG and LABEL.
        is_array: whether a command is in exec form.
        documents: its heredocs.
        onbuild: whether it runs only in images built from this one.
    """

    keyword: str
    span: Span
    flags: tuple[Flag, ...] = ()
    values: tuple[Value, ...] = ()
    settings: tuple[Setting, ...] = ()
    is_array: bool = False
    documents: tuple[Document, ...] = ()
    onbuild: bool = False

    def flag(self, name: str) -> Flag | None:
        """The flag of that name; the last counts."""
        return next((flag for flag in reversed(self.flags) if flag.name == name), None)


@frozen
class Base:
    """What a stage is built from.

    Arguments:
        reference: an image as written, with its resolved value.
        stage: the index of the earlier stage that it names, or None.
        rests_on: the ARG defaults that the value was made of.
    """

    reference: Value
    stage: int | None
    rests_on: tuple[Setting, ...]


@frozen
class Stage:
    """One FROM and what follows it; `name` is in small letters, empty where it has none."""

    index: int
    name: str
    base: Base
    span: Span
    instructions: tuple[Instruction, ...]


@frozen
class Image:
    """One Dockerfile: what stands before the first FROM, and the stages; the last is what is built.

    `production_beside` says that a file of the same name ending in `.prod` or `.production` lies beside it.
    """

    path: str
    preamble: tuple[Instruction, ...]
    stages: tuple[Stage, ...]
    production_beside: bool = False


@frozen
class IgnoreLine:
    """One pattern of a .dockerignore; `negated` (`!`) takes files back in."""

    pattern: str
    negated: bool
    span: Span


@frozen
class DockerIgnore:
    """A .dockerignore, or `<name of a Dockerfile>.dockerignore`, which wins over it."""

    path: str
    lines: tuple[IgnoreLine, ...]
