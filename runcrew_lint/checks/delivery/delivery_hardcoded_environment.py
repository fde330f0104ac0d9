"""A job that reaches one environment with the secrets or addresses of another."""

from __future__ import annotations

from collections.abc import Iterator, Set

from runcrew_lint.checks.delivery._way import key, verb, way
from runcrew_lint.domains.delivery.calls import DELIVERING, PROFILED, Action
from runcrew_lint.domains.delivery.map import Edge, delivery_map_of
from runcrew_lint.domains.delivery.names import Reach, reach_of
from runcrew_lint.domains.delivery.quoted import short
from runcrew_lint.domains.delivery.reach import said_by, touches, touches_by_ref
from runcrew_lint.domains.delivery.reached import Given
from runcrew_lint.domains.workflows.occasion import RefKind
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_OPPOSITE = {Reach.PRODUCTION: Reach.STAGING, Reach.STAGING: Reach.PRODUCTION}


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a name and the place it stands in; else one a command that serves another environment than
    its job's.
    """
    hosts = {
        each.api_url.partition("://")[2].partition("/")[0]: reach_of(each.name)
        for each in policy.environments
        if each.api_url and reach_of(each.name) in _OPPOSITE
    }
    seen: set[tuple[Place, str]] = set()
    edges = repository.derive(delivery_map_of).edges
    own = {edge.site.place for edge in edges if _names_its_own(edge)}
    strangers: set[object] = set()
    for edge in edges:
        if edge.action not in DELIVERING or edge.action is Action.UNKNOWN:
            continue
        if edge.site.place not in own and _is_stranger(edge, policy) and key(edge) not in strangers:
            strangers.add(key(edge))
            yield _stranger(edge, _declared(edge))
        if not edge.given:
            continue
        reach = _meant(edge, policy, own)
        if reach not in _OPPOSITE or edge.occasion.kind is RefKind.PULL:
            continue
        for built_in in (True, False) if edge.did.part == "web" else (False,):
            said = [(each, _reach(each, hosts)) for each in edge.given if each.built_in is built_in]
            if any(other is reach for _, other in said):
                continue  # both names: a step that serves both, or chooses in its script
            for given, other in said:
                if other is _OPPOSITE[reach] and (given.place, given.name) not in seen:
                    seen.add((given.place, given.name))
                    yield _fault(edge, given, reach, other)


def _declared(edge: Edge) -> Reach:
    """What the GitHub environment of its job is."""
    return reach_of(said_by(edge.site.environment))


def _names_its_own(edge: Edge) -> bool:
    """Whether it names what its job's GitHub environment is, in its target or in what it is given."""
    said = (said_by(edge.did.target), *(each.name for each in edge.given))
    return any(reach_of(each) is _declared(edge) for each in said)


def _meant(edge: Edge, policy: Policy, own: Set[Place]) -> Reach:
    """The environment that it is meant for.

    Of a job whose GitHub environment is one and all whose names are the other's, it is the former.

    Arguments:
        own: the jobs that name what their GitHub environment is.
    """
    reach, declared = touches_by_ref(edge, policy), _declared(edge)
    is_other = declared in _OPPOSITE and reach is _OPPOSITE[declared]
    return declared if is_other and edge.site.place not in own else reach


def _reach(given: Given, hosts: dict[str, Reach]) -> Reach:
    if given.kind == "secret":
        return reach_of(given.name)
    return next((reach for host, reach in hosts.items() if host and f"//{host}" in given.name), Reach.UNSAID)


def _is_stranger(edge: Edge, policy: Policy) -> bool:
    """Whether what it names is the other environment than its job's, and no secret's name tells of either.

    Of a profile that the ref does not build, delivery-wrong-profile speaks.
    """
    if edge.action in PROFILED or any(reach_of(each.name) for each in edge.given if each.kind == "secret"):
        return False
    declared = _declared(edge)
    return declared in _OPPOSITE and touches(edge, policy) is _OPPOSITE[declared]


def _stranger(edge: Edge, declared: Reach) -> Fault:
    return Fault(
        edge.at,
        f"{edge.when} {verb(edge)} {_OPPOSITE[declared].value} with `{short(edge)}`, in a job of the GitHub "
        f"environment `{said_by(edge.site.environment)}`: it runs on {declared.value}'s secrets, and whoever "
        "approves or looks back is told the wrong side",
        tuple(way(edge)),
        help=f"name {_OPPOSITE[declared].value}'s environment at the job, or the other target here",
        severity=Severity.WARNING,
    )


def _fault(edge: Edge, given: Given, reach: Reach, other: Reach) -> Fault:
    what = f"`{given.name.upper()}`" if given.kind == "secret" else f"an address of {other.value}"
    hurt = (
        "what users get talks to the wrong side"
        if reach is Reach.PRODUCTION
        else "a trial run can touch what users have"
    )
    is_given = "its build has put in" if given.built_in else "is given"
    return Fault(
        given.place,
        f"{edge.when} {verb(edge)} {reach.value} with `{short(edge)}`, and {is_given} {what}, "
        f"which is {other.value}'s: {hurt}",
        tuple(way(edge)),
        help=f"give it {reach.value}'s own, best by a GitHub environment of that name",
        severity=None if edge.sure else Severity.WARNING,
    )
