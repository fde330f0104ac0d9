"""The facts of some kinds, read and not judged, with their secrets covered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from itertools import chain

from runcrew_lint.catalogue.load import load as load_catalogue
from runcrew_lint.domains.claims import claimed
from runcrew_lint.domains.kinds import KINDS, FactKind
from runcrew_lint.engine.analyse import Analyst
from runcrew_lint.engine.answers import Task
from runcrew_lint.engine.cache import Cache
from runcrew_lint.engine.disk import Skipped
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.run import Request, begun
from runcrew_lint.engine.scrub import Cover, holders
from runcrew_lint.engine.seen import Seen
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Source
from runcrew_lint.tuples import NamedTuple


class Glimpse(NamedTuple):
    """What was read, and the policy that it was read by.

    Arguments:
        files: the texts that the facts are of.
    """

    repository: Repository
    policy: Policy
    files: Files


def _all(_kind: FactKind, _path: str) -> bool:
    return True


def _read(files: Files, path: str) -> Source | None:
    try:
        return files.text(path)
    except (OSError, Skipped):
        return None


def glimpsed(
    request: Request, kinds: Iterable[str], wanted: Callable[[FactKind, str], bool] = _all
) -> Glimpse:
    """The facts of these kinds, of all files or of those that are wanted.

    Errors:
        SetupError for a mistake in the request or the policy.
    """
    read = tuple(kinds)
    opening = begun(replace(request, baseline=False), load_catalogue())
    tree, policy = opening.tree, opening.law.policy
    files_of = (request.memory.claimed if request.memory else claimed)(tree.paths)
    cache = Cache(request.cache, request.root)
    try:
        files = Files(request.root, cache, request.overlay, tree.stats)
        analyst = Analyst(files, cache, policy, tree.paths, {}, memory=request.memory, pulse=request.pulse)
        claims = ((KINDS[kind], path) for kind in read for path in files_of[kind])
        analysis = analyst.answer(Task(kind, path) for kind, path in claims if wanted(kind, path))
        cover = Cover(holders(analyst), partial(_read, files), Seen(policy, cache))
        # What is made of these facts is shown, and nothing is judged by it.
        facts = tuple(map(cover.fact, chain.from_iterable(analysis.facts.values())))
        return Glimpse(Repository(tree, policy, facts, read), policy, files)
    finally:
        cache.close()
