"""A ref builds or submits another EAS profile than the policy's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.expected import environments_of, judge
from runcrew_lint.domains.delivery.map import Edge, delivery_map_of
from runcrew_lint.domains.eas.facts import EasConfig
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Environment, Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a command and profile, however many occasions come to it; those that surely do go first."""
    seen: set[object] = set()
    edges = repository.derive(delivery_map_of).edges
    wishes = _wishes(repository, policy, edges)
    for edge in sorted(edges, key=lambda each: not each.sure):
        for name in judge(policy, edge).wrong:
            key = (edge.call, edge.script, edge.step, name)
            if key not in seen:
                seen.add(key)
                wanted = environments_of(policy, edge.occasion)[0]
                exact = wishes.get(edge.profile_word) == {wanted.eas_profile}
                mend = _swap(edge, name, wanted.eas_profile) if exact else None
                yield _fault(edge, name, wanted, policy, mend)


def _wishes(repository: Repository, policy: Policy, edges: Iterable[Edge]) -> dict[Place | None, set[str]]:
    """The profiles wanted of each word by the occasions that reach it.

    "" stands for an occasion that wants none, and for a profile that the eas.json there does not have.
    """
    configs = {each.path: each for each in repository.facts(EasConfig)}
    wishes: dict[Place | None, set[str]] = {}
    for edge in edges:
        names = {each.eas_profile for each in environments_of(policy, edge.occasion)} or {""}
        config = configs.get(edge.config or "")
        if config:
            has = config.build if edge.action is Action.BUILD else config.submit
            names = {name if has(name) else "" for name in names}
        wishes.setdefault(edge.profile_word, set()).update(names)
    return wishes


def _swap(edge: Edge, name: str, wanted: str) -> MendRequest | None:
    """The request to write another profile, where the workflow itself names this one by its letters.

    A script of package.json is run by people too, so its word stays theirs to change.
    """
    word = edge.profile_word
    if word is None or word.path != edge.workflow or not edge.profile.is_known:
        return None
    start, end = word.span
    # What may stand before the name: nothing, a quote, the flag, both; text.replace holds it to the letters.
    spare = end - start - len(name)
    flag = len("--profile=")
    before = {2: 1, flag: flag, flag + 2: flag + 1}.get(spare, 0)
    place = Place(word.path, Span(start + before, start + before + len(name)))
    title = f"{edge.action.value}s `{wanted}` instead of `{name}`"
    arguments = (("title", title), ("text", wanted), ("was", name), ("safety", "safe"))
    return MendRequest("text.replace", place, arguments)


def _fault(edge: Edge, name: str, wanted: Environment, policy: Policy, mend: MendRequest | None) -> Fault:
    verb = "build" if edge.action is Action.BUILD else "submit"
    may = f"{verb}s" if edge.sure else f"may {verb}, by a condition that is not known,"
    other = next((each.name for each in policy.environments if each.eas_profile == name), "")
    hurt = (
        f"{wanted.name} gets the build of {other}"
        if other
        else f"{wanted.name} gets a build it does not know"
    )
    implied = ", which `eas` takes where none is named," if edge.implied else ""
    return Fault(
        edge.at,
        f"{edge.when} {may} the EAS profile `{name}`{implied} and the policy says "
        f"`{wanted.eas_profile}` there: {hurt}",
        tuple(_related(edge, name)),
        help=f"let it be `--profile {wanted.eas_profile}`, or keep this step from running there",
        mend=mend,
        severity=None if edge.sure else Severity.WARNING,
    )


def _related(edge: Edge, name: str) -> Iterator[Related]:
    yield Related(edge.trigger, f"{edge.when} starts this workflow")
    if edge.call != edge.at:
        yield Related(edge.call, "here the action comes to it")
    if edge.script:
        yield Related(edge.script, f"this script runs `{edge.command}`")
    if edge.profile_place:
        yield Related(edge.profile_place, f"the profile `{name}`")
