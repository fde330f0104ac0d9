"""A Flutter artefact that goes where the policy does not send it."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.delivery._way import key, way
from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.eas_commands import option_value
from runcrew_lint.domains.delivery.flutter_builds import built_for
from runcrew_lint.domains.delivery.map import Edge, delivery_map_of
from runcrew_lint.domains.delivery.names import Reach
from runcrew_lint.domains.delivery.quoted import short
from runcrew_lint.domains.delivery.reach import pushed
from runcrew_lint.domains.delivery.sequence import Order, Run, order_of, runs_of
from runcrew_lint.domains.workflows.globs import matches
from runcrew_lint.domains.workflows.occasion import RefKind
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_CAUSES = frozenset(("push", "pull_request", "pull_request_target", "release"))
_DEBUG = lazily(r"(?:\A|[-_/.])debug(?:\Z|[-_/.])")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a command: a store upload, a production flavor or a build for testers that goes elsewhere."""
    flutter = policy.flutter
    if not (flutter.distribute_branch or flutter.store_branch):
        return
    seen: set[object] = set()
    for run in runs_of(repository.derive(delivery_map_of).edges):
        if run.occasion.cause not in _CAUSES:
            continue
        for edge in run.edges:
            fault = _judged(edge, run, policy)
            if fault and key(edge) not in seen:
                seen.add(key(edge))
                yield fault


def _judged(edge: Edge, run: Run, policy: Policy) -> Fault | None:
    flutter = policy.flutter
    store = flutter.store_branch
    if store and edge.action is Action.STORE:
        if _is_on(edge, store, policy):
            return _built_for_another(edge, run)
        return _fault(edge, "sends the app to the store", store, "users get what nobody released")
    if store and edge.action is Action.PACKAGE and not _is_on(edge, store, policy):
        hurt = "a build of a branch talks to production"
        if _flavor(edge) in flutter.flavors:
            return _fault(edge, f"builds the flavor `{_flavor(edge)}`", store, hurt)
        if edge.did.part == "flutter" and built_for(edge) is Reach.PRODUCTION:
            return _fault(edge, "builds for production", store, hurt)
    if edge.action is not Action.DISTRIBUTE or not _is_flutter(edge, run):
        return None
    if flutter.distribute_branch and not _is_on(edge, flutter.distribute_branch, None):
        hurt = "testers can't tell which code they have"
        return _fault(edge, "hands a build to testers", flutter.distribute_branch, hurt)
    if _is_debug(edge, run):
        return Fault(
            edge.at,
            f"`{short(edge)}` hands testers a debug build: it is slow, is signed with the debug key and "
            "can't be updated by a release",
            tuple(way(edge)),
            help="build and distribute with `--release`",
        )
    return None


def _built_for_another(edge: Edge, run: Run) -> Fault | None:
    """What goes to the store, where all that was built before it is another environment's."""
    builds = [each for each in run.of(Action.PACKAGE) if each.did.part == "flutter"]
    builds = [each for each in builds if order_of(each, edge) is Order.BEFORE]
    if not builds or any(built_for(each) not in (Reach.STAGING, Reach.OTHER) for each in builds):
        return None
    return Fault(
        edge.at,
        f"{edge.when} sends to the store with `{short(edge)}` what `{short(builds[-1])}` built, which is not "
        "production's: the app that users get talks to another environment",
        tuple(way(edge)),
        help="build the production flavor for the store, with production's definitions",
        severity=None if edge.sure else Severity.WARNING,
    )


def _is_flutter(edge: Edge, run: Run) -> bool:
    """Whether the build that is handed out is Flutter's: fastlane and Firebase serve others, too."""
    return edge.did.part == "flutter" or any(each.did.part == "flutter" for each in run.of(Action.PACKAGE))


def _is_on(edge: Edge, branch: str, policy: Policy | None) -> bool:
    occasion = pushed(edge)
    if occasion.kind is RefKind.TAG:
        return policy is not None and matches(policy.release_tags, occasion.name)
    return occasion.kind is RefKind.BRANCH and matches((branch,), occasion.name)


def _flavor(edge: Edge) -> str:
    value = option_value(edge.did.options, "--flavor")
    return str(value.known) if value and value.is_known else ""


def _is_debug(edge: Edge, run: Run) -> bool:
    if _DEBUG.search(edge.command) or any(_DEBUG.search(each.text or "") for each in edge.did.options):
        return True
    builds = [
        each
        for each in run.of(Action.PACKAGE)
        if each.did.tool.startswith("flutter build") and order_of(each, edge) is Order.BEFORE
    ]
    return bool(builds) and all(each.did.has("--debug") for each in builds)


def _fault(edge: Edge, does: str, branch: str, hurt: str) -> Fault:
    return Fault(
        edge.at,
        f"{edge.when} {does} with `{short(edge)}`, and the policy lets only {branch} do that: {hurt}",
        tuple(way(edge)),
        help=f"keep this step to {branch}: `if: github.ref == 'refs/heads/{branch}'`",
        severity=None if edge.sure else Severity.WARNING,
    )
