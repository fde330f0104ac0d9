"""What a reporter may show of a file: everything but the secrets that this run has seen in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import chain

from runcrew_lint.domains.secrets.redaction import folded, veil
from runcrew_lint.domains.secrets.shape import is_guessable
from runcrew_lint.engine.scrub import Cover
from runcrew_lint.engine.seen import SHORTEST, Seen
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import Fix
from runcrew_lint.text import Source, Span


class Veil:
    """The sources of a run with their secrets covered, characters and lines still in their places.

    Every fault counts, those that are excused or lie outside the targets too: a secret is one
    whichever finding's frame its line is shown in, and wherever it is repeated. A file that is shown is
    read for its secrets here, too, since the rules that tell them may be off.
    """

    def __init__(
        self,
        sources: Callable[[str], Source | None],
        faults: Iterable[Fault],
        seen: Seen | None = None,
        cover: Cover | None = None,
    ) -> None:
        self._sources, self._secrets, self._cover = sources, seen, cover
        self._veiled: dict[str, set[Span]] = {}
        self._made: dict[str, Source] = {}
        for fault in faults:
            for place in fault.veiled:
                self._veiled.setdefault(place.path, set()).add(place.span)

    def __call__(self, path: str) -> Source | None:
        """The file's text as it may be shown, or None where it can't be read."""
        if path not in self._made:
            source = self._sources(path)
            if source is None:
                return None
            spans = self._spans(source)
            self._made[path] = Source(path, covered(source.text, spans)) if spans else source
        return self._made[path]

    def again(self, shown: Source | None) -> Source | None:
        """What another run shows of a file, with what this one knows of covered, too."""
        spans = self._repeated(shown.text, frozenset()) if shown else None
        return Source(shown.path, covered(shown.text, spans)) if shown and spans else shown

    def over(self, path: str, text: str, kept: str) -> str:
        """What a fix would make of a file, covered wherever a secret stands in it or has been moved to.

        Arguments:
            kept: the same, made of what may be shown of the file.
        """
        before = self._sources(path)
        values = _long(before, self._own(before)) if before else frozenset()
        shown = covered(text, self._seen(Source(path, text)) | self._repeated(text, values))
        return "".join(here if here != now else one for here, one, now in zip(kept, shown, text, strict=True))

    def bares(self, fix: Fix) -> bool:
        """Whether what a fix writes repeats a secret of the files that it changes."""
        read = (source for path in fix.paths if (source := self._sources(path)) is not None)
        values = frozenset(chain.from_iterable(_long(source, self._own(source)) for source in read))
        texts = (*(each.text for each in fix.edits), *(each.text for each in fix.creates))
        return any(self._repeated(text, values) for text in texts)

    def _spans(self, source: Source) -> set[Span]:
        own = self._own(source)
        again = self._repeated(source.text, _long(source, own))
        return own | {each for each in again if not any(s <= each.start and each.end <= e for s, e in own)}

    def _own(self, source: Source) -> set[Span]:
        return self._veiled.get(source.path, set()) | self._seen(source)

    def _repeated(self, text: str, values: frozenset[str]) -> set[Span]:
        """Where these values, and those of any file that was read, stand in a text."""
        low = folded(text)
        there = (value for each in self._known | values if (value := folded(each)) in low)
        return {Span(*found.span()) for each in there for found in re.finditer(re.escape(each), low)}

    @cached_property
    def _known(self) -> frozenset[str]:
        read = ((self._sources(path), spans) for path, spans in self._veiled.items())
        told = chain.from_iterable(_long(source, spans) for source, spans in read if source)
        return frozenset(told) | (self._cover.secrets if self._cover else frozenset())

    def _seen(self, source: Source) -> set[Span]:
        return set(self._secrets.spans(source)) if self._secrets else set()


def _long(source: Source, spans: Iterable[Span]) -> frozenset[str]:
    """The values, line by line, that stand for nothing else: what anyone can guess is in too many words."""
    values = (source.text[start:end] for start, end in spans)
    lines = chain.from_iterable(each.splitlines() for each in values if not is_guessable(each))
    return frozenset(each for each in lines if len(each) >= SHORTEST)


def covered(text: str, spans: Iterable[Span]) -> str:
    """The text at its own length, no more of a span than its preview; where two overlap, the least."""
    characters = list(text)
    for start, end in spans:
        for index, character in enumerate(veil(text[start:end]), start):
            if character != text[index]:
                characters[index] = character
    return "".join(characters)
