"""What a reporter may show of a file: everything but the secrets that this run has seen in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from runcrew_lint.domains.secrets.redaction import veil
from runcrew_lint.domains.secrets.shape import is_guessable
from runcrew_lint.engine.seen import SHORTEST, spans_in
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Source, Span


class Veil:
    """The sources of a run with their secrets covered, characters and lines still in their places.

    Every fault counts, those that are excused or lie outside the targets too: a secret is one
    whichever finding's frame its line is shown in. A file that is shown is read for its secrets here,
    too, since the rules that tell them may be off.
    """

    def __init__(
        self, sources: Callable[[str], Source | None], faults: Iterable[Fault], policy: Policy | None = None
    ) -> None:
        self._sources, self._policy = sources, policy
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

    def over(self, path: str, text: str) -> str:
        """What a fix would make of a file, its own secrets and those of the file covered."""
        before, after = self._sources(path), Source(path, text)
        values = {before.text[start:end] for start, end in self._spans(before)} if before else set()
        long = sorted(each for each in values if len(each) >= SHORTEST and not is_guessable(each))
        moved = (Span(*found.span()) for each in long for found in re.finditer(re.escape(each), text))
        return covered(text, {*self._seen(after), *moved})

    def _spans(self, source: Source) -> set[Span]:
        return self._veiled.get(source.path, set()) | self._seen(source)

    def _seen(self, source: Source) -> set[Span]:
        return set(spans_in(source, self._policy)) if self._policy else set()


def covered(text: str, spans: Iterable[Span]) -> str:
    """The text at its own length, no more of a span than its preview; where two overlap, the least."""
    characters = list(text)
    for start, end in spans:
        for index, character in enumerate(veil(text[start:end]), start):
            if character != text[index]:
                characters[index] = character
    return "".join(characters)
