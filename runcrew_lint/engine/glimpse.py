"""The facts of some kinds, read and not judged."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from runcrew_lint.catalogue.load import load as load_catalogue
from runcrew_lint.domains.claims import claimed
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.engine.analyse import Analyst
from runcrew_lint.engine.answers import Task
from runcrew_lint.engine.cache import Cache
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.run import Request, begun
from runcrew_lint.frozen import frozen
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


@frozen
class Glimpse:
    """What was read, and the policy that it was read by."""

    repository: Repository
    policy: Policy


def glimpsed(request: Request, kinds: Iterable[str]) -> Glimpse:
    """All facts of these kinds.

    Errors:
        SetupError for a mistake in the request or the policy.
    """
    read = tuple(kinds)
    opening = begun(request, load_catalogue())
    tree, policy = opening.tree, opening.law.policy
    files_of = (request.memory.claimed if request.memory else claimed)(tree.paths)
    cache = Cache(request.cache, request.root)
    try:
        files = Files(request.root, cache, request.overlay, tree.stats)
        analyst = Analyst(files, cache, policy, tree.paths, {}, memory=request.memory, pulse=request.pulse)
        tasks = (Task(KINDS[kind], path) for kind in read for path in files_of[kind])
        facts = chain.from_iterable(analyst.answer(tasks).facts.values())
        return Glimpse(Repository(tree, policy, facts, read), policy)
    finally:
        cache.close()
