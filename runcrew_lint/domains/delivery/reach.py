"""Which environment an edge of the map touches, and whether the policy lets its ref touch production."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.delivery.calls import EAS, PROFILED, Action
from runcrew_lint.domains.delivery.map import Edge
from runcrew_lint.domains.delivery.names import Reach, reach_of
from runcrew_lint.domains.lattice import Value
from runcrew_lint.domains.workflows.evaluate import to_text
from runcrew_lint.domains.workflows.globs import matches
from runcrew_lint.domains.workflows.occasion import Occasion, RefKind
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Environment, Policy

_QUOTED = lazily(r"`([^`]*)`")
_LIVE = lazily(r"\blive\b")
_APP = frozenset((*EAS, Action.STORE, Action.DISTRIBUTE))


def touches(edge: Edge, policy: Policy) -> Reach:
    """The environment that the edge itself names: by its profile, channel, target, job or workflow."""
    if edge.action in PROFILED:
        return _of_profile(edge, policy)
    for said in _names(edge, policy):
        found = reach_of(said)
        if found:
            return found
    return Reach.UNSAID


def touches_by_ref(edge: Edge, policy: Policy) -> Reach:
    """What the edge itself names, else the environment that the policy gives its ref."""
    found = touches(edge, policy)
    if found:
        return found
    if edge.site.database:
        return Reach.OTHER
    for environment in policy.environments:
        if _is_of(environment, pushed(edge), edge.action):
            return reach_of(environment.name) or Reach.OTHER
    return Reach.UNSAID


def _of_profile(edge: Edge, policy: Policy) -> Reach:
    found = set()
    for name in edge.profile.options:
        of = [each for each in policy.environments if each.eas_profile == name]
        found.add(reach_of(of[0].name if of else str(name)) or Reach.OTHER)
    return found.pop() if len(found) == 1 else Reach.UNSAID


def may_touch_production(edge: Edge, policy: Policy) -> bool:
    """Whether production is among what a choice, such as an input with options, lets the edge touch."""
    if edge.action not in PROFILED:
        return touches(edge, policy) is Reach.PRODUCTION
    names = {each.eas_profile for each in production(policy)}
    return any(str(each) in names for each in edge.profile.options)


def _names(edge: Edge, policy: Policy) -> Iterator[str]:
    """What may name an environment, the surest first."""
    target = edge.did.target
    hosts = {_host(each.api_url): each.name for each in policy.environments if each.api_url}
    for host, name in hosts.items():
        if host and (host in edge.command or any(host in to_text(each) for each in target.options)):
            yield name
    yield said_by(target)
    if edge.did.live:  # the channel `live` of the site `dev`
        yield _LIVE.sub("", said_by(target))
    yield said_by(edge.site.environment)
    yield "production" if edge.did.live else ""  # of its own project, so only where nothing else is said
    if edge.action is Action.UPDATE:
        return
    yield edge.command
    yield from (said_by(each.value) for each in edge.did.options if each.value.is_unknown)
    yield edge.site.id
    yield edge.workflow.rpartition("/")[2].rpartition(".")[0]


def said_by(value: Value) -> str:
    """The one text a value has, or the name of what decides it: `secrets.prod_host`."""
    if value.is_known:
        return to_text(value.known)
    found = _QUOTED.search(value.reason) if value.is_unknown else None
    return found[1] if found and found[1].startswith(("$", "secrets.", "vars.")) else ""


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]


def production(policy: Policy) -> tuple[Environment, ...]:
    """The policy's environments that are production."""
    return tuple(each for each in policy.environments if reach_of(each.name) is Reach.PRODUCTION)


def pushed(edge: Edge) -> Occasion:
    """The push that an occasion stands for: that before a workflow_run, that of a merged pull request."""
    occasion = edge.occasion
    if occasion.kind is RefKind.AFTER and occasion.source == "push":
        return Occasion("push", RefKind.BRANCH, occasion.name, default=occasion.default)
    if occasion.kind is RefKind.PULL and edge.merged:
        return Occasion("push", RefKind.BRANCH, occasion.base, default=occasion.default)
    return occasion


def allowed(edge: Edge, policy: Policy, occasion: Occasion | None = None) -> bool | None:
    """Whether the policy lets production be touched on the edge's ref; None where it says nothing.

    Arguments:
        occasion: the ref to judge instead of the edge's own push.
    """
    environments = [each for each in production(policy) if each.branch or each.tag or each.deploy_branch]
    occasion = occasion or pushed(edge)
    if not environments or occasion.kind is RefKind.ANY:
        return None
    if occasion.kind in (RefKind.PULL, RefKind.AFTER):
        return False
    if occasion.kind is RefKind.TAG and matches(policy.release_tags, occasion.name):
        return True
    return any(_is_of(each, occasion, edge.action) for each in environments)


def _is_of(environment: Environment, occasion: Occasion, action: Action) -> bool:
    """Whether a ref builds an environment, or for the backend deploys it."""
    if occasion.kind is RefKind.TAG:
        return bool(environment.tag) and matches((environment.tag,), occasion.name)
    if occasion.kind is not RefKind.BRANCH:
        return False
    patterns = [environment.branch]
    if action not in _APP:
        patterns.append(environment.deploy_branch)
    return any(each and matches((each,), occasion.name) for each in patterns)


def guard(policy: Policy, action: Action) -> str:
    """The `if:` that lets production's own ref alone through."""
    for each in production(policy):
        branch = each.branch or (each.deploy_branch if action not in _APP else "")
        if branch:
            return f"if: github.ref == 'refs/heads/{branch}'"
        if each.tag:
            return f"if: startsWith(github.ref, 'refs/tags/{each.tag.split('*')[0]}')"
    return "if: github.ref == 'refs/heads/main'"
