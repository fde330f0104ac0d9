"""A profile that the eas.json there does not have."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.delivery._way import key, way
from runcrew_lint.domains.delivery.calls import PROFILED, Action
from runcrew_lint.domains.delivery.map import Edge, delivery_map_of
from runcrew_lint.domains.eas.facts import EasConfig
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.nearest import nearest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a command and profile; a manual run's choice is a warning."""
    configs = {each.path: each for each in repository.facts(EasConfig)}
    seen: set[object] = set()
    for edge in sorted(repository.derive(delivery_map_of).edges, key=lambda each: not each.sure):
        config = configs.get(edge.config or "")
        if config is None or edge.action not in PROFILED:
            continue
        for each in edge.profile.options:
            name = str(each)
            if _has(config, edge, name) or (key(edge), name) in seen:
                continue
            seen.add((key(edge), name))
            yield _fault(edge, config, name)


def _has(config: EasConfig, edge: Edge, name: str) -> bool:
    if edge.action is Action.BUILD:
        return config.build(name) is not None
    # `eas submit` alone falls back on defaults where there is no profile `production`.
    return config.submit(name) is not None or edge.implied


def _fault(edge: Edge, config: EasConfig, name: str) -> Fault:
    section = "build" if edge.action is Action.BUILD else "submit"
    names = [each.name for each in (config.builds if section == "build" else config.submits)]
    near = nearest(name, names)
    known = ", ".join(f"`{each}`" for each in names) or "none"
    certain = edge.sure and edge.profile.is_known
    return Fault(
        edge.at,
        f"{config.path} has no {section} profile `{name}`, so this step fails when "
        f"{edge.when} comes to it; it has {known}",
        (*way(edge), Related(Place(config.path, config.build_span), f"the profiles of {config.path}")),
        help=f"`{near}` comes nearest"
        if near
        else f"name one of its profiles, or add `{name}` to {config.path}",
        mend=_swap(edge, name, near) if near else None,
        severity=None if certain else Severity.WARNING,
    )


def _swap(edge: Edge, name: str, wanted: str) -> MendRequest | None:
    """The request to write the other name, where this one stands there by its letters."""
    word = edge.profile_word
    if word is None or not edge.profile.is_known:
        return None
    spare = word.span.end - word.span.start - len(name)
    flag = len("--profile=")
    before = {2: 1, flag: flag, flag + 2: flag + 1}.get(spare, 0)
    start = word.span.start + before
    arguments = (("title", f"names `{wanted}`"), ("text", wanted), ("was", name), ("safety", "unsafe"))
    return MendRequest("text.replace", Place(word.path, Span(start, start + len(name))), arguments)
