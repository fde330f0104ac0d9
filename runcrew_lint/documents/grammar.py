"""tree-sitter's trees, within bounds that no clock decides.

tree-sitter recovers from errors, and tries what is ambiguous, in the square of a text's length and worse. It
tells of a part of that work only; so a long text is read as it grows, and left where too much of it is wrong.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from runcrew_lint.model.errors import NotLinted
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span
from runcrew_lint.tuples import NamedTuple

_STEP = 4096  # bytes that a text grows by at least between two looks at what is wrong with it, or
_SHARE = 16  # that part of a long one
_CHECK = 100  # operations after which tree-sitter lets itself be stopped
# Beyond what the worst of 21,700 public files took, of which two are refused, for their errors:
_OPERATIONS = 9  # a byte (7.3),
OPERATIONS_OF_SHELL = 4  # or in a script (2.5 of 4,700): some of its operations take a whole text
_CHUNK = 256  # bytes that tree-sitter is handed at a time: what it looks through again and again, it asks for
_READ = 12  # times a text's length (7.8)
_ASKED = 3  # times that it asks for each byte which it reads anew (2.8)
_DENSE = 200  # checks at different places of `_STEP` bytes (111)
# While no way to read was without an error one was checked 5 times at once, and 126 times as it grew.
_LOST = 64  # such checks at once, and as it grows, with those of attempts that failed, so many times as many,
_LOST_GROWING = 4
_FOUND = 512  # and one more for so many bytes (990),
FOUND_IN_HOLES = 64  # or for so many, where other people's `${{ }}` stand in the text
_WRONG = 128  # errors, and one more for each `_BETWEEN` bytes
_BETWEEN = 256
_HEREDOC = lazily(rb"<<[-~]?['\"]?(\w{1,40})")
_ENDLESS = "so much of it does not parse, or parses in so many ways, that it is read no further"


class Tangled(NotLinted):
    """A text that does not parse, and would take no end of time to tell how far it does."""


class Tree:
    """A parsed file. Offsets are characters; tree-sitter's own are bytes.

    Arguments:
        closers: what ends a token of many lines in this language.

    Errors:
        Tangled where the grammar loses its way too often.
    """

    def __init__(self, source: Source, parser: Any, closers: Sequence[bytes] = ()) -> None:
        self._bytes = source.text.encode("utf-8", "surrogatepass")
        self._plain = len(self._bytes) == len(source.text)
        try:
            self.root = root_of(parser, self._bytes, closers)
        except Tangled as error:
            raise Tangled(error.message, Span(*map(self.offset, error.span))) from None

    def offset(self, at: int) -> int:
        """The character at a byte."""
        return at if self._plain else bisect_left(self._starts, at)

    def byte(self, at: int) -> int:
        """The byte at which a character begins."""
        return at if self._plain else self._starts[at]

    def span(self, node: Any) -> Span:
        """A node's place."""
        return Span(self.offset(node.start_byte), self.offset(node.end_byte))

    def text(self, node: Any) -> str:
        """A node's characters."""
        return self._bytes[node.start_byte : node.end_byte].decode("utf-8", "surrogatepass")

    @cached_property
    def _starts(self) -> list[int]:
        starts = [at for at, byte in enumerate(self._bytes) if byte & 0xC0 != 0x80]
        return [*starts, len(self._bytes)]


def root_of(
    parser: Any,
    written: bytes,
    closers: Sequence[bytes] = (),
    found: int = _FOUND,
    operations: int = _OPERATIONS,
) -> Any:
    """The root of a text's tree; what does not parse is in it as errors.

    Arguments:
        found: for how many bytes of a text that grows there may be one more check while all is wrong.
        operations: how many a byte may take.

    Errors:
        Tangled, its span in bytes.
    """
    if len(written) > 2 * _STEP:
        grown = _Attempts(parser, found, operations, grows=True).read(written, closers)
        if grown:
            return grown.root_node
    return _Attempts(parser, found, operations, grows=False).tree(written).root_node


class _Attempts:
    """A text that is parsed once, or anew as it grows."""

    def __init__(self, parser: Any, found: int, operations: int, *, grows: bool) -> None:
        self._parser, self._found, self._operations = parser, found, operations
        self._grows, self._closer = grows, b""
        self._checks = self._asked = self._lost = 0

    def read(self, written: bytes, closers: Sequence[bytes]) -> Any:
        """From the beginning to the end, in steps as long as what the last one had to read anew.

        Where that was all, nothing is taken from the tree before; the last one is then the text's own, and
        returned.
        """
        before, start, asked = None, 0, 0
        while start < len(written):
            start = _line_before(written, start + max(_STEP, start // _SHARE, asked // _ASKED), start)
            spent, known = self._asked, before if asked < start else None
            before = self._step(written[:start], known, closers)
            asked = self._asked - spent
        return before.tree if before and not known and before.text == written else None

    def _step(self, written: bytes, before: _Before | None, closers: Sequence[bytes]) -> _Before:
        """What comes before a cut; where the cut goes through a token, that is ended."""
        wrong = None
        for closer in dict.fromkeys((self._closer, b"", *closers, *_heredoc(written))):
            text, spent = written + closer, (self._checks, self._asked)
            try:
                tree = self.tree(text, before.grown(text) if before else None)
                _judge(tree.root_node, len(text))
                self._closer = closer
                return _Before(tree, len(written), text)
            except Tangled as error:
                wrong = wrong or error
                self._checks, self._asked = spent
        raise wrong or Tangled(_ENDLESS)

    def tree(self, written: bytes, before: Any = None) -> Any:
        """The tree of a text, with what is whole in the tree before taken from there."""
        steps = len(written) // _STEP + 1
        checks, asked = self._operations * steps * _STEP // _CHECK, _READ * steps * _STEP
        lost = _LOST_GROWING * _LOST + len(written) // self._found if self._grows else _LOST

        def ask(at: int, _place: object) -> bytes:
            self._asked += _CHUNK
            return written[at : at + _CHUNK]

        last = start = dense = 0

        def is_too_much(at: int, is_lost: bool) -> bool:
            nonlocal last, start, dense
            self._checks += 1
            self._lost += is_lost
            if at != last:  # in the end a tree is balanced: that is work at one place
                start, dense = (start, dense + 1) if at < start + _STEP else (at, 1)
                last = at
            return self._checks > checks or dense > _DENSE or self._asked > asked or self._lost > lost

        try:
            known = (before,) if before else ()
            tree = self._parser.parse(ask, *known, progress_callback=is_too_much)
        except ValueError:
            tree = None
        if tree is None:
            self._parser.reset()
            raise Tangled(_ENDLESS, Span(0, len(written)))
        return tree


class _Before(NamedTuple):
    """The tree of a shorter text: `length` bytes of the file, and what ended its last token."""

    tree: Any
    length: int
    text: bytes

    def grown(self, written: bytes) -> Any:
        """The tree, told that `written` stands where its text stood."""
        tree, begins = self.tree.copy(), _place(written[: self.length])
        tree.edit(self.length, len(self.text), len(written), begins, _place(self.text), _place(written))
        return tree


def _place(text: bytes) -> tuple[int, int]:
    """The row and the column behind a text."""
    return text.count(b"\n"), len(text) - text.rfind(b"\n") - 1


def _line_before(written: bytes, end: int, start: int) -> int:
    if end >= len(written):
        return len(written)
    return written.rfind(b"\n", start, end) + 1 or end


def _heredoc(written: bytes) -> list[bytes]:
    """What ends the last here-document."""
    words = _HEREDOC.findall(written)
    return [b"\n%s\n" % words[-1]] if words else []


def _judge(root: Any, length: int) -> None:
    wrong = _wrong(root) if root.has_error else []
    if len(wrong) > _WRONG + length // _BETWEEN:
        said = f"it does not parse in {len(wrong)} places of the first {length:,} bytes: read no further"
        raise Tangled(said, Span(wrong[0], length))


def _wrong(root: Any) -> list[int]:
    """Where something is missing or too much, in order."""
    found, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            found.append(node.start_byte)
        waiting += [each for each in node.children if each.has_error or each.is_missing]
    return sorted(found)
