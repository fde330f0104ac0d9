"""A container of a job that is another one each day."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.workflows._everywhere import elsewhere, many
from runcrew_lint.checks.workflows._runners import from_matrix
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, _policy: Policy) -> Iterator[Fault]:
    """One fault an image in the whole repository, at its first use."""
    found: dict[str, list[Place]] = {}
    for workflow in repository.facts(Workflow):
        for job in workflow.jobs:
            for container in job.containers:
                for image in from_matrix(job, container.image) if container.image else ():
                    if _moves(image.value):
                        found.setdefault(image.value, []).append(Place(workflow.path, image.span))
    for name, (first, *others) in found.items():
        says = "is whatever was pushed last" if name.endswith(":latest") else "has no tag"
        also = f" (so it is{many(first, others)})" if others else ""
        yield Fault(
            first,
            f"`{name}`, which a job runs in or beside, {says}: a new major version comes in on its own, and "
            f"what was green turns red without a change{also}",
            tuple(elsewhere(first, others, "and here")),
            help=f"name the version: `{name.removesuffix(':latest')}:<version>`",
        )


def _moves(image: str) -> bool:
    """Whether an image has no version; what is computed is not known."""
    if "${{" in image or "@sha256:" in image or not image.strip():
        return False
    return image.rpartition("/")[2].partition(":")[2] in ("", "latest")
