"""No finding's words repeat a secret of the files that it speaks of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from runcrew_lint.domains.secrets.redaction import veil
from runcrew_lint.engine.judge import Verdict
from runcrew_lint.engine.seen import values_in
from runcrew_lint.model.finding import Fault, Note, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Source

Sources = Callable[[str], Source | None]


def scrubbed(verdicts: Iterable[Verdict], sources: Sources, policy: Policy) -> Iterator[Verdict]:
    """The verdicts, with what their words quote of a secret covered."""
    for rule, fault in verdicts:
        yield Verdict(rule, _scrubbed(fault, sources, policy))


def _scrubbed(fault: Fault, sources: Sources, policy: Policy) -> Fault:
    paths = {fault.place.path, *(each.place.path for each in fault.related)}
    found = [source for path in paths if (source := sources(path)) is not None]
    values = [value for source in found for value in values_in(source, policy)]

    def cover(text: str) -> str:
        for value in values:
            if value in text:
                text = text.replace(value, veil(value))
        return text

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
