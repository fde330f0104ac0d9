"""A token that may do more than the job has any use for."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.workflows.facts import Job, Pair, Workflow
from runcrew_lint.domains.workflows.token import surely_reads
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_ALL = "write-all"


def check(fact: Workflow, _policy: Policy) -> Iterator[Fault]:
    """One fault a `permissions` that says too much."""
    heirs = [job for job in fact.jobs if job.permissions is None]
    if fact.permissions and heirs:
        yield from _judged(fact, fact.permissions, heirs)
    for job in fact.jobs:
        if job.permissions:
            yield from _judged(fact, job.permissions, [job])


def _judged(fact: Workflow, said: tuple[Pair, ...], jobs: list[Job]) -> Iterator[Fault]:
    readers = [job for job in jobs if surely_reads(fact, job)]
    whole = next((each for each in said if each.value == _ALL), None)
    if whole:
        who = f"`{jobs[0].id}`" if jobs[0].permissions is said else "every job"
        idle = bool(jobs) and len(readers) == len(jobs)
        yield Fault(
            Place(fact.path, whole.span),
            f"`write-all` lets {who} write code, packages, releases and settings alike: whatever gets into "
            "one step has all of it",
            help="`permissions: {contents: read}`, and each write that a job needs by its name",
            mend=_mend(fact.path, whole, "{contents: read}") if idle else None,
        )
        return
    writes = [each for each in said if each.value == "write"]
    if not writes or not readers:
        return
    first, *others = writes
    named = ", ".join(f"`{each.name}`" for each in writes)
    place = Place(fact.path, first.span)
    if len(readers) == len(jobs):
        who = f"`{jobs[0].id}` has no" if len(jobs) == 1 else "no job has a"
        by = " by every job that says nothing else" if said is fact.permissions and len(fact.jobs) > 1 else ""
        less = "none" if first.name == "id-token" else "read"
        yield Fault(
            place,
            f"{named} may be written{by}, and {who} step that needs it: a bad dependency would have the use "
            "of it",
            severity=Severity.WARNING,
            mend=_mend(fact.path, first, less) if not others else None,
        )
        return
    idle_names = ", ".join(f"`{job.id}`" for job in readers[:3])
    more = f" and {len(readers) - 3} more" if len(readers) > 3 else ""
    yield Fault(
        place,
        f"{named} may be written by every job, and {idle_names}{more} only "
        f"read{'s' if len(readers) == 1 else ''}: a bad dependency there would have the use of it",
        tuple(Related(Place(fact.path, job.span), "this job only reads") for job in readers[:3]),
        help="say it in the job that needs it, and `permissions: {contents: read}` at the top",
        severity=Severity.WARNING,
    )


def _mend(path: str, pair: Pair, text: str) -> MendRequest:
    told = (("title", "lets the token read"), ("was", pair.value), ("text", text), ("safety", "safe"))
    return MendRequest("text.replace", Place(path, pair.span), told)
