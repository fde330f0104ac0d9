"""How two versions of one language are held against each other, for Python and Node alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from runcrew_lint.domains.contracts.numbers import Numbers
from runcrew_lint.domains.contracts.runtimes import Language, PartVersions, Said, parts_of
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_WARNED = "whoever wrote that has not tried it there, and npm says so in no more than a warning"
Takes = Callable[[str, Numbers], "bool | None"]


def drifts(repository: Repository, language: Language, takes: Takes, depth: int) -> Iterator[Fault]:
    """One fault a place that says another version than the one that counts for its part.

    Arguments:
        takes: whether a range of the language's takes a version in.
        depth: how many numbers make two versions different: two for Python, whose minor versions are.
    """
    seen: set[Place] = set()
    for part in parts_of(repository, language):
        for fault in _judged(part, language, takes, depth):
            if fault.place not in seen:
                seen.add(fault.place)
                yield fault


def _judged(part: PartVersions, language: Language, takes: Takes, depth: int) -> Iterator[Fault]:
    exact = [each for each in part.pinned if len(each.version) >= depth]
    built = [each for each in part.built if len(each.version) >= depth]
    counts = part.runs if part.runs and len(part.runs.version) >= depth else None
    counts = counts or next(iter((*exact, *built)), None)
    if counts is None:
        yield from _refused(part, takes)
        return
    why = "is what the developers are told to use"
    if counts is part.runs:
        why = "is what runs"
    elif counts in built:
        why = "is what the app is built on"
    for each in exact:
        if each is not counts and each.version[:depth] != counts.version[:depth]:
            yield _fault(each, counts, language, why, "developers work on another version than runs")
    for each in built:
        if each.version[:depth] != counts.version[:depth]:
            yield _fault(
                each, counts, language, why, "the app is built on another version than it is tested on"
            )
    refused = [each for each in part.wanted if takes(each.written, counts.version) is False]
    for each in refused:
        grave = Severity.ERROR if language.refused else Severity.WARNING
        yield _fault(each, counts, language, why, language.refused or _WARNED, grave)
    tested = _tested(part)
    if refused and counts in exact:  # a job that goes by the part's own word is not at fault
        tested = [
            each for each in tested if any(takes(one.written, each.version) is False for one in refused)
        ]
    yield from _tests(part, counts, tested, language, why, depth)


def _tested(part: PartVersions) -> list[Said]:
    """The versions of all jobs that run the part; none where one of them is not known."""
    if any(not each.versions for each in part.tested):
        return []
    return [said for each in part.tested for said in each.versions]


def _refused(part: PartVersions, takes: Takes) -> Iterator[Fault]:
    """A range that takes no version of any job, where nothing else says what runs."""
    versions = _tested(part)
    for each in part.wanted if versions else ():
        if all(takes(each.written, one.version) is False for one in versions):
            first = versions[0]
            yield Fault(
                first.place,
                f"{first.what} says {first.written}, and {each.what} wants {each.written}: what CI "
                "proves holds for a version that nobody is to use",
                (Related(each.place, f"{each.written} here, which the policy believes"),),
                help=f"say a version here that {each.written} takes in, or change both",
                severity=Severity.WARNING,
            )


def _tests(
    part: PartVersions, counts: Said, versions: list[Said], language: Language, why: str, depth: int
) -> Iterator[Fault]:
    """The jobs, where none of them runs the part on the version that counts; less grave where nothing
    ships.
    """
    if any(_meets(each.version, counts.version, depth) for each in versions):
        return
    hurt = "what CI proves holds for another version than the one that runs"
    if counts in part.built:
        hurt = "what CI proves holds for another version than the one that builds the app"
    elif counts is not part.runs:
        hurt = "what passes here need not pass on their machines"
    alike: dict[str, list[Said]] = {}
    for each in versions:
        alike.setdefault(each.written, []).append(each)
    for first, *others in alike.values():
        fault = _fault(first, counts, language, why, hurt, None if counts is part.runs else Severity.WARNING)
        more = f" ({len(others)} more of the jobs say so, too)" if others else ""
        too = tuple(Related(each.place, "so it is here") for each in others)
        yield replace(fault, message=f"{fault.message}{more}", related=(*fault.related, *too))


def _meets(one: Numbers, other: Numbers, depth: int) -> bool:
    length = min(depth, len(one), len(other))
    return one[:length] == other[:length]


def _fault(
    each: Said, counts: Said, language: Language, why: str, hurt: str, severity: Severity | None = None
) -> Fault:
    grave = Severity.ERROR if each.version[:1] != counts.version[:1] and each.version else Severity.WARNING
    return Fault(
        each.place,
        f"{each.what} says {language.title} {each.written}, and {counts.what} {counts.written}, which {why}: "
        f"{hurt}",
        (Related(counts.place, f"{counts.written} here, which the policy believes"),),
        help=f"say the version of {counts.what} here, or change both",
        severity=severity or grave,
    )
