"""Production within reach of a ref that the policy gives another purpose."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.delivery._way import key, verb, way
from runcrew_lint.domains.delivery.calls import PROFILED, Action
from runcrew_lint.domains.delivery.expected import environments_of
from runcrew_lint.domains.delivery.map import Edge, delivery_map_of
from runcrew_lint.domains.delivery.names import Reach
from runcrew_lint.domains.delivery.quoted import short
from runcrew_lint.domains.delivery.reach import allowed, guard, pushed, touches
from runcrew_lint.model.finding import Fault, Note, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_REACHING = frozenset(
    (
        Action.BUILD, Action.SUBMIT, Action.MIGRATE, Action.DEPLOY, Action.INVALIDATE, Action.COPY,
        Action.INFRASTRUCTURE,
    )
)  # fmt: skip
_HELD = Note("environment", "the job names one, which may hold it back on GitHub")
_CAUSES = frozenset(("push", "pull_request", "pull_request_target", "release"))


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a command, told of the first ref that reaches it; the surest first."""
    edges = [each for each in repository.derive(delivery_map_of).edges if _is_exposed(each, policy)]
    same: dict[object, list[Edge]] = {}
    for edge in edges:
        same.setdefault(key(edge), []).append(edge)
    for edge in sorted(edges, key=lambda each: not each.sure):
        if alike := same.pop(key(edge), None):
            yield _fault(edge, policy, alike)


def _is_exposed(edge: Edge, policy: Policy) -> bool:
    if edge.action not in _REACHING or edge.occasion.cause not in _CAUSES:
        return False
    if edge.action in PROFILED and environments_of(policy, pushed(edge)):
        return False  # delivery-wrong-profile's
    if edge.action is Action.MIGRATE and edge.site.database:
        return False  # a database of the job's own
    return touches(edge, policy) is Reach.PRODUCTION and allowed(edge, policy) is False


def _fault(edge: Edge, policy: Policy, same: list[Edge]) -> Fault:
    refs = list(dict.fromkeys(each.when for each in same))
    others = f", and so do {len(refs) - 1} more refs" if len(refs) > 2 else ""
    others = f", and so does {refs[1]}" if len(refs) == 2 else others
    may = verb(edge) if edge.sure else f"may, by a condition that is not known, be what {verb(edge)}"
    what = f"the EAS profile `{edge.profile.known}`" if edge.action in PROFILED else "production"
    protected = edge.site.environment.is_known and edge.site.environment.known != ""
    return Fault(
        edge.at,
        f"{edge.when} {may} {what} with `{short(edge)}`{others}, and the policy lets only "
        f"{_own(policy, edge)} do that: what nobody has released goes to the users",
        tuple(way(edge)),
        notes=(_HELD,) if protected else (),
        help=f"keep this step to the ref that the policy names, such as `{guard(policy, edge.action)}`",
        severity=None if edge.sure and not protected else Severity.WARNING,
    )  # fmt: skip


def _own(policy: Policy, edge: Edge) -> str:
    said = guard(policy, edge.action)
    name = said.rpartition("refs/")[2].rstrip("')").replace("heads/", "a push to ").replace("tags/", "a tag ")
    return f"{name}*" if name.startswith("a tag") else name
