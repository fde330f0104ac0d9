"""The checks of a branch, drawn without judging anything, for `runcrew-lint checks`."""

from __future__ import annotations

from collections.abc import Mapping

from runcrew_lint.domains.review.branches import default_of, required_on
from runcrew_lint.domains.review.contexts import CheckContext, contexts_on
from runcrew_lint.domains.review.facts import BranchRules
from runcrew_lint.engine.glimpse import glimpsed
from runcrew_lint.engine.run import Request
from runcrew_lint.frozen import frozen
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
    repository, _, files = glimpsed(request, _READ)
    branch = branch or default_of(repository)
    contexts = contexts_on(repository, branch)
    rules = repository.facts(BranchRules)
    required = {name: place for name, (_, place) in required_on(repository, branch).items()}
    places = {*required.values(), *(each.place for each in contexts)}
    places.update(skip.place for each in contexts for skip in each.skips)
    lines = {each: files.line(each.path, each.span.start) for each in places}
    has_rules = any(rule.covers(branch, default_of(repository)) for file in rules for rule in file.rules)
    return Checks(branch, contexts, required, has_rules, lines)
