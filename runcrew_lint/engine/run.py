"""The corridor from end to end: discover, read, facts, check, excuse, mend."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path

from runcrew_lint.catalogue.choose import Chosen, choose
from runcrew_lint.catalogue.declarative import shape_kinds
from runcrew_lint.catalogue.load import Catalogue
from runcrew_lint.catalogue.load import load as load_catalogue
from runcrew_lint.domains.fact import Fact
from runcrew_lint.domains.kinds import claimed
from runcrew_lint.domains.promises.facts import Promises
from runcrew_lint.engine.analyse import Analysis, Analyst
from runcrew_lint.engine.cache import Cache
from runcrew_lint.engine.discover import Tree, discover, settled, targets_in, within, work_tree
from runcrew_lint.engine.disk import Skipped
from runcrew_lint.engine.excuse import Bench
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.judge import Verdict, judge
from runcrew_lint.engine.mend import Mender
from runcrew_lint.engine.overlay import overlaid
from runcrew_lint.engine.plan import Plan, plan
from runcrew_lint.engine.promises import Ledger
from runcrew_lint.engine.recall import Judged, Recall, Witness
from runcrew_lint.engine.scrub import scrubbed
from runcrew_lint.engine.veil import Veil
from runcrew_lint.model.errors import SetupError
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.report import Report
from runcrew_lint.model.rule import Rule
from runcrew_lint.policy.load import load as load_policy
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Source, Span


@dataclass(frozen=True, slots=True)
class Request:
    """One run as it was asked for; `since` names the git revision that its change began at, if any.

    `targets` are POSIX and relative to the root; `cache` is the folder that keeps facts between runs,
    None for none. `history` is a range of commits that is judged, too; "" for none. `brief` leaves out the
    fixes that no person is shown.
    """

    root: Path
    targets: frozenset[str] = frozenset()
    policy: str | Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    since: str = ""
    cache: Path | None = None
    today: date = field(default_factory=date.today)
    overlay: Mapping[str, bytes] = field(default_factory=dict)
    history: str = ""
    brief: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """A report, and what is needed to tell it or to act on it.

    Arguments:
        sources: the texts as a reporter may show them, with their secrets veiled.
        content: the bytes that a mend starts from.
        rules: every rule of the catalogue, for what a format says of it.
    """

    report: Report
    sources: Callable[[str], Source | None]
    content: Callable[[str], bytes]
    rules: Mapping[str, Rule] = field(default_factory=dict)


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
    catalogue = load_catalogue(request.cache)
    policy = load_policy(request.root, request.policy, catalogue.policies)
    chosen = choose(catalogue, policy, request.select, request.ignore)
    tree = discover(request.root, [*request.exclude, *(each.glob for each in policy.exclude)])
    tree = tree.with_new(request.overlay)
    cache = Cache(request.cache, request.root)
    try:
        return _reported(request, catalogue, policy, chosen, tree, cache)
    finally:
        cache.close()


def _reported(
    request: Request,
    catalogue: Catalogue,
    policy: Policy,
    chosen: dict[str, Chosen],
    tree: Tree,
    cache: Cache,
) -> Outcome:
    files = Files(request.root, cache, request.overlay, tree.stats)
    past: Mapping[str, Source] = {}

    def source(path: str) -> Source | None:
        if path in past:
            return past[path]
        try:
            return files.text(path)
        except (OSError, Skipped):
            return None

    recall = None
    if request.since:
        from runcrew_lint.engine.base import base_of  # few runs have one

        tree = replace(tree, base=base_of(request.root, tree.top, request.since, files.content))
    elif not request.targets and not request.overlay:
        recall = Recall(cache, tree, files, repr((policy, chosen)))
    judged = recall.get() if recall else None
    if judged is None:
        shapes = shape_kinds(catalogue.rules.values())
        readers = {name: reader for name, (_, reader) in shapes.items()}
        analyst = Analyst(files, cache, policy, tree.paths, readers)
        witness = Witness(overlaid(tree, request.overlay))
        kinds = {name: kind for name, (kind, _) in shapes.items()}
        planned = plan(chosen, claimed(tree.paths), request.targets, kinds)
        judged = _judged(planned, analyst, witness, request.targets, policy, source)
        if recall:
            recall.put(judged, witness, analyst.consulted)
    verdicts = [*_passed(tree, request.targets), *judged.verdicts]

    if request.history:
        from runcrew_lint.engine.history import History  # few runs look back

        history = History(request.root, policy, source)
        told = history.verdicts(request.history)
        verdicts += [
            each for each in told if within(each.fault.place.path.rpartition("@")[0], request.targets)
        ]
        past = history.sources

    ledger = Ledger(judged.promises, policy.excuses, catalogue, request.today)
    mender = Mender(files, cache, request.today)
    bench = Bench(
        chosen,
        request.targets,
        policy.overrides,
        ledger,
        source,
        mender,
        settled=partial(settled, tree),
        brief=request.brief,
    )
    found, excused = bench.judged(verdicts, judged.able)
    report = Report(
        root=str(request.root),
        policy=policy.name,
        findings=found,
        excused=excused,
        files=len(tree.paths),
        rules=len(chosen),
        notices=tuple(_notices(policy, tree, request.targets)),
    )
    veil = Veil(source, (verdict.fault for verdict in verdicts), policy)
    return Outcome(report, veil, files.content, catalogue.rules)


def _judged(
    planned: Plan,
    analyst: Analyst,
    tree: Witness,
    targets: Set[str],
    policy: Policy,
    source: Callable[[str], Source | None],
) -> Judged:
    """The verdicts of the rules that can speak on the targets, and the promises there."""
    able = tuple(planned.chosen)
    if targets:
        here = analyst.answer(task for task in planned.tasks if within(task.path, targets))
        planned = planned.narrowed(here, targets)
    analysis = analyst.answer(planned.tasks)

    def draw(of: str) -> Iterator[Fact]:
        late = analyst.answer(task for task in planned.later if task.kind.fact == of)
        analysis.troubles.extend(late.troubles)
        return chain.from_iterable(late.facts.values())

    facts = chain.from_iterable(analysis.facts.values())
    repository = Repository(tree, policy, facts, planned.kinds, draw)
    told = tuple(judge(planned.chosen, analysis, repository))
    verdicts = tuple(scrubbed((*_troubles(analysis), *told), source, policy))
    promises = tuple(fact for fact in analysis.of("promises") if isinstance(fact, Promises))
    return Judged(verdicts, promises, able)


def _troubles(analysis: Analysis) -> Iterator[Verdict]:
    """One verdict a file and reason, however many readers met it; a particular rule speaks for the rest."""
    told = {
        (trouble.path, trouble.span) for trouble in analysis.troubles if trouble.rule != "file-unreadable"
    }
    for trouble in analysis.troubles:
        if trouble.rule == "file-unreadable" and (trouble.path, trouble.span) in told:
            continue
        yield Verdict(trouble.rule, Fault(Place(trouble.path, trouble.span), trouble.message))


def _passed(tree: Tree, targets: Set[str]) -> Iterator[Verdict]:
    for path, reason in tree.passed:
        if within(path, targets):
            yield Verdict("file-skipped", Fault(Place(path, Span(0, 0)), f"not linted: {reason}"))


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
