"""gate-ineffective: a job that should hold a merge back where another has failed, and does not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.review.branches import required_on, ruled_branches
from runcrew_lint.domains.review.contexts import CheckContext, contexts_on, runs_anyway
from runcrew_lint.domains.workflows.facts import Job, Workflow
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_RESULTS = lazily(
    r"needs\s*(?:\.\s*(?:\*|[\w-]+)\s*\.\s*result|\[)|toJSON\(\s*needs\s*\)|needs-context", re.IGNORECASE
)
_GATES = lazily(r"alls-green|re-actors/", re.IGNORECASE)
_FAILS = lazily(r"fail|exit|!=|==|contains|alls-green", re.IGNORECASE)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a gate: it is skipped where a job that it needs fails, or runs always and looks at
    nothing.
    """
    seen: set[Place] = set()
    for branch in ruled_branches(repository):
        contexts = contexts_on(repository, branch)
        required = required_on(repository, branch)
        for name, (_, place) in required.items():
            for each in contexts:
                if not each.is_named(name) or not each.job.needs or each.place in seen or each.job.uses:
                    continue
                fault = _required(each, name, place, contexts, set(required))
                if fault:
                    seen.add(each.place)
                    yield fault
    for workflow in repository.facts(Workflow):
        if not any(
            workflow.trigger(event) for event in ("pull_request", "pull_request_target", "merge_group")
        ):
            continue
        for job in workflow.jobs:
            where = Place(workflow.path, (job.name or job).span)
            if job.needs and where not in seen and not runs_anyway(job) and _is_gate(job):
                yield Fault(
                    where,
                    f"the job `{job.id}` checks how the jobs that it needs have ended, and is itself "
                    "skipped where one of them fails: a skipped check counts as success",
                    help="`if: always()` on the job",
                )


def _required(
    each: CheckContext, name: str, place: Place, contexts: tuple[CheckContext, ...], required: set[str]
) -> Fault | None:
    related = (Related(place, "it is required here"),)
    if runs_anyway(each.job):
        if _looks(each.job):
            return None
        return Fault(
            each.place,
            f"`{name}` is required, runs whatever has failed before it and looks at no result: it is "
            "always green",
            related,
            help="fail it where `contains(needs.*.result, 'failure')`",
        )
    needed = {need.value.lower() for need in each.job.needs}
    before = [one for one in contexts if one.workflow == each.workflow and one.job.id.lower() in needed]
    if not before or all(any(one.is_named(other) for other in required) for one in before):
        return None  # what fails before it is required itself
    first = next(one for one in before if not any(one.is_named(other) for other in required))
    return Fault(
        each.place,
        f"`{name}` is required and is skipped where `{first.shown}` fails, which is not required: a "
        "skipped check counts as success, so a red pull request can be merged",
        (*related, Related(first.place, "this may fail")),
        help="`if: always()`, and fail where `contains(needs.*.result, 'failure')`",
    )


def _texts(job: Job) -> Iterator[str]:
    for step in job.steps:
        yield step.run.script if step.run else ""
        yield step.condition.value if step.condition else ""
        yield step.uses.value if step.uses else ""
        yield from (pair.value for pair in (*step.env, *step.inputs))
    yield from (pair.value for pair in job.env)


def _looks(job: Job) -> bool:
    """Whether a job looks at the results of those that it needs."""
    said = "\n".join(_texts(job))
    return bool(_RESULTS.search(said) or _GATES.search(said)) or bool(
        job.condition and _RESULTS.search(job.condition.value)
    )


def _is_gate(job: Job) -> bool:
    """Whether a job does nothing but look at results, and fails by them."""
    if job.condition or any(step.uses and not _GATES.search(step.uses.value) for step in job.steps):
        return False
    said = "\n".join(_texts(job))
    return bool(_RESULTS.search(said)) and bool(_FAILS.search(said)) and len(job.steps) <= 2
