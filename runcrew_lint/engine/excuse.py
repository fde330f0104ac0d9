"""Verdicts become findings: severity, words and positions are added; what was not asked for is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from runcrew_lint.catalogue.choose import Chosen
from runcrew_lint.engine.discover import within
from runcrew_lint.engine.judge import Verdict
from runcrew_lint.model.finding import Fault, Finding, Region, RelatedRegion
from runcrew_lint.model.mend import Fix, MendRequest
from runcrew_lint.text import Place, Position, Source

Sources = Callable[[str], Source | None]
Mender = Callable[[MendRequest], Fix | None]


def findings(
    verdicts: Iterable[Verdict],
    chosen: Mapping[str, Chosen],
    targets: Sequence[str],
    sources: Sources,
    mend: Mender,
) -> Iterator[Finding]:
    """The findings to report, in reading order, each once.

    A verdict of a rule that is off is dropped; one counts when its place or a related place lies in
    the targets.
    """
    seen: set[tuple[str, Place, str]] = set()
    found = []
    for rule, fault in verdicts:
        named = (rule, fault.place, fault.message)
        if rule in chosen and _in_targets(fault, targets) and named not in seen:
            seen.add(named)
            found.append(_finding(chosen[rule], fault, sources, mend))
    return iter(sorted(found, key=_reading_order))


def _reading_order(finding: Finding) -> tuple[str, Position, str, str]:
    return (finding.path, finding.region.start, finding.rule, finding.message)


def _in_targets(fault: Fault, targets: Sequence[str]) -> bool:
    paths = [fault.place.path, *(related.place.path for related in fault.related)]
    return any(within(path, targets) for path in paths)


def _finding(each: Chosen, fault: Fault, sources: Sources, mend: Mender) -> Finding:
    return Finding(
        rule=each.rule.name,
        family=each.rule.family,
        severity=each.severity_of(fault),
        message=fault.message,
        help=fault.help or each.rule.remedy,
        region=region_of(fault.place, sources),
        related=tuple(
            RelatedRegion(region_of(related.place, sources), related.message) for related in fault.related
        ),
        notes=fault.notes,
        fix=mend(fault.mend) if fault.mend else None,
    )


def region_of(place: Place, sources: Sources) -> Region:
    """A place in lines and columns; the first character where the file can't be read."""
    source = sources(place.path)
    if source is None:
        return Region(place.path, Position(1, 1), Position(1, 1))
    last = len(source.text)
    start, end = min(place.span.start, last), min(max(place.span.end, place.span.start), last)
    return Region(place.path, source.position(start), source.position(end))
