"""Every secret of the repository, handed to somebody else's workflow."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.workflows.facts import Job, Text, Workflow
from runcrew_lint.domains.workflows.references import reference
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_SHOWN = 3


def check(fact: Workflow, _policy: Policy, *, trusted: tuple[str, ...] = ()) -> Iterator[Fault]:
    """One fault a workflow and repository that it hands them to."""
    found: dict[str, list[tuple[Job, Text]]] = {}
    for job in fact.jobs:
        if job.uses and job.inherit and job.inherit.value == "inherit":
            named = reference(job.uses.value)
            if named and not named.is_of(trusted):
                found.setdefault(named.repository, []).append((job, job.inherit))
    for repository, ((first, word), *others) in found.items():
        also = f" and {len(others)} more of this workflow hand" if others else " hands"
        related = [Related(Place(fact.path, each.span), f"so does `{job.id}`") for job, each in others]
        yield Fault(
            Place(fact.path, word.span),
            f"`{first.id}`{also} every secret of this repository to a workflow of {repository}, those of "
            "production among them: whoever changes that one has them all",
            tuple(related[:_SHOWN]),
            help="name the secrets that it needs: `secrets: {NAME: ${{ secrets.NAME }}}`",
        )
