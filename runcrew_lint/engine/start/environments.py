"""Environments by what delivers to them: EAS profiles, the refs that build them, the pushes that deploy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.map import DeliveryMap, Edge
from runcrew_lint.domains.delivery.names import Reach
from runcrew_lint.domains.delivery.reach import pushed, touches
from runcrew_lint.domains.eas.addresses import address
from runcrew_lint.domains.eas.facts import BuildProfile, EasConfig
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.domains.workflows.globs import is_literal
from runcrew_lint.domains.workflows.occasion import RefKind
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Environment, Policy

URL_VARIABLE = "API_BASE_URL"  # what eas-api-url-mismatch looks at unasked
_URL = lazily(r"(?:\A|_)(?:API|BACKEND|SERVER)(?:_|\Z).*UR[LI]|UR[LI].*_(?:API|BACKEND)(?:_|\Z)")
_NAME = lazily(r"[a-z][a-z0-9_-]*")
_DEPLOYS = frozenset((Action.DEPLOY, Action.MIGRATE, Action.COPY))
_KEPT = ("distribution", "developmentClient")

Refs = dict[str, set[tuple[RefKind, str]]]
Built = tuple[tuple[Environment, ...], tuple[str, ...], tuple[str, ...]]


def refs_of(workflows: Iterable[Workflow], default: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The branches and tags that workflows start on, as they write them; what they take away stays out."""
    branches, tags = dict.fromkeys((default,) if default else ()), dict[str, None]()
    for workflow in workflows:
        for trigger in workflow.triggers:
            for kind, into in (("branches", branches), ("tags", tags)):
                said = trigger.filter(kind) if trigger.event in ("push", "pull_request") else None
                names = (each.value for each in said.patterns) if said else ()
                into.update(
                    dict.fromkeys(name for name in names if name[:1] not in ("!", "") and "${{" not in name)
                )
    everything = {"**", "*"}
    return tuple(each for each in branches if each not in everything), tuple(
        each for each in tags if each not in everything
    )


def environments_of(found: DeliveryMap, configs: Sequence[EasConfig], policy: Policy) -> Built:
    """The environments, the variables that hold their addresses, and what is left open.

    A profile of eas.json is an environment; so is production, or staging, where the map says that pushes
    deploy there.
    """
    doubts: list[str] = []
    variables: tuple[str, ...] = ()
    made: dict[str, Environment] = {}
    if len(configs) > 1:
        paths = ", ".join(each.path for each in configs)
        doubts.append(
            f"environments: there are several eas.json ({paths}), and a profile's name is one team's"
        )
    elif configs:
        (config,) = configs
        if config.problems:
            doubts.append(f"environments: EAS refuses {config.path}, so its profiles are not taken over")
        else:
            variables = _variables(config)
            refs = _refs(edge for edge in found.edges if edge.action is Action.BUILD)
            for profile in config.builds:
                environment = _of_profile(profile, refs, variables, doubts)
                if environment:
                    made[environment.name] = environment
    deploys = _deploys(found, policy)
    for reach in (Reach.STAGING, Reach.PRODUCTION):
        _deploying(reach.value, deploys.get(reach.value, set()), made, doubts)
    return tuple(made.values()), variables, tuple(doubts)


def _variables(config: EasConfig) -> tuple[str, ...]:
    """The variables with the API's address, the commonest; the usual one alone where it is set."""
    counted = Counter(
        setting.key[1]
        for profile in config.builds
        for resolved in profile.platforms[:1]
        for setting in resolved.settings
        if len(setting.key) == 2 and setting.key[0] == "env" and _URL.search(setting.key[1])
        and isinstance(setting.value, str) and address(setting.value)
    )  # fmt: skip
    if URL_VARIABLE in counted:
        return (URL_VARIABLE,)
    return tuple(name for name, _ in counted.most_common(1))


def _of_profile(
    profile: BuildProfile, refs: Refs, variables: tuple[str, ...], doubts: list[str]
) -> Environment | None:
    name = profile.name.lower()
    if profile.broken or not _NAME.fullmatch(name):
        doubts.append(f"environments: the profile {profile.name} is left out: {profile.broken or 'its name'}")
        return None
    if _is_abstract(profile):
        return None
    branch, tag = _ref(f"environments.{name}", refs.get(profile.name, set()), "builds it", doubts)
    url = _one(profile, ("env", variables[0])) if variables else None
    eas = {key: value for key in _KEPT if (value := _one(profile, (key,))) is not None}
    known = isinstance(url, str) and address(url) is not None
    return Environment(name, profile.name, eas, url if known and isinstance(url, str) else "", branch, tag)


def _is_abstract(profile: BuildProfile) -> bool:
    """A profile for others to extend."""
    return profile.name.lower() in ("base", "common", "shared", "default")


def _one(profile: BuildProfile, key: tuple[str, ...]) -> str | int | float | bool | None:
    """A value that somebody wrote, the same on each platform."""
    said = [each.get(*key) for each in profile.platforms]
    values = {each.value if each and each.span else None for each in said}
    return values.pop() if len(values) == 1 else None


def _refs(edges: Iterable[Edge]) -> Refs:
    found: Refs = {}
    for edge in edges:
        if edge.profile.is_known:
            found.setdefault(str(edge.profile.known), set()).update(_pushed(edge))
    return found


def _pushed(edge: Edge) -> Iterator[tuple[RefKind, str]]:
    """The push that is sure to come to it, as a branch or the pattern of tags."""
    ref = pushed(edge)
    if edge.sure and ref.event == "push" and ref.kind in (RefKind.BRANCH, RefKind.TAG):
        yield ref.kind, ref.pattern or ref.name


def _deploys(found: DeliveryMap, policy: Policy) -> Refs:
    deploys: Refs = {}
    for edge in found.edges:
        if edge.action in _DEPLOYS and not edge.site.database:
            deploys.setdefault(touches(edge, policy).value, set()).update(_pushed(edge))
    return deploys


def _ref(what: str, refs: set[tuple[RefKind, str]], does: str, doubts: list[str]) -> tuple[str, str]:
    """The one branch and the one tag; nothing, and a doubt, where there are several."""
    said = []
    for kind in (RefKind.BRANCH, RefKind.TAG):
        names = sorted(name for each, name in refs if each is kind)
        if len(names) > 1 or (kind is RefKind.BRANCH and names and not is_literal(names[0])):
            doubts.append(
                f"{what}: a push to {' and '.join(names)} {does}, and the policy names one {kind.value}"
            )
            names = []
        said.append(names[0] if names else "")
    return said[0], said[1]


def _deploying(
    name: str, refs: set[tuple[RefKind, str]], made: dict[str, Environment], doubts: list[str]
) -> None:
    """What deploys there, beside what builds the app of the same name."""
    branch, tag = _ref(f"environments.{name}", refs, "deploys it", doubts)
    if not (branch or tag):
        return
    app = made.get(name)
    if app is None:
        made[name] = Environment(name, branch=branch, tag=tag)
        return
    if branch and branch != app.branch:
        made[name] = Environment(
            name, app.eas_profile, app.eas, app.api_url, app.branch, app.tag or tag, deploy_branch=branch
        )
