"""A container of a job that is another one each day."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.workflows._everywhere import elsewhere, many
from runcrew_lint.checks.workflows._runners import from_matrix
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, _policy: Policy) -> Iterator[Fault]:
    """One fault an image in the whole repository, at its first use.

    Who has a matrix of several wants to know how each of them is today, which is no slip.
    """
    found: dict[str, list[Place]] = {}
    alone: set[str] = set()
    for workflow in repository.facts(Workflow):
        for job in workflow.jobs:
            for container in job.containers:
                images = list(from_matrix(job, container.image)) if container.image else []
                for image in images:
                    if _moves(image.value):
                        found.setdefault(image.value, []).append(Place(workflow.path, image.span))
                        if len(images) == 1:
                            alone.add(image.value)
    for name, (first, *others) in found.items():
        says = "is whatever was pushed last" if name.endswith(":latest") else "has no tag"
        also = f" (so it is{many(first, others)})" if others else ""
        yield Fault(
            first,
            f"`{name}`, which a job runs in or beside, {says}: a new major version comes in on its own, and "
            f"what was green turns red without a change{also}",
            tuple(elsewhere(first, others, "and here")),
            help=f"name the version: `{name.removesuffix(':latest')}:<version>`",
            severity=None if name in alone else Severity.INFO,
        )


def _moves(image: str) -> bool:
    """Whether an image has no version; what is computed is not known."""
    if "${{" in image or "@sha256:" in image or not image.strip():
        return False
    return image.rpartition("/")[2].partition(":")[2] in ("", "latest")
