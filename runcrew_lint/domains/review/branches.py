"""The branches that a policy wants protected, and what all rules together ask of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from runcrew_lint.domains.review.facts import BranchRule, BranchRules, RequiredCheck
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.domains.workflows.globs import is_literal
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

if TYPE_CHECKING:
    from runcrew_lint.domains.fact import Facts

_DEFAULTS = ("main", "master", "trunk")
ACTIONS = 15368  # the app of GitHub Actions, as an export names it


def shared_branches(policy: Policy) -> tuple[str, ...]:
    """The branches that something is built or deployed from, the default one first."""
    named = [policy.default_branch]
    for each in policy.environments:
        named += [each.branch, each.deploy_branch]
    return tuple(dict.fromkeys(each for each in named if each and is_literal(each)))


def rules_of(files: Iterable[BranchRules], branch: str, default: str) -> Iterator[tuple[str, BranchRule]]:
    """The rules that hold for a branch, each with its file: they add up."""
    for file in files:
        for rule in file.rules:
            if rule.covers(branch, default):
                yield file.path, rule


def default_of(repository: Facts) -> str:
    """The default branch's name: a named policy's, else the one that most filters of workflows name."""
    policy = repository.policy
    if policy.named and policy.default_branch:
        return policy.default_branch
    named = Counter(
        pattern.value
        for workflow in repository.facts(Workflow)
        for trigger in workflow.triggers
        for each in trigger.filters
        if each.kind == "branches"
        for pattern in each.patterns
        if pattern.value in _DEFAULTS
    )
    return named.most_common(1)[0][0] if named else policy.default_branch or _DEFAULTS[0]


def ruled_branches(repository: Facts) -> tuple[str, ...]:
    """The branches that rules name, and those that the policy wants protected where one is for them."""
    found: dict[str, None] = {}
    files, default = repository.facts(BranchRules), default_of(repository)
    for file in files:
        for rule in file.rules:
            for each in rule.branches:
                name = default if each == "~DEFAULT_BRANCH" else each
                if is_literal(name) and not name.startswith("~"):
                    found[name] = None
    for branch in (default, *shared_branches(repository.policy)):
        if any(True for _ in rules_of(files, branch, default)):
            found.setdefault(branch)
    return tuple(found)


def required_on(repository: Facts, branch: str) -> dict[str, tuple[RequiredCheck, Place]]:
    """The checks that a branch requires, by name, each with its first place."""
    found: dict[str, tuple[RequiredCheck, Place]] = {}
    for path, rule in rules_of(repository.facts(BranchRules), branch, default_of(repository)):
        for each in rule.checks:
            found.setdefault(each.name, (each, Place(path, each.span)))
    return found
