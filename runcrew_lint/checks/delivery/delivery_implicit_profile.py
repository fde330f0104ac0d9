"""An eas build or submit that names no profile."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.delivery._way import key, way
from runcrew_lint.domains.delivery.calls import PROFILED, Action
from runcrew_lint.domains.delivery.map import Edge, delivery_map_of
from runcrew_lint.domains.delivery.reach import allowed, production
from runcrew_lint.domains.eas.facts import EasConfig
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

DEFAULT = "production"


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a command, an error where any ref that reaches it may not touch production.

    A submission where eas.json has no other submit profile can't be mistaken for another.
    """
    configs = {each.path: each for each in repository.facts(EasConfig)}
    edges = [each for each in repository.derive(delivery_map_of).edges if _is_implied(each)]
    seen: set[object] = set()
    for edge in sorted(edges, key=lambda each: _refused(each, policy), reverse=True):
        if (edge.call, edge.script, edge.step) in seen:
            continue
        seen.add((edge.call, edge.script, edge.step))
        anywhere = any(_refused(each, policy) for each in edges if key(each) == key(edge))
        if anywhere or not _is_the_only_one(edge, configs.get(edge.config or "")):
            yield _fault(edge, anywhere)


def _is_the_only_one(edge: Edge, config: EasConfig | None) -> bool:
    return (
        edge.action is Action.SUBMIT and config is not None and {e.name for e in config.submits} <= {DEFAULT}
    )


def _is_implied(edge: Edge) -> bool:
    return edge.action in PROFILED and edge.implied and edge.profile.is_known and edge.did.verb is not None


def _refused(edge: Edge, policy: Policy) -> bool:
    """Whether the policy keeps production from this ref; a manual run is somebody's choice."""
    if policy.facts_only or edge.occasion.event == "workflow_dispatch":
        return False
    named = any(each.eas_profile == DEFAULT for each in production(policy))
    return named and allowed(edge, policy) is False


def _fault(edge: Edge, refused: bool) -> Fault:
    word = edge.did.verb
    mend = None
    if word is not None and not refused:
        arguments = (
            ("title", "names the profile that EAS takes"),
            ("text", f"{edge.action.value} --profile {DEFAULT}"),
            ("was", edge.action.value),
            ("safety", "safe"),
        )
        mend = MendRequest("text.replace", word, arguments)
    hurt = (
        f"on {edge.when}, which the policy keeps from production"
        if refused
        else "and a reader who expects another one is wrong"
    )
    return Fault(
        edge.at,
        f"`eas {edge.action.value}` names no profile here, so EAS takes `{DEFAULT}`, {hurt}",
        tuple(way(edge)),
        mend=mend,
        severity=Severity.ERROR if refused else None,
    )
