"""The corridor from end to end: discover, read, facts, check, excuse, mend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from runcrew_lint.catalogue.load import Catalogue
from runcrew_lint.catalogue.load import load as load_catalogue
from runcrew_lint.engine.cache import Cache
from runcrew_lint.engine.discover import Tree, discover, targets_in, work_tree
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.grounds import Grounds, Rests
from runcrew_lint.engine.law import Law, law_of
from runcrew_lint.engine.memory import Memory
from runcrew_lint.engine.pulse import Pulse, still
from runcrew_lint.frozen import frozen
from runcrew_lint.model.errors import SetupError
from runcrew_lint.policy.files import on_disk
from runcrew_lint.policy.globs import matched

if TYPE_CHECKING:
    from runcrew_lint.catalogue.choose import Chosen
    from runcrew_lint.engine.case import Case
    from runcrew_lint.engine.change import Change
    from runcrew_lint.engine.fingerprint import Fingerprint
    from runcrew_lint.engine.portrait import Portrait
    from runcrew_lint.engine.veil import Veil
    from runcrew_lint.model.report import Report
    from runcrew_lint.model.rule import Rule


@frozen
class Request:
    """One run as it was asked for; `since` names the git revision that its change began at, if any: then the
    findings of that commit are not reported again.

    `targets` are POSIX and relative to the root; `cache` is the folder that keeps facts between runs,
    None for none. `history` is a range of commits that is judged, too; "" for none. `brief` leaves out the
    fixes that no person is shown; without `baseline` what it holds is reported, too.
    `staged` judges what is staged instead of what lies there; `policy_from` names the git revision whose
    policy counts, where it is not the merge base of `since`, "" for that or for the work tree's own.
    `jobs` is how many processes may read, 0 for what the machine has: a caller that has threads leaves it at
    one. Who runs often hands each run the same `memory`; `pulse` is called between files and between rules,
    and what it raises ends the run. `also` are rules that are on beside the policy's. `plugins` are those
    whose code may be loaded.
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
class Court:
    """Where a run is judged, and by what.

    Arguments:
        shipped: the rules that come with the linter.
        grounds: what answers of earlier runs are held against; None where there can be none.
        rests: what the answer of this run rests on.
    """

    opening: Opening
    shipped: Catalogue
    cache: Cache
    files: Files
    grounds: Grounds | None
    rests: Rests = field(default_factory=Rests)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The rules that there are, the policy's own among them.

        Errors:
            SetupError for a mistake in one of those.
        """
        from runcrew_lint.catalogue.own import complete  # a run whose answer is known asks for no rule

        request = self.opening.request
        return complete(self.shipped, self.opening.law.policy, request.plugins, request.root)

    @cached_property
    def chosen(self) -> Mapping[str, Chosen]:
        """The rules that are on.

        Errors:
            SetupError for a name that is no rule and no family.
        """
        from runcrew_lint.catalogue.choose import choose

        request = self.opening.request
        return choose(self.catalogue, self.opening.law.policy, request.select, request.ignore, request.also)


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
    from runcrew_lint.engine.hearing import heard  # what a run says may be known without one

    with sitting(request) as court:
        return heard(court)


@contextmanager
def sitting(request: Request) -> Iterator[Court]:
    """The court of a run, whose store is closed in the end.

    Errors:
        SetupError for a mistake in the request or the policy.
    """
    catalogue = load_catalogue()
    if request.since or request.policy_from or request.staged:
        from runcrew_lint.engine.change import opened  # few runs judge a change

        opening = opened(request, catalogue)
    else:
        opening = begun(request, catalogue)
    request, tree = opening.request, opening.tree
    cache = Cache(request.cache, request.root, request.memory.files if request.memory else None)
    try:
        files = Files(request.root, cache, request.overlay, tree.stats)
        named = request.targets & tree.stats.keys()  # whoever names files, as a hook does, has changed them
        as_it_lies = not (request.since or request.staged or request.policy_from or request.overlay)
        grounds = Grounds(cache, tree, files) if as_it_lies and not named else None
        yield Court(opening, catalogue, cache, files, grounds)
    finally:
        cache.close()


def begun(request: Request, catalogue: Catalogue) -> Opening:
    """The work tree by its own law, with the request's overlay laid over both.

    Errors:
        SetupError for a mistake in the policy.
    """
    reads = on_disk
    if request.overlay:
        from runcrew_lint.engine.overlay import laid_over  # editors and mends lay something over the files

        reads = laid_over(request.root, request.overlay)
    law = law_of(request.root, request.policy, catalogue.policies, baseline=request.baseline, reads=reads)
    exclude = [*request.exclude, *(each.glob for each in law.policy.exclude)]
    tree = discover(request.root, exclude)
    new = [path for path in request.overlay if path not in tree.stats]
    # What a person names is linted only where it would be if it lay there.
    named = request.targets.intersection(new)
    shut_out = matched(named, exclude) | tree.ignored(named) if named else frozenset()
    return Opening(request, law, tree.with_new(path for path in new if path not in shut_out))


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
