"""A runner that GitHub has taken away."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.workflows._runners import GONE, labels
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place


def check(fact: Workflow, _policy: Policy) -> Iterator[Fault]:
    """One fault a job and label."""
    for job in fact.jobs:
        for label in labels(job):
            if label.value not in GONE:
                continue
            since, instead = GONE[label.value]
            place = Place(fact.path, label.span)
            written = next((each.value for each in job.runs_on if each.span == label.span), "")
            told = (("title", f"takes `{instead}`"), ("was", written), ("text", instead), ("safety", "safe"))
            yield Fault(
                place,
                f"`{label.value}` was taken away in {since}: `{job.id}` waits for a runner that never comes, "
                "and fails after a day",
                help=f"take `{instead}` or a newer one",
                mend=MendRequest("text.replace", place, told) if written else None,
            )
