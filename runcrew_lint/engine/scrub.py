"""No words repeat a secret of any file that was read for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import Any

from runcrew_lint.domains.fact import Fact
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.domains.secrets.redaction import folded, preview
from runcrew_lint.engine.analyse import Analyst
from runcrew_lint.engine.answers import Task, Trouble
from runcrew_lint.engine.codec import codec_of
from runcrew_lint.engine.judge import Verdict
from runcrew_lint.engine.seen import SHORTEST, Seen
from runcrew_lint.model.finding import Fault, Note, Related
from runcrew_lint.text import Source

Sources = Callable[[str], Source | None]
_LONGEST_WORD = 10  # letters of a value that names may hold by chance
_CUTS = ("...", "…", "`")  # where words that are too long for a message end


def holders(analyst: Analyst) -> tuple[str, ...]:
    """The files with a secret, of all that have told anything; what is known to hold none is not opened."""
    tasks = (Task(KINDS["secrets"], path) for path in sorted(analyst.heard))
    found = analyst.answer(tasks, aside=True)
    return tuple(sorted({each.path for each in chain[Fact | Trouble](found.of("secrets"), found.troubles)}))


class Cover:
    """Covers the secrets of some files in any words, in whichever case, those that were cut short, too.

    The files are opened when there are words to cover.
    """

    def __init__(self, paths: Iterable[str], sources: Sources, seen: Seen) -> None:
        self._paths, self._sources, self._seen = paths, sources, seen

    def __call__(self, text: str) -> str:
        """The text with all but the preview of each secret covered, at its own length."""
        if not self._by_head:
            return text
        low = folded(text)
        begun = {low[at : at + SHORTEST] for at in range(len(low) - SHORTEST + 1)}
        here = [value for head in begun.intersection(self._by_head) for value in self._by_head[head]]
        for value in sorted(here, key=len, reverse=True):
            text = _covered(text, value)
        return text

    @cached_property
    def secrets(self) -> frozenset[str]:
        """What it covers."""
        sources = [source for path in self._paths if (source := self._sources(path))]
        self._seen.fetch(sources)
        return frozenset(chain.from_iterable(map(self._seen.values, sources)))

    @cached_property
    def _by_head(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for value in self.secrets:
            found.setdefault(folded(value[:SHORTEST]), []).append(value)
        return found

    def verdicts(self, verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
        """The verdicts, with what their words quote covered."""
        return (Verdict(rule, self._fault(fault)) for rule, fault in verdicts)

    def fact(self, fact: Fact) -> Fact:
        """A fact with every word of it covered but its path."""
        if not self.secrets:
            return fact
        codec = codec_of(type(fact))
        plain = codec.encode(fact)
        covered = self._all(plain)
        return fact if covered == plain else replace(codec.decode(covered), path=fact.path)

    def _all(self, value: Any) -> Any:
        if isinstance(value, str):
            return self(value)
        return [self._all(each) for each in value] if isinstance(value, list) else value

    def _fault(self, fault: Fault) -> Fault:
        said = (
            fault.message,
            fault.help,
            *(each.message for each in fault.related),
            *(each.text for each in fault.notes),
        )
        if all(self(text) == text for text in said):
            return fault  # as nearly every one
        return replace(
            fault,
            message=self(fault.message),
            help=self(fault.help),
            related=tuple(Related(each.place, self(each.message)) for each in fault.related),
            notes=tuple(Note(each.label, self(each.text)) for each in fault.notes),
        )


def _is_in_a_name(text: str, at: int, end: int, value: str) -> bool:
    """Whether a value that is a short word is part of a name, as `memory` is of `memory_entries`."""
    if len(value) > _LONGEST_WORD or not value.isalpha():
        return False
    return any(each.isalnum() or each in "_-" for each in (text[at - 1 : at], text[end : end + 1]) if each)


def _covered(text: str, value: str) -> str:
    low, whole, shown, at = folded(text), folded(value), len(preview(value)), 0
    while (at := low.find(whole[:SHORTEST], at)) >= 0:
        end = at + next(n for n in range(len(whole), 0, -1) if low.startswith(whole[:n], at))
        cut = end == len(text) or text.startswith(_CUTS, end)
        if (end - at == len(whole) or cut) and not _is_in_a_name(text, at, end, whole):
            text = f"{text[: at + shown]}{'*' * (end - at - shown)}{text[end:]}"
        at = end
    return text
