"""The migration histories of a repository, read without judging them."""

from __future__ import annotations

from itertools import chain

from runcrew_lint.catalogue.load import load as load_catalogue
from runcrew_lint.domains.claims import claimed
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.domains.migrations.history import History, history_of
from runcrew_lint.engine.analyse import Analyst
from runcrew_lint.engine.answers import Task
from runcrew_lint.engine.cache import Cache
from runcrew_lint.engine.discover import discover, within
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.run import Request
from runcrew_lint.policy.load import load as load_policy
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

READ = tuple(kind for kind, row in KINDS.items() if row.reader.startswith("migrations."))


def drawn(request: Request) -> tuple[History, Policy]:
    """The histories whose revisions lie in the targets, and the policy.

    Errors:
        SetupError for a mistake in the request or the policy.
    """
    policy = load_policy(request.root, request.policy, load_catalogue().policies)
    tree = discover(request.root, [*request.exclude, *(each.glob for each in policy.exclude)])
    cache = Cache(request.cache, request.root)
    try:
        files = Files(request.root, cache, request.overlay, tree.stats)
        analyst = Analyst(files, cache, policy, tree.paths, {})
        paths = claimed(tree.paths)
        tasks = [
            Task(KINDS[kind], path)
            for kind in READ
            for path in paths[kind]
            if KINDS[kind].fact != "Migration" or within(path, request.targets)
        ]
        facts = chain.from_iterable(analyst.answer(tasks).facts.values())
        return history_of(Repository(tree, policy, facts, READ)), policy
    finally:
        cache.close()
