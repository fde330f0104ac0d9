"""What a reporter may show of a file: everything but the secrets that this run has seen in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from runcrew_lint.domains.secrets.redaction import veil
from runcrew_lint.engine.seen import spans_in
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
            spans = self._veiled.get(path, set()) | self._seen(source)
            self._made[path] = Source(path, covered(source.text, spans)) if spans else source
        return self._made[path]

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
