"""A container of a job that is another one each day."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.workflows._runners import from_matrix
from runcrew_lint.domains.workflows.facts import Text, Workflow
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_SHOWN = 3


def check(fact: Workflow, _policy: Policy) -> Iterator[Fault]:
    """One fault an image, at its first use."""
    found: dict[str, list[Text]] = {}
    for job in fact.jobs:
        for container in job.containers:
            for image in from_matrix(job, container.image) if container.image else ():
                if "${{" in image.value or "@sha256:" in image.value or not image.value.strip():
                    continue
                tag = image.value.rpartition("/")[2].partition(":")[2]
                if not tag or tag == "latest":
                    found.setdefault(image.value, []).append(image)
    for name, (first, *others) in found.items():
        says = "is whatever was pushed last" if name.endswith(":latest") else "has no tag"
        more = f" ({len(others)} more so in this file)" if others else ""
        yield Fault(
            Place(fact.path, first.span),
            f"`{name}`, which a job runs in or beside, {says}: a new major version comes in on its own, and "
            f"what was green turns red without a change{more}",
            tuple(Related(Place(fact.path, each.span), "and here") for each in others[:_SHOWN]),
            help=f"name the version: `{name.removesuffix(':latest')}:<version>`",
        )
