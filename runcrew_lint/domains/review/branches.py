"""The branches that a policy wants protected, and what all rules together ask of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runcrew_lint.domains.review.facts import BranchRule, BranchRules, RequiredCheck
from runcrew_lint.domains.workflows.globs import is_literal
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

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


def default_of(policy: Policy) -> str:
    """The default branch's name, as far as the policy says."""
    return policy.default_branch or "main"


def ruled_branches(files: Iterable[BranchRules], policy: Policy) -> tuple[str, ...]:
    """The branches that rules name, and those that the policy wants protected where one is for them."""
    files = tuple(files)
    found: dict[str, None] = {}
    default = default_of(policy)
    for file in files:
        for rule in file.rules:
            for each in rule.branches:
                name = default if each == "~DEFAULT_BRANCH" else each
                if is_literal(name) and not name.startswith("~"):
                    found[name] = None
    for branch in (default, *shared_branches(policy)):
        if any(True for _ in rules_of(files, branch, default)):
            found.setdefault(branch)
    return tuple(found)


def required_on(
    files: Iterable[BranchRules], branch: str, policy: Policy
) -> dict[str, tuple[RequiredCheck, Place]]:
    """The checks that a branch requires, by name, each with its first place."""
    found: dict[str, tuple[RequiredCheck, Place]] = {}
    for path, rule in rules_of(files, branch, default_of(policy)):
        for each in rule.checks:
            found.setdefault(each.name, (each, Place(path, each.span)))
    return found
