"""The checks of a branch, drawn without judging anything, for `runcrew-lint checks`."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from runcrew_lint.catalogue.load import load as load_catalogue
from runcrew_lint.domains.claims import claimed
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.domains.review.branches import default_of, required_on
from runcrew_lint.domains.review.contexts import CheckContext, contexts_on
from runcrew_lint.domains.review.facts import BranchRules
from runcrew_lint.engine.analyse import Analyst
from runcrew_lint.engine.answers import Task
from runcrew_lint.engine.cache import Cache
from runcrew_lint.engine.discover import discover
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.run import Request
from runcrew_lint.frozen import frozen
from runcrew_lint.policy.load import load as load_policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_READ = ("workflow", "branch-rule")


@frozen
class Checks:
    """What pull requests into a branch report, and what it requires.

    Arguments:
        required: the required names, each with the place that says so.
        has_rules: whether the repository keeps rules for the branch.
        lines: the lines of every place in the other two, from 1.
    """

    branch: str
    contexts: tuple[CheckContext, ...]
    required: Mapping[str, Place]
    has_rules: bool
    lines: Mapping[Place, int]


def drawn(request: Request, branch: str = "") -> Checks:
    """The checks of one branch, of the default one where none is named.

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
        analysis = analyst.answer([Task(KINDS[kind], path) for kind in _READ for path in paths[kind]])
        repository = Repository(tree, policy, chain.from_iterable(analysis.facts.values()), _READ)
        branch = branch or default_of(repository)
        contexts = contexts_on(repository, branch)
        rules = repository.facts(BranchRules)
        required = {name: place for name, (_, place) in required_on(repository, branch).items()}
        places = {*required.values(), *(each.place for each in contexts)}
        places.update(skip.place for each in contexts for skip in each.skips)
        lines = {each: files.text(each.path).position(each.span.start).line for each in places}
        has_rules = any(rule.covers(branch, default_of(repository)) for file in rules for rule in file.rules)
        return Checks(branch, contexts, required, has_rules, lines)
    finally:
        cache.close()
