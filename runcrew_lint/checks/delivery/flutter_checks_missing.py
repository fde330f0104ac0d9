"""A Flutter build that nothing has analysed or tested."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.delivery._way import way
from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.map import DeliveryMap, Edge, delivery_map_of
from runcrew_lint.domains.delivery.quoted import short
from runcrew_lint.domains.delivery.sequence import (
    Run,
    checked_on,
    guarded_branch,
    holds_back,
    is_push,
    runs_of,
)
from runcrew_lint.domains.review.facts import BranchRules, required_by
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_CHECKS = ("flutter analyze", "flutter test")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a build, and one a check whose failure is let pass."""
    if not (policy.flutter.distribute_branch or policy.flutter.store_branch):
        return
    found = repository.derive(delivery_map_of)
    yield from _neutralised(found)
    seen: set[object] = set()
    for run in runs_of(found.edges):
        if not is_push(run.occasion):
            continue
        for build in run.of(Action.PACKAGE):
            if not build.did.tool.startswith("flutter build") or build.site.place in seen:
                continue
            lacks = [each for each in _CHECKS if not _is_checked(each, build, run, found, repository, policy)]
            if lacks and not run.of(Action.UNKNOWN):
                seen.add(build.site.place)
                yield _fault(build, lacks)


def _neutralised(found: DeliveryMap) -> Iterator[Fault]:
    seen: set[object] = set()
    for edge in found.edges:
        if edge.did.tool in _CHECKS and edge.forgiven and edge.call not in seen:
            seen.add(edge.call)
            yield Fault(
                edge.at,
                f"`{short(edge)}` may fail here and the job goes on: the check says nothing any more",
                tuple(way(edge)),
                help="take `|| true` or `continue-on-error` off it",
            )


def _is_checked(
    tool: str, build: Edge, run: Run, found: DeliveryMap, repository: Repository, policy: Policy
) -> bool:
    if any(each.did.tool == tool and holds_back(each, build) for each in run.edges):
        return True
    branch = guarded_branch(build, policy)
    before = [
        each
        for each in checked_on(found, branch, Action.TEST, Action.LINT)
        if each.did.tool == tool and not each.forgiven
    ]
    required = required_by(repository.facts(BranchRules), branch, policy.default_branch)
    if required is None:
        return bool(before)  # what the branch's protection asks for is not kept here
    return any(required & {each.site.name, each.site.id} for each in before)


def _fault(build: Edge, lacks: list[str]) -> Fault:
    missing = " and ".join(f"`{each}`" for each in lacks)
    return Fault(
        build.at,
        f"{build.when} runs `{short(build)}` and nothing has run {missing} before: a broken "
        "app reaches testers or the store",
        tuple(way(build)),
        help=f"run {missing} before the build, in this job or in one that it needs",
    )
