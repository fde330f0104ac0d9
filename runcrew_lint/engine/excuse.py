"""Verdicts become findings: positions, words and severity are added; what is excused is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import cached_property

from runcrew_lint.catalogue.choose import Chosen
from runcrew_lint.engine.baseline import Baseline
from runcrew_lint.engine.crash import crash_line
from runcrew_lint.engine.discover import within
from runcrew_lint.engine.fingerprint import ANYWHERE, Fingerprint, Fingerprints
from runcrew_lint.engine.fold import Settled, settled_in
from runcrew_lint.engine.judge import Verdict
from runcrew_lint.engine.promises import Ledger
from runcrew_lint.engine.scrub import Cover
from runcrew_lint.frozen import frozen
from runcrew_lint.model.finding import Fault, Finding, Note, Region, RelatedRegion, Severity
from runcrew_lint.model.mend import Fix, MendRequest
from runcrew_lint.model.rule import Mark, Rule
from runcrew_lint.policy.globs import ByGlob
from runcrew_lint.policy.model import Override
from runcrew_lint.text import Place, Position, Source
from runcrew_lint.tuples import NamedTuple

# What is told wherever the targets lie: a run of a part must not be the way around it, nor hide that it was
# not whole.
_ANYWHERE = frozenset(("policy-weakened", "rule-crashed"))
Sources = Callable[[str], Source | None]
Mender = Callable[[MendRequest], Fix | None]


class Judged(NamedTuple):
    """The findings to report, in reading order, and how many more were excused."""

    findings: tuple[Finding, ...]
    excused: int


class Weighed(NamedTuple):
    """The same, with how many each of the known held; `fingerprints` makes one a finding, in their order."""

    findings: tuple[Finding, ...]
    excused: int
    known: tuple[int, ...]
    fingerprints: Callable[[], tuple[Fingerprint, ...]]


class _Weighed(NamedTuple):
    """A verdict that was asked for, with the severity that holds in its file."""

    chosen: Chosen
    fault: Fault
    region: Region
    severity: Severity


@frozen
class Bench:
    """What stands between a verdict and a finding.

    Arguments:
        chosen: the rules that are on.
        targets: a verdict counts when its place or a related place lies in them.
        overrides: what the policy says otherwise of some files.
        ledger: the promises that excuse a finding.
        cover: what covers secrets in the words of promises and fixes; those of verdicts are covered.
        fingerprints: what tells findings apart, where anybody asks.
        known: findings that are not reported again; the first that holds one uses it up.
        settled: which files the default branch has.
        brief: only what a person is shown counts: a finding that folds gets no fix.
    """

    chosen: Mapping[str, Chosen]
    targets: Set[str]
    overrides: Sequence[Override]
    ledger: Ledger
    sources: Sources
    cover: Cover
    mend: Mender
    fingerprints: Fingerprints | None = None
    known: tuple[Baseline, ...] = ()
    settled: Settled = lambda _: ("", frozenset())
    brief: bool = False

    def judged(self, verdicts: Iterable[Verdict], able: Iterable[str]) -> Judged:
        """The findings of a run's verdicts, then of its promises; `able` are the rules that could speak."""
        return Judged(*self.weighed(verdicts, able)[:2])

    def weighed(self, verdicts: Iterable[Verdict], able: Iterable[str]) -> Weighed:
        """The findings with all that is known of them."""
        standing, excused = self._standing(verdicts, able)
        # In reading order, so that the fixes of a file are made together.
        found = sorted((each for each in standing if not self._is_known(each)), key=_reading_order)
        asked_for = self.targets.__contains__  # who names a file wants to see what is in it
        foldable = ((each.chosen.rule, each.fault.place) for each in found)
        folded = settled_in((pair for pair in foldable if not asked_for(pair[1].path)), self.settled)
        branch, shared = self._shared(found)
        return Weighed(
            tuple(
                self._finding(
                    each,
                    folded.get((each.chosen.rule.name, each.fault.place.path), ""),
                    branch if each.fault.place.path in shared else "",
                )
                for each in found
            ),
            excused,
            tuple(each.taken for each in self.known),
            lambda: tuple(map(self._fingerprint, found)),
        )

    def _shared(self, found: Iterable[_Weighed]) -> tuple[str, frozenset[str]]:
        """The remote's default branch, and which revisions of it that nobody has named a fix may edit."""
        asked = {each.fault.place.path for each in found if _rewrites(each.chosen.rule) and each.fault.mend}
        unnamed = sorted(path for path in asked if not (self.targets and within(path, self.targets)))
        branch, there = self.settled(unnamed) if unnamed else ("", frozenset())
        # What no remote has is this clone's own, and ran nowhere else.
        return branch, there if "/" in branch else frozenset()

    def standing(self, verdicts: Iterable[Verdict], able: Iterable[str]) -> Iterator[Fingerprint]:
        """The fingerprints of what would be reported, known or not: no fix is made."""
        return map(self._fingerprint, self._standing(verdicts, able)[0])

    def _fingerprint(self, weighed: _Weighed) -> Fingerprint:
        if self.fingerprints is None:
            raise LookupError("this bench was given nothing that tells findings apart")
        rule = weighed.chosen.rule
        return self.fingerprints.of(
            rule.name, weighed.fault, weighed.region, anywhere=rule.mark is Mark.DEMAND
        )

    def _is_known(self, weighed: _Weighed) -> bool:
        """Whether an earlier finding stands for it; each one holds as often as it was counted."""
        rule = weighed.chosen.rule
        path = ANYWHERE if rule.mark is Mark.DEMAND else weighed.fault.place.path
        holding = [each for each in self.known if each.may_hold(path, rule.name)]
        if not holding:
            return False
        fingerprint = self._fingerprint(weighed)
        return any(each.takes(fingerprint) for each in holding)

    def _standing(self, verdicts: Iterable[Verdict], able: Iterable[str]) -> tuple[list[_Weighed], int]:
        """What no promise excuses, and how much is excused."""
        excused = 0
        standing: list[_Weighed] = []
        for weighed in self._weighed(verdicts):
            if self.ledger.excuses(weighed.chosen.rule.name, weighed.region):
                excused += 1
            else:
                standing.append(weighed)
        promised = self.ledger.verdicts(able, whole=not self.targets)
        standing += self._weighed(self.cover.verdicts(promised))
        return standing, excused

    def _weighed(self, verdicts: Iterable[Verdict]) -> Iterator[_Weighed]:
        """The verdicts that were asked for, each once, with the severity that holds in their file."""
        seen: set[tuple[str, Place, str]] = set()
        for rule, fault in verdicts:
            named = (rule, fault.place, fault.message)
            counts = rule in _ANYWHERE or _in_targets(fault, self.targets)
            if rule in self.chosen and named not in seen and counts:
                seen.add(named)
                severity = self._severity(self.chosen[rule], fault)
                if severity is not Severity.OFF:
                    yield _Weighed(self.chosen[rule], fault, region_of(fault.place, self.sources), severity)

    def _severity(self, chosen: Chosen, fault: Fault) -> Severity:
        rule, severity = chosen.rule, chosen.severity_of(fault)
        for override in self._overriding.of(fault.place.path):
            if {rule.name, rule.family, "all"}.intersection(override.ignore):
                severity = Severity.OFF
            elif rule.name in override.severity:
                severity = Severity(override.severity[rule.name])
            elif bound := _bound(override, rule):
                severity = min(severity, bound, key=lambda each: each.weight)
        return severity

    @cached_property
    def _overriding(self) -> ByGlob[Override]:
        return ByGlob((each, each.paths) for each in self.overrides if each.paths)

    def _finding(self, weighed: _Weighed, settled: str, shared: str) -> Finding:
        chosen, fault, region, severity = weighed
        fix, failed = (None, ()) if settled and self.brief else self._fix(fault)
        edits = fix is not None and any(edit.path == region.path for edit in fix.edits)
        return Finding(
            rule=chosen.rule.name,
            family=chosen.rule.family,
            severity=severity,
            message=fault.message,
            help=fault.help or chosen.rule.remedy_in(region.path),
            region=region,
            related=tuple(
                RelatedRegion(region_of(each.place, self.sources), each.message) for each in fault.related
            ),
            notes=(*fault.notes, *failed),
            fix=fix,
            settled=settled,
            held=shared if edits and _rewrites(chosen.rule) else "",
        )

    def _fix(self, fault: Fault) -> tuple[Fix | None, tuple[Note, ...]]:
        """The realised fix; a mend that fails leaves the finding standing and says so under it."""
        if fault.mend is None:
            return None, ()
        try:
            fix = self.mend(fault.mend)
            return fix and replace(fix, title=self.cover(fix.title)), ()
        except Exception as error:
            return None, (Note("fix", crash_line(f"the mend {fault.mend.name}", error)),)


def _rewrites(rule: Rule) -> bool:
    """Whether a fix of the rule's may edit a revision; what is there now, a new one mends."""
    return rule.family == "migrations" and not rule.stands


def _bound(override: Override, rule: Rule) -> Severity | None:
    """The most that a rule's findings weigh by an override."""
    said = (override.at_most.get(name) for name in (rule.name, rule.family, "all"))
    return next((Severity(each) for each in said if each), None)


def _reading_order(weighed: _Weighed) -> tuple[str, Position, str, str]:
    region = weighed.region
    return (region.path, region.start, weighed.chosen.rule.name, weighed.fault.message)


def _in_targets(fault: Fault, targets: Set[str]) -> bool:
    paths = [fault.place.path, *(related.place.path for related in fault.related)]
    paths += [path.rpartition("@")[0] for path in paths if "@" in path]  # a file as a commit left it
    return any(within(path, targets) for path in paths)


def region_of(place: Place, sources: Sources) -> Region:
    """A place in lines and columns; the first character where the file can't be read."""
    source = sources(place.path)
    if source is None:
        return Region(place.path, Position(1, 1), Position(1, 1))
    last = len(source.text)
    start, end = min(place.span.start, last), min(max(place.span.end, place.span.start), last)
    return Region(place.path, source.position(start), source.position(end))
