"""A deploy that another one may overtake, or that is broken off half-way."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.checks.workflows._sites import around, rolls_out
from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.map import DeliveryMap, Edge, delivery_map_of
from runcrew_lint.domains.delivery.names import Reach
from runcrew_lint.domains.delivery.own import written
from runcrew_lint.domains.delivery.quoted import script, short
from runcrew_lint.domains.delivery.reach import touches
from runcrew_lint.domains.lattice import Value, unknown
from runcrew_lint.domains.workflows.evaluate import interpolate, truth_of
from runcrew_lint.domains.workflows.facts import Concurrency, Job, Text, Workflow
from runcrew_lint.domains.workflows.occasion import RefKind, github
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

# Hosts that switch over to a whole version or not at all: nothing is left half done.
_WHOLE = (
    "vercel", "wrangler", "netlify", "firebase", "cloudflare/", "amondnet/", "nwtgck/", "peaceiris/",
    "github pages", "surge",
)  # fmt: skip
# What a group holds where each run has one of its own, and where each ref has.
_OF_A_RUN = lazily(r"github\.(?:sha|run_id|run_number)\b", re.IGNORECASE)
_OF_A_REF = lazily(r"github\.(?:ref\b|ref_name\b|event\.release\.)", re.IGNORECASE)
_ON_TAGS = lazily(r"refs/tags|ref_type", re.IGNORECASE)
# It asks GitHub for a whole release in one call, and takes up what was broken off.
_RESUMED = "release-please"
_BOTH = (Reach.PRODUCTION, Reach.STAGING, Reach.UNSAID)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a job that rolls out, or a `cancel-in-progress` that breaks one off, or a publication."""
    found = repository.derive(delivery_map_of)
    edges: dict[tuple[Place, str], list[Edge]] = {}  # by the job, and by the workflow that calls it
    for edge in found.edges:
        if _publishes(edge) or (rolls_out(found, edge) and touches(edge, policy) in _BOTH):
            edges.setdefault((edge.site.place, edge.workflow), []).append(edge)
    seen: set[Place] = set()
    for (job, _), same in edges.items():
        groups = [each.concurrency for each in around(found, same[0]) if each.concurrency]
        rolled = [each for each in same if not _publishes(each)]
        if rolled and not groups and job not in seen:
            seen.add(job)
            yield _unguarded(found, _gravest(rolled), rolled)
        for group in groups:
            met = [each for each in same if _may_meet(found, each, group)]
            place = _place_of(found, group)
            if met and place and place not in seen:
                seen.add(place)
                yield _broken_off(_gravest(met), place, group, by_hand=_is_by_hand(met))


def _publishes(edge: Edge) -> bool:
    """Whether it gives a package, a release or a page to the public, in more than one step."""
    return (
        edge.action is Action.PUBLISH
        and _RESUMED not in edge.command
        and edge.workflow.startswith(".github/")
        and not edge.occasion.cause.startswith("pull_request")
    )


def _is_by_hand(edges: list[Edge]) -> bool:
    """Whether a person starts each of them, who may look what runs already."""
    return all(each.occasion.cause == "workflow_dispatch" for each in edges)


def _gravest(edges: list[Edge]) -> Edge:
    order = (Action.MIGRATE, Action.DEPLOY)
    return min(edges, key=lambda each: order.index(each.action) if each.action in order else len(order))


def _may_meet(found: DeliveryMap, edge: Edge, group: Concurrency) -> bool:
    """Whether a later run cancels the one that the edge is of; a tag is pushed once."""
    if not _is_cancelling(found, edge, group.cancel):
        return False
    name = group.group.value if group.group else ""
    return not (_OF_A_RUN.search(name) or (_OF_A_REF.search(name) and _is_of_a_tag(found, edge)))


def _is_cancelling(found: DeliveryMap, edge: Edge, said: Text | None) -> bool:
    """Whether `cancel-in-progress` is surely true of the run that the edge is of."""
    if said is None or "${{" not in said.value:
        return said is not None and said.value == "true"
    workflow = next((each for each in found.workflows if each.path == edge.workflow), None)
    trigger = workflow.trigger(edge.occasion.event) if workflow else None

    def look(path: tuple[str, ...]) -> Value:
        if trigger is None or path[0] != "github":
            return unknown("it is known when it runs")
        return github(trigger, edge.occasion, path[1:])

    return truth_of(interpolate(said.value, look)) is True


def _is_of_a_tag(found: DeliveryMap, edge: Edge) -> bool:
    workflow, job = written(found, edge)
    steps = (
        [each for each in job.steps if workflow and Place(workflow.path, each.span) == edge.step]
        if job
        else []
    )
    conditions = [each.condition.value for each in (job, *steps) if each and each.condition]
    return edge.occasion.kind is RefKind.TAG or any(_ON_TAGS.search(each) for each in conditions)


def _unguarded(found: DeliveryMap, edge: Edge, same: list[Edge]) -> Fault:
    workflow, job = written(found, edge)
    what = "migrates the database" if edge.action is Action.MIGRATE else "rolls out"
    place, by_hand = edge.site.place, _is_by_hand(same)
    twice = "two people who start it run it" if by_hand else "two merges in a row run it"
    return Fault(
        place,
        f"`{edge.job_id}` {what} with `{short(edge)}` and has no `concurrency`: {twice} twice at once, and "
        "the older one may be the last",
        (Related(edge.at, "what is rolled out here"), *script(edge)),
        mend=_mend(workflow, job, same),
        severity=Severity.INFO if by_hand and edge.action is not Action.MIGRATE else None,
    )


def _mend(workflow: Workflow | None, job: Job | None, same: list[Edge]) -> MendRequest | None:
    """`concurrency` in the job; refused where one name would hold back what may run side by side."""
    if (
        workflow is None
        or job is None
        or job.matrix
        or job.matrix_is_open
        or workflow.trigger("workflow_call")
    ):
        return None
    stem = workflow.path.rpartition("/")[2].rpartition(".")[0]
    name = job.id if job.id.startswith(stem) else f"{stem}-{job.id}"
    refs = {each.occasion.name for each in same if each.occasion.kind is RefKind.BRANCH}
    group = f"{name}-${{{{ github.ref }}}}" if len(refs) > 1 else name
    told = (
        ("title", f"adds `concurrency: {group}`"),
        ("safety", "safe"),
        ("key", "concurrency"),
        ("value", group),
        ("after", "runs-on"),
    )
    return MendRequest("yaml.insert_key", Place(workflow.path, job.span), told)


def _place_of(found: DeliveryMap, group: Concurrency) -> Place | None:
    """Where a group is written: in the job's own file, or in the one that calls it."""
    for workflow in found.workflows:
        held = [workflow.concurrency, *(job.concurrency for job in workflow.jobs)]
        if any(each is group for each in held) and group.cancel:
            return Place(workflow.path, group.cancel.span)
    return None


def _broken_off(edge: Edge, place: Place, group: Concurrency, *, by_hand: bool) -> Fault:
    plain = group.cancel is not None and group.cancel.value == "true"
    told = (("title", "lets a deploy end"), ("was", "true"), ("text", "false"), ("safety", "safe"))
    whole = edge.did.tool.lower().startswith(_WHOLE)
    released = _publishes(edge) and not whole
    stays = "what is half done (a migration, an image on one of two servers) stays so"
    if whole:
        stays = "runs close behind each other keep the site on what it was, however many there are"
    elif released:
        stays = "a release stays without some of its files, and a version that is out can't be sent again"
    return Fault(
        place,
        f"{'a second start' if by_hand else 'a push'} breaks off the {'release' if released else 'deploy'} "
        f"before it, in the middle of `{short(edge)}`: {stays}",
        (Related(edge.at, "this is broken off"), *script(edge)),
        help="`cancel-in-progress: false`: the next one waits"
        if plain
        else f"let the condition be false of {edge.occasion.name or edge.occasion.event}: the next one waits",
        mend=MendRequest("text.replace", place, told) if plain else None,
        severity=None if whole or released else Severity.ERROR,
    )
