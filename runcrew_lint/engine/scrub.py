"""No words repeat a secret of the files that they speak of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from runcrew_lint.domains.secrets.redaction import veil
from runcrew_lint.engine.judge import Verdict
from runcrew_lint.engine.seen import SHORTEST, Seen
from runcrew_lint.model.finding import Fault, Note, Related
from runcrew_lint.text import Source

Sources = Callable[[str], Source | None]
_CUTS = ("...", "…", "`")  # where words that are too long for a message end


def scrubbed(verdicts: Iterable[Verdict], sources: Sources, seen: Seen) -> Iterator[Verdict]:
    """The verdicts, with what their words quote of a secret covered."""
    for rule, fault in verdicts:
        yield Verdict(rule, _scrubbed(fault, sources, seen))


def covering(sources: Iterable[Source], seen: Seen) -> Callable[[str], str]:
    """What covers the secrets of these files in any words, those that were cut short within one, too."""
    return _cover(_values(sources, seen))


def _values(sources: Iterable[Source], seen: Seen) -> list[str]:
    return sorted({value for source in sources for value in seen.values(source)}, key=len, reverse=True)


def _cover(values: Sequence[str]) -> Callable[[str], str]:
    def cover(text: str) -> str:
        for value in values:
            if value[:SHORTEST] in text:
                text = _covered(text, value)
        return text

    return cover


def _covered(text: str, value: str) -> str:
    head, at = value[:SHORTEST], 0
    while (at := text.find(head, at)) >= 0:
        end = at + next(n for n in range(len(value), 0, -1) if text.startswith(value[:n], at))
        if end - at == len(value) or end == len(text) or text.startswith(_CUTS, end):
            text = text[:at] + veil(value)[: end - at] + text[end:]
        at = end
    return text


def _scrubbed(fault: Fault, sources: Sources, seen: Seen) -> Fault:
    paths = {fault.place.path, *(each.place.path for each in fault.related)}
    values = _values((source for path in paths if (source := sources(path)) is not None), seen)
    if not values:
        return fault  # as nearly every one
    cover = _cover(values)
    said = [
        fault.message,
        fault.help,
        *(each.message for each in fault.related),
        *(n.text for n in fault.notes),
    ]
    if all(cover(text) == text for text in said):
        return fault
    return replace(
        fault,
        message=cover(fault.message),
        help=cover(fault.help),
        related=tuple(Related(each.place, cover(each.message)) for each in fault.related),
        notes=tuple(Note(each.label, cover(each.text)) for each in fault.notes),
    )
