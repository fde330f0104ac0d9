"""The environment contract of a repository, drawn without judging it."""

from __future__ import annotations

from itertools import chain

from runcrew_lint.catalogue.load import load as load_catalogue
from runcrew_lint.domains.claims import claimed
from runcrew_lint.domains.environment.contract import Contract, contract_of
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.engine.analyse import Analyst
from runcrew_lint.engine.answers import Task
from runcrew_lint.engine.cache import Cache
from runcrew_lint.engine.discover import discover, within
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.run import Request
from runcrew_lint.policy.load import load as load_policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Source

READ = ("env-use", "env-file")


def drawn(request: Request) -> tuple[Contract, Files]:
    """The table, and the files that its places lie in.

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
            Task(KINDS[kind], path) for kind in READ for path in paths[kind] if within(path, request.targets)
        ]
        analysis = analyst.answer(tasks)
        facts = chain.from_iterable(analysis.facts.values())
        return contract_of(Repository(tree, policy, facts, READ)), files
    finally:
        cache.close()


def line_of(files: Files, path: str, offset: int) -> int:
    """The line of an offset, from 1."""
    source: Source = files.text(path)
    return source.position(offset).line
