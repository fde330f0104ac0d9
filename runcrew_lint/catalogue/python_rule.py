"""A rule that a plug-in brings along, and the file that it judges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from runcrew_lint.catalogue.own_shapes import documents_of
from runcrew_lint.documents.tree import Node
from runcrew_lint.frozen import frozen
from runcrew_lint.model.finding import Fault
from runcrew_lint.text import Place, Source, Span


@frozen
class File:
    """One file as a check sees it."""

    source: Source

    @property
    def path(self) -> str:
        """POSIX, relative to the repository's root."""
        return self.source.path

    @property
    def text(self) -> str:
        """What it says; what is no UTF-8 stands as U+FFFD."""
        return self.source.text

    def lines(self) -> Iterator[tuple[int, str]]:
        """Each line with its number, from 1, without its end."""
        return ((number, self.source.line(number)) for number in range(1, len(self.source.line_starts) + 1))

    def documents(self, form: str = "") -> Sequence[Node]:
        """Its documents with the place of every value: one, or those of a YAML stream.

        Arguments:
            form: yaml, json or toml, where the file's name does not say it.
        Errors:
            Unreadable where it does not read, which a check lets pass: the run tells of it.
        """
        return documents_of(self.source, form)

    def fault(self, where: int | Span, message: str, help: str = "") -> Fault:
        """What a check yields.

        Arguments:
            where: a line from 1, or the span of a value.
            message: what is wrong and why it hurts here, a sentence without a full stop.
            help: what to do, where the rule's own remedy can be said more exactly here.
        """
        return Fault(Place(self.path, self._span(where)), message, help=help)

    def _span(self, where: int | Span) -> Span:
        if isinstance(where, Span):
            return where
        line, start = self.source.line(where), self.source.offset(where)
        return Span(start + len(line) - len(line.lstrip()), start + len(line.rstrip()))


@frozen
class PythonRule:
    """A rule with a check in Python.

    Arguments:
        name: words joined by dashes, as in `no-latest-image`.
        summary: what is wrong, in a line.
        why: why it hurts.
        remedy: what to do, in a line.
        check: yields faults; what it raises is a finding.
        files: globs; then `check(file)` gets each File.
        judges: a kind of fact (docs/architecture.md); then `check(fact, policy)` gets each fact.
        compares: several kinds; then `check(repository, policy)` gets all facts.
        severity: error, warning, info or off.
        examples: as in a rule's YAML: `name`, `bad` or `good` with text by path, and `yields`.
    """

    name: str
    summary: str
    why: str
    remedy: str
    check: Callable[..., Iterable[Fault]]
    files: Sequence[str] = ()
    judges: str = ""
    compares: Sequence[str] = ()
    severity: str = "warning"
    examples: Sequence[Mapping[str, Any]] = field(default=())
