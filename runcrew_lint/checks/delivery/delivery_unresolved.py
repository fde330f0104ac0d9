"""A delivery that could not be decided, and why."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.delivery.calls import PROFILED, Action
from runcrew_lint.domains.delivery.expected import judge
from runcrew_lint.domains.delivery.map import Edge, delivery_map_of
from runcrew_lint.domains.delivery.quoted import script
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a command whose profile is unknown or a choice, and one a job that deploys unseen."""
    seen: set[object] = set()
    for edge in repository.derive(delivery_map_of).edges:
        if edge.action is Action.UNKNOWN and edge.says_deploy and edge.site.place not in seen:
            seen.add(edge.site.place)
            yield _strange(edge)
        if edge.action not in PROFILED:
            continue
        undecided = judge(policy, edge).undecided
        key = (edge.call, edge.script, edge.step)
        if (edge.profile.is_unknown or undecided) and key not in seen:
            seen.add(key)
            yield _fault(edge)


def _strange(edge: Edge) -> Fault:
    return Fault(
        edge.at,
        f"the job `{edge.site.id}` seems to deploy by {edge.did.tool or 'something'}, which the delivery map "
        "does not know: no rule says that anything is missing where it runs",
        (Related(edge.trigger, f"{edge.when} starts this workflow"), *script(edge)),
    )


def _fault(edge: Edge) -> Fault:
    verb = "build" if edge.action is Action.BUILD else "submit"
    several = ", ".join(f"`{each}`" for each in edge.profile.options)
    which = f"it may be {several}" if several else "it is not known"
    return Fault(
        edge.at,
        f"which profile {edge.when} {verb}s here could not be decided, so the policy was "
        f"not held against it: {which}, because {edge.profile.reason or 'a condition decides'}",
        (Related(edge.trigger, f"{edge.when} starts this workflow"), *script(edge)),
    )
