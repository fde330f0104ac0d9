"""Every secret of the repository, handed to a workflow of another one."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.workflows._everywhere import elsewhere, many
from runcrew_lint.domains.workflows.facts import Job, Workflow
from runcrew_lint.domains.workflows.references import reference
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, _policy: Policy, *, trusted: tuple[str, ...] = ()) -> Iterator[Fault]:
    """One fault a repository that they are handed to, at the first job."""
    found: dict[str, list[tuple[Job, Place]]] = {}
    own = {workflow.path for workflow in repository.facts(Workflow)}
    for workflow in repository.facts(Workflow):
        for job in workflow.jobs:
            if job.uses and job.inherit and job.inherit.value == "inherit":
                named = reference(job.uses.value)
                # By its full name a repository calls its own workflows, too.
                if named and not named.is_of(trusted) and named.path not in own:
                    place = Place(workflow.path, job.inherit.span)
                    found.setdefault(named.repository, []).append((job, place))
    for owner, ((job, first), *rest) in found.items():
        others = [place for _, place in rest]
        also = f" (so it is{many(first, others)})" if others else ""
        yield Fault(
            first,
            f"`{job.id}` hands every secret of this repository to a workflow of {owner}, those of production "
            f"among them: whoever changes that one has them all{also}",
            tuple(elsewhere(first, others, "here, too")),
            help="name the secrets that it needs: `secrets: {NAME: ${{ secrets.NAME }}}`",
        )
