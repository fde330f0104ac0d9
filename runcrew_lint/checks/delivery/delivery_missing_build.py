"""A ref that builds or deploys nothing, though the policy wants it to."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.map import DeliveryMap, Edge, delivery_map_of
from runcrew_lint.domains.delivery.reach import pushed
from runcrew_lint.domains.eas.facts import EasConfig
from runcrew_lint.domains.workflows.globs import matches
from runcrew_lint.domains.workflows.occasion import RefKind
from runcrew_lint.model.finding import Fault
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Environment, Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span

_OUT = frozenset((Action.DEPLOY, Action.COPY, Action.INFRASTRUCTURE))
# Files of services that build and deploy by themselves: what they do is not seen here.
_ELSEWHERE = lazily(
    r"(?:\A|/)(?:\.gitlab-ci\.yml|\.circleci/config\.yml|bitrise\.yml|codemagic\.yaml|Jenkinsfile[^/]*"
    r"|azure-pipelines\.yml|bitbucket-pipelines\.yml|\.travis\.yml|cloudbuild\.ya?ml|buildspec\.yml|amplify\.yml"
    r"|render\.yaml|vercel\.json|netlify\.toml|app\.yaml|fly\.toml|railway\.(?:json|toml)|Procfile|\.drone\.yml"
    r"|\.buildkite/.+|\.woodpecker/.+|\.woodpecker\.ya?ml|captain-definition|nixpacks\.toml|apprunner\.yaml)\Z"
)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault an environment and what is missing of it; nothing where something unknown may do it."""
    found = repository.derive(delivery_map_of)
    if not found.workflows or found.unread:
        return  # nothing is automated here, or not all of it reads: both are another rule's to say
    configs = sorted(repository.facts(EasConfig), key=_depth)
    elsewhere = any(_ELSEWHERE.search(path) for path in repository.worktree.paths)
    for environment in policy.environments:
        if configs and environment.eas_profile and (environment.branch or environment.tag):
            if not _is_built(found, environment):
                yield _unbuilt(configs[0], environment)
        if elsewhere or not environment.deploy_branch or _is_deployed(found, environment):
            continue
        if home := _backend(repository):
            yield _undeployed(home, environment)


def _depth(config: EasConfig) -> tuple[bool, int, str]:
    """What EAS keeps for itself in `.eas` comes last."""
    return "/.eas/" in f"/{config.path}", config.path.count("/"), config.path


def _on(edge: Edge, branch: str, tag: str) -> bool:
    occasion = pushed(edge)
    if occasion.cause not in ("push", "release"):
        return False
    if occasion.kind is RefKind.TAG:
        return bool(tag) and matches((tag,), occasion.name)
    return occasion.kind is RefKind.BRANCH and bool(branch) and matches((branch,), occasion.name)


def _is_built(found: DeliveryMap, environment: Environment) -> bool:
    for edge in found.edges:
        if not _on(edge, environment.branch, environment.tag):
            continue
        if edge.action is Action.UNKNOWN:
            return True
        if edge.action is Action.BUILD and (
            edge.profile.is_unknown or environment.eas_profile in edge.profile.options
        ):
            return True
    return False


def _is_deployed(found: DeliveryMap, environment: Environment) -> bool:
    return any(
        (edge.action in _OUT or edge.action is Action.UNKNOWN) and _on(edge, environment.deploy_branch, "")
        for edge in found.edges
    )


def _backend(repository: Repository) -> Place | None:
    """Where the backend shows: its Alembic environment, or an image beside it."""
    from runcrew_lint.domains.containers.facts import Image  # these two cost more than the map itself
    from runcrew_lint.domains.migrations.facts import AlembicEnvironment

    environments = repository.facts(AlembicEnvironment)
    if not environments:
        return None
    images = repository.facts(Image)
    return Place((images[0] if images else environments[0]).path, Span(0, 0))


def _unbuilt(config: EasConfig, environment: Environment) -> Fault:
    ref = f"a push to {environment.branch}" if environment.branch else f"a tag {environment.tag}"
    profile = config.build(environment.eas_profile)
    return Fault(
        Place(config.path, profile.span if profile else config.build_span),
        f"no workflow builds `{environment.eas_profile}` on {ref}, as the policy wants: {environment.name} "
        "gets a build only when somebody remembers",
        help=f"add a workflow on {ref} that runs `eas build --profile {environment.eas_profile} "
        "--platform all --non-interactive`",
    )


def _undeployed(home: Place, environment: Environment) -> Fault:
    branch = environment.deploy_branch
    return Fault(
        home,
        f"no workflow deploys the backend on a push to {branch}, as the policy wants for {environment.name}: "
        "what is merged stays where it is until somebody deploys it by hand",
        help=f"add a workflow on `push: {{branches: [{branch}]}}` that migrates and deploys",
    )
