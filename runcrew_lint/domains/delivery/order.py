"""The order of jobs, and whether one command has ended before another begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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
    done: set[str] = set()
    order: list[Job] = []
    ids = {job.id.lower() for job in jobs}
    waiting = list(jobs)
    while waiting:
        ready = [
            job
            for job in waiting
            if all(each.value.lower() in done or each.value.lower() not in ids for each in job.needs)
        ]
        if not ready:
            return order + waiting
        order += ready
        done |= {job.id.lower() for job in ready}
        waiting = [job for job in waiting if job.id.lower() not in done]
    return order


def needs_of(job: Job, jobs: Jobs) -> set[str]:
    """The ids of every job that a job waits for, however far back."""
    found: set[str] = set()
    waiting = [job]
    while waiting:
        for each in waiting.pop().needs:
            before = jobs.get(each.value.lower())
            if before and before.id not in found:
                found.add(before.id)
                waiting.append(before)
    return found


def waits_for(later: Site, earlier: Site) -> bool:
    """Whether a job begins only when another, or the workflow that holds it, has ended."""
    return any(earlier.id == each or earlier.id.startswith(f"{each} / ") for each in later.needs)
