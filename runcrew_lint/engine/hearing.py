"""A run from the opened tree to the report: facts, verdicts, what excuses them, and what mends them."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Collection, Iterable, Iterator, Set
from typing import TYPE_CHECKING

from runcrew_lint.engine.baseline import Baseline
from runcrew_lint.engine.case import Case, passed
from runcrew_lint.engine.discover import Tree, within
from runcrew_lint.engine.overlay import overlaid
from runcrew_lint.engine.recall import Recall
from runcrew_lint.engine.run import Court, Outcome, Request
from runcrew_lint.engine.veil import Veil
from runcrew_lint.model.finding import Finding
from runcrew_lint.model.report import Report
from runcrew_lint.policy.model import Policy

if TYPE_CHECKING:
    from runcrew_lint.engine.portrait import Portrait


def heard(court: Court) -> Outcome:
    """What the run finds."""
    opening, catalogue, chosen, files = court.opening, court.catalogue, court.chosen, court.files
    request, law, tree = opening.request, opening.law, opening.tree
    policy = law.policy
    worktree = overlaid(tree, request.overlay)
    case = Case(request, catalogue, policy, chosen, tree, worktree, files, court.cache, court.rests)
    recall = None
    if court.grounds:
        recall = Recall(court.grounds, (policy, chosen, sorted(request.targets)))
    change = opening.change(case) if opening.change else None
    if change:
        case = change.case
    judged = case.judged(recall)
    verdicts = [*passed(tree, request.targets), *judged.verdicts]
    cover = case.cover(judged)
    if change:
        verdicts = [*change.own(verdicts), *cover.verdicts(change.verdicts())]

    if request.history:
        from runcrew_lint.engine.history import History  # few runs look back

        history = History(request.root, policy, case.source)
        told = cover.verdicts(history.verdicts(request.history))
        verdicts += [
            each for each in told if within(each.fault.place.path.rpartition("@")[0], request.targets)
        ]
        case.past.update(history.sources)

    baseline = law.baseline if request.baseline else None
    known = [*((change.known(),) if change else ()), *((baseline,) if baseline else ())]
    weighed = case.bench(judged, known).weighed(verdicts, judged.able)

    def mendable(finding: Finding) -> bool:
        return catalogue.rules[finding.rule].fix != "none"

    report = Report(
        root=str(request.root),
        policy=policy.name,
        findings=weighed.findings,
        excused=weighed.excused + sum(weighed.known),
        baselined=weighed.known[-1] if baseline else 0,
        before=weighed.known[0] if change else 0,
        files=len(tree.paths),
        rules=len(chosen),
        notices=(
            *_notices(policy, tree, request.targets),
            *_stale(request, baseline),
            *_withheld((each for each in weighed.findings if mendable(each)), judged.long),
            *(map(cover, change.notices(judged.promises)) if change else ()),
        ),
    )
    framed = [each for each in report.findings if not each.settled]
    shown = {each.path for each in framed} | {other.region.path for each in framed for other in each.related}
    case.seen.fetch(filter(None, map(case.source, shown)))  # while the cache is open
    veil = Veil(case.source, (verdict.fault for verdict in verdicts), case.seen, cover)

    def portrait() -> Portrait:
        from runcrew_lint.engine.portrait import portrait_of  # one format shows it

        return portrait_of(case, report.findings, judged.holding)

    return Outcome(report, veil, files.content, catalogue.rules, weighed.fingerprints, portrait)


def _stale(request: Request, baseline: Baseline | None) -> Iterator[str]:
    """What a run of everything has no finding for; a part of the rules or files can't tell."""
    narrowed = request.targets or request.select or request.ignore or request.exclude
    if baseline is None or narrowed or request.since or request.staged:
        return
    count = sum(baseline.stale.values())
    if count:
        entries = "1 finding" if count == 1 else f"{count:,} findings"
        yield (
            f"{entries} of {baseline.path} {'is' if count == 1 else 'are'} there no more: "
            "`runcrew-lint baseline prune` drops what is left over"
        )


def _withheld(findings: Iterable[Finding], long: Collection[str]) -> Iterator[str]:
    """Where a fix may be missing for the length of its file alone."""
    there = sorted({each.path for each in findings if not each.offered and each.path in long})
    if there:
        more = f" and {len(there) - 1} more" if len(there) > 1 else ""
        yield (
            f"{there[0]}{more}: most fixes are not offered in a revision of more than 500 operations, "
            "since each is held against all the others (docs/fixes.md)"
        )


def _notices(policy: Policy, tree: Tree, targets: Set[str]) -> Iterator[str]:
    yield from tree.notices
    left_out = _left_out(tree, targets)
    if left_out:
        more = f" and {len(left_out) - 1} more" if len(left_out) > 1 else ""
        yield f"nothing in {left_out[0]}{more} is linted: git ignores it, or it is excluded"
    if not policy.named:
        yield (
            "no policy is named here, so RunCrew's was assumed, without its demands; "
            "`--policy recommended` judges by facts alone, .runcrew-lint.yaml names your own"
        )


def _left_out(tree: Tree, targets: Set[str]) -> list[str]:
    """The targets that are no linted file and hold none."""
    others = sorted(targets - frozenset(tree.paths))
    paths = sorted(tree.paths) if others else []
    starts = ((each, bisect(paths, f"{each}/")) for each in others)
    return [each for each, at in starts if not "".join(paths[at : at + 1]).startswith(f"{each}/")]
