"""The corridor from end to end: discover, read, facts, check, excuse, mend."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from runcrew_lint.catalogue.choose import choose
from runcrew_lint.catalogue.load import Catalogue
from runcrew_lint.catalogue.load import load as load_catalogue
from runcrew_lint.catalogue.own import complete
from runcrew_lint.engine.baseline import Baseline
from runcrew_lint.engine.cache import Cache
from runcrew_lint.engine.case import Case, passed
from runcrew_lint.engine.discover import Tree, discover, targets_in, within, work_tree
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.fingerprint import Fingerprint
from runcrew_lint.engine.law import Law, law_of
from runcrew_lint.engine.memory import Memory
from runcrew_lint.engine.overlay import laid_over, overlaid
from runcrew_lint.engine.pulse import Pulse, still
from runcrew_lint.engine.recall import Recall
from runcrew_lint.engine.veil import Veil
from runcrew_lint.model.errors import SetupError
from runcrew_lint.model.frozen import frozen
from runcrew_lint.model.report import Report
from runcrew_lint.model.rule import Rule
from runcrew_lint.policy.files import on_disk
from runcrew_lint.policy.globs import matched
from runcrew_lint.policy.model import Policy

if TYPE_CHECKING:
    from runcrew_lint.engine.change import Change
    from runcrew_lint.engine.portrait import Portrait


@frozen
class Request:
    """One run as it was asked for; `since` names the git revision that its change began at, if any: then the
    findings of that commit are not reported again.

    `targets` are POSIX and relative to the root; `cache` is the folder that keeps facts between runs,
    None for none. `history` is a range of commits that is judged, too; "" for none. `brief` leaves out the
    fixes that no person is shown; without `baseline` what it holds is reported, too.
    `staged` judges what is staged instead of what lies there; `policy_from` names the git revision whose
    policy counts, where it is not the merge base of `since`, "" for that or for the work tree's own.
    `jobs` is how many processes may read: a caller that has threads leaves it at one. Who runs often hands
    each run the same `memory`; `pulse` is called between files and between rules, and what it raises ends the
    run. `also` are rules that are on beside the policy's. `plugins` are those whose code may be loaded.
    """

    root: Path
    targets: frozenset[str] = frozenset()
    policy: str | Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    since: str = ""
    cache: Path | None = None
    today: date = field(default_factory=date.today)
    overlay: Mapping[str, bytes] = field(default_factory=dict)
    history: str = ""
    brief: bool = False
    baseline: bool = True
    staged: bool = False
    policy_from: str = ""
    jobs: int = 1
    memory: Memory | None = None
    pulse: Pulse = still
    plugins: tuple[str, ...] = ()


@frozen
class Opening:
    """A run before anything is judged: the tree and the law; `change` is what a run of a change does more."""

    request: Request
    law: Law
    tree: Tree
    change: Callable[[Case], Change] | None = None


@frozen
class Outcome:
    """A report, and what is needed to tell it or to act on it.

    Arguments:
        sources: the texts as a reporter may show them, with their secrets veiled.
        content: the bytes that a mend starts from.
        rules: every rule of the catalogue, for what a format says of it.
        fingerprints: one a finding of the report, in its order.
        portrait: what the repository is beside them, drawn when it is asked for.
    """

    report: Report
    sources: Veil
    content: Callable[[str], bytes]
    rules: Mapping[str, Rule] = field(default_factory=dict)
    fingerprints: Callable[[], Sequence[Fingerprint]] = tuple
    portrait: Callable[[], Portrait | None] = lambda: None


def lint(
    root: str | Path,
    policy: str | Path | None = None,
    targets: Iterable[str | Path] | None = None,
    cache: Path | None = None,
) -> Report:
    """What `runcrew_lint.lint` documents."""
    folder = Path(root)
    if not folder.is_dir():
        raise SetupError(f"there is no folder {root}")
    named = targets_in(folder, (folder / target for target in targets or ()))
    return run(Request(folder, named, policy, cache=cache)).report


def run(request: Request) -> Outcome:
    """One run.

    Errors:
        SetupError for a mistake in the request or the policy.
    """
    catalogue = load_catalogue()
    if request.since or request.policy_from or request.staged:
        from runcrew_lint.engine.change import opened  # few runs judge a change

        opening = opened(request, catalogue)
    else:
        opening = begun(request, catalogue)
    cache = Cache(request.cache, request.root, request.memory.files if request.memory else None)
    try:
        return _reported(opening, catalogue, cache)
    finally:
        cache.close()


def begun(request: Request, catalogue: Catalogue) -> Opening:
    """The work tree by its own law, with the request's overlay laid over both.

    Errors:
        SetupError for a mistake in the policy.
    """
    reads = laid_over(request.root, request.overlay) if request.overlay else on_disk
    law = law_of(request.root, request.policy, catalogue.policies, baseline=request.baseline, reads=reads)
    exclude = [*request.exclude, *(each.glob for each in law.policy.exclude)]
    tree = discover(request.root, exclude)
    new = [path for path in request.overlay if path not in tree.stats]
    # What a person names is linted only where it would be if it lay there.
    named = request.targets.intersection(new)
    shut_out = matched(named, exclude) | tree.ignored(named) if named else frozenset()
    return Opening(request, law, tree.with_new(path for path in new if path not in shut_out))


def _reported(opening: Opening, catalogue: Catalogue, cache: Cache) -> Outcome:
    request, law, tree = opening.request, opening.law, opening.tree
    policy = law.policy
    catalogue = complete(catalogue, policy, request.plugins, request.root)
    chosen = choose(catalogue, policy, request.select, request.ignore, request.also)
    files = Files(request.root, cache, request.overlay, tree.stats)
    worktree = overlaid(tree, request.overlay)
    case = Case(request, catalogue, policy, chosen, tree, worktree, files, cache)
    recall = None
    named = request.targets & tree.stats.keys()  # whoever names files, as a hook does, has changed them
    if not (named or request.overlay or request.since or request.staged or request.policy_from):
        recall = Recall(cache, tree, files, (policy, chosen, sorted(request.targets)))
    change = opening.change(case) if opening.change else None
    if change:
        case = change.case
    judged = case.judged(recall)
    verdicts = [*passed(tree, request.targets), *judged.verdicts]
    if change:
        verdicts = [*change.own(verdicts), *change.verdicts()]

    if request.history:
        from runcrew_lint.engine.history import History  # few runs look back

        history = History(request.root, policy, case.source)
        told = history.verdicts(request.history)
        verdicts += [
            each for each in told if within(each.fault.place.path.rpartition("@")[0], request.targets)
        ]
        case.past.update(history.sources)

    baseline = law.baseline if request.baseline else None
    known = [*((change.known(),) if change else ()), *((baseline,) if baseline else ())]
    weighed = case.bench(judged, known).weighed(verdicts, judged.able)
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
            *(change.notices(judged.promises) if change else ()),
        ),
    )
    framed = [each for each in report.findings if not each.settled]
    shown = {each.path for each in framed} | {other.region.path for each in framed for other in each.related}
    case.seen.fetch(filter(None, map(case.source, shown)))  # while the cache is open
    veil = Veil(case.source, (verdict.fault for verdict in verdicts), case.seen)

    def portrait() -> Portrait:
        from runcrew_lint.engine.portrait import portrait_of  # one format shows it

        return portrait_of(case, report.findings)

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


def root_of(paths: Iterable[str | Path]) -> Path:
    """The repository that the first path lies in; a folder that git does not keep stands for itself.

    Errors:
        SetupError for a path that is not there.
    """
    first = Path(next(iter(paths), "."))
    if not first.exists():
        raise SetupError(f"there is no {first}", help="name a file or folder of the repository")
    folder = first if first.is_dir() else first.parent
    return work_tree(folder) or folder.resolve()
