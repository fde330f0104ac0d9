"""An over-the-air update that reaches production from another ref, or that names no environment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.checks.delivery._way import key, way
from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.facts import Package
from runcrew_lint.domains.delivery.map import Edge, delivery_map_of
from runcrew_lint.domains.delivery.names import Reach
from runcrew_lint.domains.delivery.quoted import short
from runcrew_lint.domains.delivery.reach import allowed, guard, touches
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import number_of

FIRST_SDK = 55  # from which `eas update` asks for --environment
_CAUSES = frozenset(("push", "pull_request", "pull_request_target", "release"))


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a command: production from a wrong ref goes first."""
    packages = {each.directory: each for each in repository.facts(Package)}
    edges = [each for each in repository.derive(delivery_map_of).edges if each.action is Action.UPDATE]
    seen: set[object] = set()
    for edge in edges:
        exposed = not policy.facts_only and edge.occasion.cause in _CAUSES
        exposed = exposed and touches(edge, policy) is Reach.PRODUCTION and allowed(edge, policy) is False
        if exposed and key(edge) not in seen:
            seen.add(key(edge))
            yield _exposed(edge, policy)
    for edge in edges:
        if key(edge) not in seen and _lacks_environment(edge, packages):
            seen.add(key(edge))
            yield _without(edge, policy)


def _lacks_environment(edge: Edge, packages: dict[str, Package]) -> bool:
    if edge.did.verb is None or edge.did.has("--environment") or edge.did.hides:
        return False
    if not edge.directory.is_known:
        return False
    folder = str(edge.directory.known)
    while True:
        package = packages.get(folder)
        if package and package.expo:
            found = re.search(r"\d+", package.expo)
            return bool(found) and number_of(found[0] if found else "0") >= FIRST_SDK
        if not folder:
            return False
        folder = folder.rpartition("/")[0]


def _exposed(edge: Edge, policy: Policy) -> Fault:
    return Fault(
        edge.at,
        f"{edge.when} publishes an update to production with `{short(edge)}`: the app of "
        "every user loads it at its next start, and no release was made",
        tuple(way(edge)),
        help=f"name another channel, or keep this step to the release: `{guard(policy, edge.action)}`",
    )


def _without(edge: Edge, policy: Policy) -> Fault:
    word, mend = edge.did.verb, None
    wanted = touches(edge, policy)
    if word is not None and wanted in (Reach.PRODUCTION, Reach.STAGING):
        name = "production" if wanted is Reach.PRODUCTION else "preview"
        arguments = (
            ("title", f"takes the variables of `{name}`"),
            ("text", f"update --environment {name}"),
            ("was", "update"),
            ("safety", "unsafe"),
        )
        mend = MendRequest("text.replace", word, arguments)
    return Fault(
        edge.at,
        f"`eas update` names no `--environment`, which SDK {FIRST_SDK} asks for: the update is bundled "
        "without the variables that the build had",
        tuple(way(edge)),
        help="add `--environment production`, `preview` or `development`",
        mend=mend,
    )
