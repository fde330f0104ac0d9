"""branch-unknown: a filter or a condition that names a branch which the team does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.workflows.facts import Text, Workflow
from runcrew_lint.domains.workflows.globs import is_literal, matches
from runcrew_lint.model.finding import Fault
from runcrew_lint.nearest import nearest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_EVENTS = ("push", "pull_request", "pull_request_target", "workflow_run", "merge_group")
_REF = lazily(r"(?:github\.ref\s*[!=]=\s*'refs/heads/|github\.(?:ref_name|base_ref)\s*==\s*')([\w./-]+)'")
# Branches that a service or GitHub itself makes.
_MADE = lazily(
    r"(?:gh-pages|dependabot|renovate|gh-readonly-queue|release-please|changeset-release|pre-commit-ci)\b"
)


def check(fact: Workflow, policy: Policy) -> Iterator[Fault]:
    """One fault a name; a pattern counts where it and the policy's have a branch in common.

    A policy that nobody named can't know a team's branches.
    """
    if not policy.branches or not policy.named:
        return
    for trigger in fact.triggers:
        said = trigger.filter("branches") if trigger.event in _EVENTS else None
        for each in said.patterns if said else ():
            name = each.value.removeprefix("!")
            if not _is_known(name, policy):
                yield _fault(
                    fact.path, each, name, policy, f"the filter of `{trigger.event}`", "starts on no push"
                )
    for condition in _conditions(fact):
        for found in _REF.finditer(condition.value):
            if not _is_known(found[1], policy) and not found[1].startswith("v"):
                yield _fault(fact.path, condition, found[1], policy, "this condition", "is never true")


def _conditions(fact: Workflow) -> Iterator[Text]:
    for job in fact.jobs:
        yield from filter(None, (job.condition, *(step.condition for step in job.steps)))


def _is_known(name: str, policy: Policy) -> bool:
    if is_literal(name):
        return matches(policy.branches, name) or bool(_MADE.match(name))
    if _MADE.match(name):
        return True
    example = re.sub(r"\*+", "x", re.sub(r"[\[\]?+!\\]", "", name))
    ours = (re.sub(r"\*+", "x", each) for each in policy.branches)
    return matches(policy.branches, example) or any(matches((name,), each) for each in ours)


def _fault(path: str, each: Text, name: str, policy: Policy, what: str, hurt: str) -> Fault:
    near = nearest(name, policy.branches)
    listed = ", ".join(policy.branches)
    return Fault(
        Place(path, each.span),
        f"{what} names the branch {name}, and the policy has {listed}: for the team it {hurt}",
        help=f"did you mean {near}?" if near else "name a branch that the team has, or add it to the policy",
    )
