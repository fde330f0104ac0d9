"""`needs` that name no job, name one twice, or go round in a circle."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.workflows.facts import Job, Text, Workflow
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.nearest import nearest
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place


def check(fact: Workflow, _policy: Policy) -> Iterator[Fault]:
    """One fault a name, and one a circle."""
    jobs = {job.id.lower(): job for job in fact.jobs}
    for job in fact.jobs:
        seen: set[str] = set()
        for need in job.needs:
            name = need.value.lower()
            if "${{" in name:
                continue
            if name in seen:
                yield Fault(
                    Place(fact.path, need.span),
                    f"`{job.id}` waits for `{need.value}` twice: GitHub refuses the workflow, and nothing "
                    "runs",
                )
            elif name not in jobs:
                near = nearest(name, jobs)
                hint = f"; did you mean `{jobs[near].id}`?" if near else ""
                yield Fault(
                    Place(fact.path, need.span),
                    f"`{job.id}` waits for `{need.value}`, and no job has that id{hint}: GitHub refuses the "
                    "workflow, and nothing runs",
                    help=f"write `{jobs[near].id}`" if near else "",
                )
            seen.add(name)
    for circle in _circles(jobs):
        first, need = circle[0]
        way = " -> ".join(f"`{job.id}`" for job, _ in (*circle, circle[0]))
        yield Fault(
            Place(fact.path, need.span),
            f"the jobs wait for each other in a circle ({way}): GitHub refuses the workflow, and nothing runs"
            if len(circle) > 1
            else f"`{first.id}` waits for itself: GitHub refuses the workflow, and nothing runs",
            tuple(Related(Place(fact.path, each.span), f"`{job.id}` waits here") for job, each in circle[1:]),
        )


def _circles(jobs: dict[str, Job]) -> Iterator[list[tuple[Job, Text]]]:
    """Each circle once, from its first job in the file: the jobs with the `needs` that leads on."""
    done: set[str] = set()
    for start in jobs:
        trail: list[tuple[str, Iterator[Text]]] = [(start, iter(jobs[start].needs))]
        taken: dict[str, Text] = {}
        while trail:
            name, rest = trail[-1]
            need = None if name in done else next(rest, None)
            if need is None:
                done.add(name)
                trail.pop()
                continue
            target = need.value.lower()
            taken[name] = need
            inside = [each for each, _ in trail]
            if target in inside:
                yield [(jobs[each], taken[each]) for each in inside[inside.index(target) :]]
            elif target in jobs and target not in done:
                trail.append((target, iter(jobs[target].needs)))
