"""required-check-missing: a ruleset requires a check that no job reports."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from runcrew_lint.domains.review.branches import ACTIONS, required_on, ruled_branches
from runcrew_lint.domains.review.contexts import CheckContext, contexts_on
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a name; one that another app may report is told as a note, unless a job's name is near."""
    seen: set[Place] = set()
    for branch in ruled_branches(repository):
        contexts = contexts_on(repository, branch)
        for name, (required, place) in required_on(repository, branch).items():
            if place in seen or required.app not in (None, ACTIONS):
                continue
            if any(each.is_named(name) for each in contexts):
                continue
            seen.add(place)
            yield from _fault(repository, name, required.app == ACTIONS, place, branch, contexts)


def _fault(
    repository: Repository,
    name: str,
    ours: bool,
    place: Place,
    branch: str,
    contexts: tuple[CheckContext, ...],
) -> Iterator[Fault]:
    names = [each.name for each in contexts if not each.is_open]
    job = _elsewhere(repository, name)
    near = (
        get_close_matches(name, names, 1, cutoff=0.75) or [n for n in names if n.endswith(f" / {name}")][:1]
    )
    near = near or [each.name for each in contexts if each.name.startswith(f"{name} (")][:1]
    related = tuple(
        Related(each.place, f"this reports `{each.shown}`") for each in contexts if each.name in near[:1]
    )
    why = f"no job of a pull request into {branch} reports it"
    if job:
        related = (Related(job, "the job, which no pull request starts"),)
    severity = None
    if not ours and not near and not job:
        why, severity = f"{why}, and whether another service does is not known", Severity.INFO
    yield Fault(
        place,
        f"the check `{name}` is required and {why}: it stays pending, and nothing can be merged",
        related,
        help=f"did you mean `{near[0]}`?" if near else "require a check that a job reports",
        severity=severity,
    )


def _elsewhere(repository: Repository, name: str) -> Place | None:
    """A job of that name in a workflow that pull requests don't start."""
    for workflow in repository.facts(Workflow):
        for job in workflow.jobs:
            if name in (job.id, job.name.value if job.name else ""):
                return Place(workflow.path, job.span)
    return None
