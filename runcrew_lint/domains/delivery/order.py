"""The order of jobs, and whether one command has ended before another begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter

from runcrew_lint.domains.delivery.reached import Site
from runcrew_lint.domains.workflows.facts import Job

Jobs = Mapping[str, Job]


def by_id(jobs: Iterable[Job]) -> Jobs:
    """Jobs by their ids, which don't mind case; of two of one id the first."""
    found: dict[str, Job] = {}
    for job in jobs:
        found.setdefault(job.id.lower(), job)
    return found


def in_order(jobs: tuple[Job, ...]) -> list[Job]:
    """Jobs after those that they need; what is left of a cycle comes last."""
    places: dict[str, int] = {}
    for place, job in enumerate(jobs):
        places.setdefault(job.id.lower(), place)
    needed = ({each.value.lower() for each in job.needs} & places.keys() for job in jobs)
    waiting = TopologicalSorter({at: [places[each] for each in ids] for at, ids in enumerate(needed)})
    with suppress(CycleError):  # those before it are given all the same
        waiting.prepare()
    order: list[int] = []
    while ready := sorted(waiting.get_ready()):
        order += ready
        waiting.done(*ready)
    done = set(order)
    return [jobs[at] for at in (*order, *(at for at in range(len(jobs)) if at not in done))]


def needs_of(order: Iterable[Job]) -> dict[str, frozenset[str]]:
    """The ids of every job that each waits for, however far back, by its own; jobs are given `in_order`."""
    found: dict[str, frozenset[str]] = {}
    ids: dict[str, str] = {}
    for job in order:
        before = [ids[each.value.lower()] for each in job.needs if each.value.lower() in ids]
        ids.setdefault(job.id.lower(), job.id)
        found.setdefault(job.id, frozenset(before).union(*(found[each] for each in before)))
    return found


def waits_for(later: Site, earlier: Site) -> bool:
    """Whether a job begins only when another, or the workflow that holds it, has ended."""
    return any(earlier.id == each or earlier.id.startswith(f"{each} / ") for each in later.needs)
