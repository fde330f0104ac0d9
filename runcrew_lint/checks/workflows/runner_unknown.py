"""A runner that GitHub does not have, or one that ends a job before its own limit."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.workflows._runners import GONE, KNOWN, labels
from runcrew_lint.domains.workflows.facts import Job, Workflow
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.nearest import nearest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

# The form of GitHub's own labels; what is added to it (`-8-cores`) is a name of the organisation's own.
_FORM = lazily(r"(?:ubuntu|windows|macos)[-_ ]?(?:latest|[\d.]+)?(?:-(?:x?large|arm|arm64|intel))?\Z")

# GitHub's announcement of the runner with one CPU (2025-10-28), as those who moved to it quote it.
_SLIM, _SLIM_MINUTES = "ubuntu-slim", 15
_LONG = lazily(r"[0-9]{2,9}")


def check(fact: Workflow, _policy: Policy, *, own: tuple[str, ...] = ()) -> Iterator[Fault]:
    """One fault a job and label that looks like one of GitHub's and is none."""
    for job in fact.jobs:
        yield from _cut_off(fact, job)
        for label in labels(job):
            name = label.value
            if name in KNOWN or name in GONE or name in own:
                continue
            near = nearest(name, sorted(KNOWN), 0.9)
            mistyped = near.endswith("latest") and not name.startswith(near)
            if not (_FORM.match(name) or mistyped):
                continue
            place = Place(fact.path, label.span)
            written = next((each.value for each in job.runs_on if each.span == label.span), "")
            told = (("title", f"takes `{near}`"), ("was", written), ("text", near), ("safety", "safe"))
            hint = f" (did you mean `{near}`?)" if near else ""
            yield Fault(
                place,
                f"GitHub has no runner `{name}`{hint}: `{job.id}` waits a day for one and fails",
                help=f"write `{near}`" if near else "",
                mend=MendRequest("text.replace", place, told) if written and mistyped else None,
            )


def _cut_off(fact: Workflow, job: Job) -> Iterator[Fault]:
    minutes = job.timeout
    slim = [each.value for each in job.runs_on] == [_SLIM]
    if slim and minutes and _LONG.fullmatch(minutes.value) and int(minutes.value) > _SLIM_MINUTES:
        yield Fault(
            Place(fact.path, minutes.span),
            f"`{_SLIM}` ends a job after {_SLIM_MINUTES} minutes, and `{job.id}` is given {minutes.value}: "
            "what needs more is broken off",
            help=f"take `ubuntu-latest`, or a limit of {_SLIM_MINUTES} minutes or fewer",
            severity=Severity.INFO,  # how long it takes, no file says
        )
