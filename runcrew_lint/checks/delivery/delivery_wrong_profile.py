"""A ref builds or submits another EAS profile than the policy's."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.delivery.eas_commands import Action
from runcrew_lint.domains.delivery.expected import environments_of, judge
from runcrew_lint.domains.delivery.map import Edge, delivery_map_of
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.policy.model import Environment, Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a command and profile, however many occasions come to it; those that surely do go first."""
    seen: set[object] = set()
    for edge in sorted(repository.derive(delivery_map_of).edges, key=lambda each: not each.sure):
        for name in judge(policy, edge).wrong:
            key = (edge.call, edge.script, edge.step, name)
            if key not in seen:
                seen.add(key)
                yield _fault(edge, name, environments_of(policy, edge.occasion)[0], policy)


def _fault(edge: Edge, name: str, wanted: Environment, policy: Policy) -> Fault:
    verb = "build" if edge.action is Action.BUILD else "submit"
    may = f"{verb}s" if edge.sure else f"may {verb}, by a condition that is not known,"
    other = next((each.name for each in policy.environments if each.eas_profile == name), "")
    hurt = (
        f"{wanted.name} gets the build of {other}"
        if other
        else f"{wanted.name} gets a build it does not know"
    )
    implied = ", which `eas` takes where none is named," if edge.implied else ""
    return Fault(
        edge.at,
        f"{edge.occasion.describe()} {may} the EAS profile `{name}`{implied} and the policy says "
        f"`{wanted.eas_profile}` there: {hurt}",
        tuple(_related(edge, name)),
        help=f"let it be `--profile {wanted.eas_profile}`, or keep this step from running there",
        severity=None if edge.sure else Severity.WARNING,
    )


def _related(edge: Edge, name: str) -> Iterator[Related]:
    yield Related(edge.trigger, f"{edge.occasion.describe()} starts this workflow")
    if edge.call != edge.at:
        yield Related(edge.call, "here the action comes to it")
    if edge.script:
        yield Related(edge.script, f"this script runs `{edge.command}`")
    if edge.profile_place:
        yield Related(edge.profile_place, f"the profile `{name}`")
