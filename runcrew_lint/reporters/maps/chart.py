"""The delivery map as nodes and links, with no idea of how they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import field
from enum import StrEnum
from typing import TypeVar

from runcrew_lint.domains.delivery.calls import DELIVERING, PROFILED, Action
from runcrew_lint.domains.delivery.expected import judge
from runcrew_lint.domains.delivery.map import Edge
from runcrew_lint.domains.delivery.names import Reach, reach_of
from runcrew_lint.domains.delivery.reach import allowed, said_by, touches, touches_by_ref
from runcrew_lint.domains.eas.facts import EasConfig
from runcrew_lint.domains.workflows.occasion import Occasion, RefKind
from runcrew_lint.engine.draw import Drawn
from runcrew_lint.frozen import frozen, mutable
from runcrew_lint.model.finding import Finding, Severity
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.tuples import NamedTuple


class State(StrEnum):
    """How a link stands, from the worst."""

    FAULT = "fault"
    UNRESOLVED = "unresolved"
    UNSURE = "unsure"
    PLAIN = "plain"


class Job(NamedTuple):
    """A job of a workflow."""

    workflow: str
    id: str


class Target(NamedTuple):
    """What is reached: `kind` is profile, channel, backend, web, ...; `note` an address or a tool."""

    kind: str
    name: str
    note: str
    reach: str


@mutable
class Link:
    """From a ref to a job, or from a job to a target; `says` are the commands."""

    state: State
    says: dict[str, None] = field(default_factory=dict)


@frozen
class Chart:
    """The whole picture. `starts` are the links from refs to jobs, `ends` those from jobs to targets.

    Refs that start the same are one, with several labels. `quiet` are workflows that deliver nothing.
    """

    title: str
    refs: tuple[tuple[str, ...], ...]
    jobs: tuple[Job, ...]
    targets: tuple[Target, ...]
    starts: dict[tuple[int, Job], Link]
    ends: dict[tuple[Job, Target], Link]
    quiet: tuple[str, ...]
    findings: tuple[Finding, ...]
    policy: str
    rows: tuple[tuple[str, Job, str, Target, State], ...]


K = TypeVar("K")
_ORDER = list(State)
_CALLED = lazily(r"\Athe workflow ([\w.-]+/[\w.-]+)/\.github/workflows/([\w.-]+)@\S+\Z")
_KINDS = {
    Action.UPDATE: "channel",
    Action.MIGRATE: "database",
    Action.INVALIDATE: "web",
    Action.COPY: "server",
    Action.INFRASTRUCTURE: "infrastructure",
    Action.DISTRIBUTE: "testers",
    Action.STORE: "store",
    Action.PUSH: "registry",
}


def chart_of(drawn: Drawn, title: str) -> Chart:
    """The picture of a map; only what delivers is in it."""
    rolled = {(each.occasion, each.job) for each in drawn.found.edges if each.action is Action.DEPLOY}
    edges = [each for each in drawn.found.edges if each.action in DELIVERING and _is_shown(each, rolled)]
    faulty = _faulty(drawn, edges)
    started: dict[str, dict[Job, Link]] = {}
    ends: dict[tuple[Job, Target], Link] = {}
    rows: dict[tuple[str, Job, str, Target, State], None] = {}
    for edge in edges:
        job, ref = Job(edge.workflow, drawn.cover(edge.job_id)), ref_of(edge.occasion, edge.merged)
        command, state = drawn.cover(edge.command), _state(edge, faulty)
        shown = targets_of(edge, drawn.policy, drawn.configs)
        for target, to_it in _by_choice([Target(*map(drawn.cover, each)) for each in shown], state):
            _link(started.setdefault(ref, {}), job, state, command)
            _link(ends, (job, target), to_it, command)
            rows[ref, job, command, target, to_it] = None
    for path in drawn.found.unread:
        job = Job(path, "it can't be read")
        target = Target("unresolved", "unresolved", "what it delivers is not known", "")
        _link(started.setdefault("whatever starts it", {}), job, State.UNRESOLVED, path)
        _link(ends, (job, target), State.UNRESOLVED, path)
        rows["whatever starts it", job, path, target, State.UNRESOLVED] = None
    merged = _merged(started)
    order = {job: index for index, job in enumerate(dict.fromkeys(job for job, _ in ends))}
    jobs = tuple(sorted(order, key=lambda job: (job.workflow, order[job])))
    targets = tuple(dict.fromkeys(target for _, target in ends))
    loud = {job.workflow for job in jobs}
    quiet = tuple(each.path for each in drawn.found.workflows if each.path not in loud and each.triggers)
    starts = {(index, job): link for index, (_, links) in enumerate(merged) for job, link in links.items()}
    labels = tuple(labels for labels, _ in merged)
    return Chart(
        title, labels, jobs, targets, starts, ends, quiet, drawn.findings, drawn.policy.name, tuple(rows)
    )


def _by_choice(targets: list[Target], state: State) -> Iterator[tuple[Target, State]]:
    """The targets, each with its own state: of a choice that may be production, that one alone is wrong."""
    at_fault = state is State.FAULT and any(each.reach == Reach.PRODUCTION for each in targets)
    for each in targets:
        yield each, State.UNSURE if at_fault and each.reach != Reach.PRODUCTION else state


def _is_shown(edge: Edge, rolled: Set[object]) -> bool:
    """Not a database of the job's own, nor files that are copied for a deploy; and a job that only seems to
    deliver only where its name says that it deploys.
    """
    if edge.action is Action.MIGRATE:
        return not edge.site.database
    if edge.action is Action.COPY:
        return (edge.occasion, edge.job) not in rolled
    return edge.action is not Action.UNKNOWN or edge.says_deploy


def ref_of(occasion: Occasion, merged: bool = False) -> str:
    """The ref in a few words: the policy's pattern where it is an example of one."""
    name = occasion.pattern or occasion.name
    if occasion.source:
        kind = RefKind.PULL if occasion.base else RefKind.BRANCH
        before = Occasion(occasion.source, kind, occasion.name, occasion.base, occasion.pattern)
        return f"after {ref_of(before)}"
    if occasion.kind is RefKind.PULL:
        word = "merge" if merged else "pull request"
        return f"{word} → {occasion.pattern or occasion.base}"
    if occasion.event == "workflow_dispatch":
        return "manual run"
    if occasion.kind is RefKind.TAG:
        return f"tag {name}" if occasion.event == "push" else f"{occasion.event} {name}"
    if occasion.kind is RefKind.ANY:
        return occasion.event.replace("_", " ")
    return f"push {name}" if occasion.event == "push" else f"{occasion.event} {name}"


def targets_of(edge: Edge, policy: Policy, configs: Iterable[EasConfig]) -> list[Target]:
    """What an edge reaches; several where a choice decides."""
    if edge.action is Action.UNKNOWN:
        named = _CALLED.sub(r"\2 of \1", edge.did.tool)
        return [Target("unresolved", "unresolved", named, "")]
    if edge.action in PROFILED:
        word = "EAS profile" if edge.action is Action.BUILD else "store"
        if edge.profile.is_unknown:
            return [Target("unresolved", f"{word} ?", "not known before it runs", "")]
        return [_profile(edge, str(each), word, policy, configs) for each in edge.profile.options]
    reach = touches_by_ref(edge, policy)
    kind = _KINDS.get(edge.action) or edge.did.part or "server"
    if edge.action is Action.UPDATE:
        name = said_by(edge.did.target) or "of the branch"
        return [Target("channel", f"update {name}", "EAS Update", touches(edge, policy).value)]
    if edge.action is Action.PUSH:
        return [Target("registry", "image registry", "", "")]
    note = _address(reach, policy) if kind == "backend" else edge.did.tool
    return [Target(kind, f"{kind} · {reach.value or 'not said'}", note, reach.value)]


def _profile(edge: Edge, name: str, word: str, policy: Policy, configs: Iterable[EasConfig]) -> Target:
    url = ""
    for config in configs:
        build = config.build(name) if config.path == edge.config else None
        for platform in build.platforms if build else ():
            setting = platform.get("env", "API_BASE_URL")
            url = url or (str(setting.value) if setting else "")
    environment = next((each for each in policy.environments if each.eas_profile == name), None)
    reach = reach_of(environment.name if environment else name)
    if environment and policy.named:  # an address is one team's
        url = url or environment.api_url
    kind = "profile" if word == "EAS profile" else "store"
    return Target(kind, f"{word} {name}", url.partition("://")[2], reach.value)


def _address(reach: Reach, policy: Policy) -> str:
    environments = policy.environments if policy.named else ()
    found = next((each.api_url for each in environments if each.name == reach.value), "")
    return found.partition("://")[2]


def _state(edge: Edge, faulty: set[int]) -> State:
    if id(edge) in faulty:
        return State.FAULT
    if edge.action is Action.UNKNOWN or (edge.action in PROFILED and edge.profile.is_unknown):
        return State.UNRESOLVED
    return State.PLAIN if edge.sure and len(edge.profile.options) < 2 else State.UNSURE


def _faulty(drawn: Drawn, edges: list[Edge]) -> set[int]:
    """The edges that a finding speaks of; of one command's refs those that the policy keeps out, if any."""
    told = {
        (each.path, each.region.start)
        for each in drawn.findings
        if each.severity in (Severity.ERROR, Severity.WARNING)
    }
    at = [each for each in edges if _where(drawn, each) in told]
    wrong = {id(each) for each in at if _is_wrong(each, drawn.policy)}
    clear = {_where(drawn, each) for each in at if id(each) in wrong}
    return wrong | {id(each) for each in at if _where(drawn, each) not in clear}


def _where(drawn: Drawn, edge: Edge) -> object:
    region = drawn.regions[edge.at]
    return region.path, region.start


def _is_wrong(edge: Edge, policy: Policy) -> bool:
    if judge(policy, edge).wrong:
        return True
    return touches(edge, policy) is Reach.PRODUCTION and allowed(edge, policy) is False


def _link(links: dict[K, Link], key: K, state: State, says: str) -> None:
    link = links.setdefault(key, Link(state))
    link.state = min(link.state, state, key=_ORDER.index)
    link.says[says] = None


def _merged(started: dict[str, dict[Job, Link]]) -> list[tuple[tuple[str, ...], dict[Job, Link]]]:
    """Refs that start the same jobs in the same state, as one."""
    found: dict[frozenset[tuple[Job, State]], tuple[list[str], dict[Job, Link]]] = {}
    for ref, links in started.items():
        key = frozenset((job, link.state) for job, link in links.items())
        if key in found:
            found[key][0].append(ref)
        else:
            found[key] = ([ref], links)
    return [(tuple(labels), links) for labels, links in found.values()]
