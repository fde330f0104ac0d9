"""A manual run of any branch that can reach production."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.delivery._way import key, way
from runcrew_lint.domains.delivery.calls import DELIVERING, PROFILED, Action
from runcrew_lint.domains.delivery.map import DeliveryMap, Edge, delivery_map_of
from runcrew_lint.domains.delivery.names import Reach, reach_of
from runcrew_lint.domains.delivery.quoted import short
from runcrew_lint.domains.delivery.reach import allowed, guard, may_touch_production, said_by
from runcrew_lint.domains.workflows.facts import Job
from runcrew_lint.domains.workflows.occasion import RefKind
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_LEFT_OUT = frozenset((Action.PUSH, Action.UNKNOWN, Action.DISTRIBUTE, Action.UPDATE))
_SHOWN = 5
# Jobs of EAS that wait for a person.
_APPROVALS = ("eas:approval", "eas:require-approval")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a job that a manual run on a branch of no production reaches, and what it reaches there."""
    found = repository.derive(delivery_map_of)
    seen: set[object] = set()
    reached: dict[object, list[Edge]] = {}
    for edge in found.edges:
        if edge.occasion.event != "workflow_dispatch" or edge.occasion.kind is not RefKind.BRANCH:
            continue
        if edge.action not in DELIVERING - _LEFT_OUT or key(edge) in seen:
            continue
        if edge.action is Action.MIGRATE and edge.site.database:
            continue
        if allowed(edge, policy) is False and may_touch_production(edge, policy) and not _held(edge, found):
            seen.add(key(edge))
            reached.setdefault((edge.workflow, edge.site.id, _what(edge)), []).append(edge)
    for edges in reached.values():
        yield _fault(edges, policy)


def _held(edge: Edge, found: DeliveryMap) -> bool:
    """Whether the job, or one that it waits for, names an environment that GitHub may hold back, or a person
    must approve before.
    """
    own = edge.site.environment
    if own.is_unknown or reach_of(said_by(own)) is Reach.PRODUCTION or len(own.options) > 1:
        return True
    workflow = next((each for each in found.workflows if each.path == edge.workflow), None)
    waited = [workflow.job(each) for each in edge.site.needs] if workflow else []
    return any(job and (_is_protected(job) or _is_approval(job)) for job in waited)


def _is_protected(job: Job) -> bool:
    return job.environment is not None and reach_of(job.environment.value) is Reach.PRODUCTION


def _is_approval(job: Job) -> bool:
    return any(step.uses and step.uses.value in _APPROVALS for step in job.steps)


def _what(edge: Edge) -> str:
    if edge.action not in PROFILED:
        return "production"
    names = ", ".join(f"`{each}`" for each in edge.profile.options)
    return f"the EAS profile {names}" if len(edge.profile.options) == 1 else f"one of {names}"


def _fault(edges: list[Edge], policy: Policy) -> Fault:
    """One fault for all commands of a job that reach the same."""
    edge, *others = edges
    more = f" and {len(others)} more command{'s' if len(others) > 1 else ''}" if others else ""
    holds = "give the job `environment: production`"
    if edge.workflow.startswith(".eas/") or "/.eas/" in edge.workflow:
        holds = "let the job need one of `type: require-approval`"
    return Fault(
        edge.at,
        f"a manual run of any branch reaches {_what(edge)} with `{short(edge)}`{more}: nothing asks for the "
        "ref, and no environment holds it back, so that half-finished work can go to the users by one "
        "wrong choice",
        (*way(edge), *(Related(each.at, "and here") for each in others[:_SHOWN])),
        help=f"{holds}, or `{guard(policy, edge.action)}`",
    )
