"""What makes a finding the same one although its line moved: rule, file, and the words it stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from runcrew_lint.digests import blake2b
from runcrew_lint.text import Source, Span
from runcrew_lint.tuples import NamedTuple

if TYPE_CHECKING:
    from runcrew_lint.engine.seen import Seen
    from runcrew_lint.model.finding import Fault, Region

Sources = Callable[[str], Source | None]
ANYWHERE = "."  # the path of what lies in no file
MAX_LINES = 40  # of a place: what goes on for longer is told apart by its head


class Fingerprint(NamedTuple):
    """A finding's name across versions of its file; `text` is a digest of its words."""

    path: str
    rule: str
    text: str


class Fingerprints:
    """Makes them for one run.

    A secret counts by its keyed fingerprint (domains/secrets/redaction.py), so that what is kept confirms
    no guess, and another value in its place is another finding.
    """

    def __init__(self, seen: Seen, sources: Sources) -> None:
        self._seen, self._sources = seen, sources
        self._known: dict[tuple[str, Span, frozenset[Span]], str] = {}  # of lines that several stand on

    def of(self, rule: str, fault: Fault, region: Region, *, anywhere: bool = False) -> Fingerprint:
        """The fingerprint of one finding; one that has no place of its own counts by what it says.

        Arguments:
            anywhere: its place is only where it is shown, as what is missing in a repository is shown at its
                newest file.
        """
        source = None if anywhere else self._sources(fault.place.path)
        place = fault.place.span
        if source is None or place.start >= place.end:
            text = _digest(fault.message)
        else:
            last = min(region.end.line, region.start.line + MAX_LINES - 1)
            lines = Span(source.offset(region.start.line), source.offset(last) + len(source.line(last)))
            veiled = frozenset(each.span for each in fault.veiled if each.path == source.path)
            text = self._of_lines(source, lines, veiled)
        return Fingerprint(ANYWHERE if anywhere else fault.place.path, rule, text)

    def _of_lines(self, source: Source, lines: Span, veiled: frozenset[Span]) -> str:
        key = (source.path, lines, veiled)
        if key not in self._known:
            self._known[key] = _digest(_without((*veiled, *self._seen.spans(source)), source.text, lines))
        return self._known[key]


def _digest(words: str) -> str:
    said = " ".join(words.split()).encode(errors="surrogatepass")
    return blake2b(said, digest_size=12).hexdigest()


def _without(secrets: Iterable[Span], text: str, within: Span) -> str:
    """A part of a text with its secrets replaced by their fingerprints, each once."""
    from runcrew_lint.domains.secrets.redaction import fingerprint  # most words hold none

    parts, at = [], within.start
    for start, end in sorted(set(secrets)):
        if end <= at or start >= within.end:
            continue
        parts += [text[at : max(start, at)], f"<{fingerprint(text[start:end])}>"]
        at = end
    return "".join((*parts, text[at : within.end]))
