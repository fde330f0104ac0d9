"""A workflow that leaves the rights of its token to the repository's settings."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.domains.workflows.token import only_reads
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_SHOWN = 3


def check(fact: Workflow, _policy: Policy) -> Iterator[Fault]:
    """One fault a workflow, at its first job that neither has permissions nor inherits them.

    What is only ever called has its caller's, of which the caller's own fault speaks.
    """
    if fact.permissions is not None or all(each.event == "workflow_call" for each in fact.triggers):
        return
    jobs = [job for job in fact.jobs if job.permissions is None]
    if not jobs:
        return
    first, *others = jobs
    also = f" and {len(others)} more of this workflow" if others else ""
    has, its = ("have", "their") if others else ("has", "its")
    related = []
    for index, job in enumerate(others[:_SHOWN]):
        more = f", and {len(others) - _SHOWN} more" if len(others) > _SHOWN and index == _SHOWN - 1 else ""
        related.append(Related(Place(fact.path, job.span), f"nor has `{job.id}`{more}"))
    place = Place(fact.path, first.span)
    yield Fault(
        place,
        f"the job `{first.id}`{also} {has} no `permissions`, so every step gets whatever the repository's "
        f"settings give {its} token, which may be to write code, packages and releases",
        tuple(related),
        mend=MendRequest("workflow.restrict_token", place) if only_reads(fact) else None,
    )
