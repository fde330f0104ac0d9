"""A runner that GitHub has taken away, or is about to."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.workflows._runners import GONE, LEAVING, labels
from runcrew_lint.domains.workflows.facts import Job, Text, Workflow
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place


def check(fact: Workflow, _policy: Policy) -> Iterator[Fault]:
    """One fault a job and label that is gone, and one a label that goes, with the jobs that ask for it."""
    leaving: dict[str, list[tuple[Job, Text]]] = {}
    for job in fact.jobs:
        for label in labels(job):
            if label.value in GONE:
                yield _gone(fact, job, label)
            elif label.value in LEAVING:
                leaving.setdefault(label.value, []).append((job, label))
    for uses in leaving.values():
        yield _leaving(fact, uses)


def _gone(fact: Workflow, job: Job, label: Text) -> Fault:
    since, instead = GONE[label.value]
    return Fault(
        Place(fact.path, label.span),
        f"`{label.value}` was taken away in {since}: `{job.id}` waits for a runner that never comes, "
        "and fails after a day",
        help=f"take `{instead}` or a newer one",
        mend=_mend(fact, job, label, instead),
    )


def _leaving(fact: Workflow, uses: list[tuple[Job, Text]]) -> Fault:
    (job, label), *others = uses
    last, instead = LEAVING[label.value]
    more = f" and {len(others)} more of this workflow" if others else ""
    return Fault(
        Place(fact.path, label.span),
        f"GitHub takes `{label.value}` away on {last}, and fails jobs on days before that: "
        f"`{job.id}`{more} asks for it",
        tuple(Related(Place(fact.path, text.span), f"so does `{one.id}`") for one, text in others),
        help=f"take `{instead}` or a newer one",
        severity=Severity.INFO,
        mend=_mend(fact, job, label, instead) if not others else None,
    )


def _mend(fact: Workflow, job: Job, label: Text, instead: str) -> MendRequest | None:
    written = next((each.value for each in job.runs_on if each.span == label.span), "")
    told = (("title", f"takes `{instead}`"), ("was", written), ("text", instead), ("safety", "safe"))
    return MendRequest("text.replace", Place(fact.path, label.span), told) if written else None
