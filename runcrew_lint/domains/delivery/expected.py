"""Which profiles the policy wants on an occasion, and how an edge of the map compares."""

from __future__ import annotations

from runcrew_lint.domains.delivery.calls import PROFILED
from runcrew_lint.domains.delivery.map import Edge
from runcrew_lint.domains.workflows.globs import matches
from runcrew_lint.domains.workflows.occasion import Occasion, RefKind
from runcrew_lint.policy.model import Environment, Policy
from runcrew_lint.tuples import NamedTuple


def environments_of(policy: Policy, occasion: Occasion) -> tuple[Environment, ...]:
    """The environments that a push or a release on this ref builds, where the policy names their profile.

    Pull requests, manual runs and schedules build no environment.
    """
    kinds = {RefKind.BRANCH: "branch", RefKind.TAG: "tag"}
    if occasion.kind is RefKind.AFTER and occasion.source == "push":
        occasion = Occasion("push", RefKind.BRANCH, occasion.name)
    if occasion.event not in ("push", "release") or occasion.kind not in kinds:
        return ()
    found = []
    for environment in policy.environments:
        pattern = environment.branch if occasion.kind is RefKind.BRANCH else environment.tag
        if environment.eas_profile and pattern and matches((pattern,), occasion.name):
            found.append(environment)
    return tuple(found)


class Verdict(NamedTuple):
    """How an edge compares: the profiles that are surely wrong, and whether that can't be decided."""

    wrong: tuple[str, ...]
    undecided: bool


def judge(policy: Policy, edge: Edge) -> Verdict:
    """An edge against the policy; it is no fault where the policy wants no profile on its ref.

    Of several values that a condition decides, all must be wrong.
    """
    wanted = {each.eas_profile for each in environments_of(policy, edge.occasion)}
    if not wanted or edge.action not in PROFILED or edge.profile.is_unknown:
        return Verdict((), False)
    profiles = tuple(str(each) for each in edge.profile.options)
    wrong = tuple(each for each in profiles if each not in wanted)
    if len(wrong) == len(profiles):
        return Verdict(wrong, False)
    return Verdict((), bool(wrong))
