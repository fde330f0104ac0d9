"""Somebody else's action or workflow by a name that can be moved."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.workflows._everywhere import elsewhere, many
from runcrew_lint.domains.workflows.facts import Text, Workflow
from runcrew_lint.domains.workflows.references import Hold, Reference, reference
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(
    repository: Repository, _policy: Policy, *, trusted: tuple[str, ...] = ("actions", "github")
) -> Iterator[Fault]:
    """One fault a reference in the whole repository, at its first use."""
    places: dict[tuple[str, str], list[Place]] = {}
    found: dict[tuple[str, str], tuple[Reference, str]] = {}
    for workflow in repository.facts(Workflow):
        for path, text in _uses(workflow):
            named = reference(text.value)
            if named and named.hold is not Hold.COMMIT:
                key = (named.name.lower(), named.ref)
                found.setdefault(key, (named, text.value))
                at = places.setdefault(key, [])
                if Place(path, text.span) not in at:  # several workflows may use one action
                    at.append(Place(path, text.span))
    for key, (named, written) in found.items():
        if named.is_of(trusted) and named.hold is Hold.TAG:
            continue
        first, *others = places[key]
        also = f", here and{many(first, others)}," if others else ""
        yield Fault(
            first,
            _message(named, written, also, trusted=named.is_of(trusted)),
            tuple(elsewhere(first, others, "used here too")),
            help=_help(named, trusted=named.is_of(trusted)),
        )


def _uses(fact: Workflow) -> Iterator[tuple[str, Text]]:
    """What a workflow uses, and what the repository's own actions that it runs do, each with its file."""
    for job in fact.jobs:
        if job.uses:
            yield fact.path, job.uses
        yield from ((fact.path, step.uses) for step in job.steps if step.uses)
    for action in fact.actions:
        yield from ((action.path, step.uses) for step in action.steps if step.uses)


def _message(named: Reference, uses: str, also: str, *, trusted: bool) -> str:
    if named.hold is Hold.IMAGE_TAG:
        return f"`{uses}`{also} names an image without its digest: whoever can push it decides what runs here"
    if named.hold is Hold.SHORT_COMMIT:
        return f"`{uses}`{also} shortens a commit, which GitHub refuses to resolve, so the job fails"
    if trusted:
        return f"`{uses}`{also} follows a branch: what was pushed there last runs here, released or not"
    what = (
        "a tag, which its owner can move"
        if named.hold is Hold.TAG
        else "a branch, or a tag that moves like one"
    )
    runs = (
        "that workflow then runs with what this one hands it"
        if named.is_workflow
        else ("that code then runs with this job's token and secrets")
    )
    return f"`{uses}`{also} names {what}: {runs}"


def _help(named: Reference, *, trusted: bool) -> str:
    if named.hold is Hold.IMAGE_TAG:
        return f"name the digest: `docker://{named.name}@sha256:...`"
    if named.hold is Hold.SHORT_COMMIT:
        return "write all forty characters of the commit"
    if trusted:
        return f"name a release of {named.repository}, by its tag or its commit"
    note = f" # {named.ref}" if named.hold is Hold.TAG else ""
    return (
        f"pin the commit: `{named.name}@<commit>{note}` "
        f"(`git ls-remote https://github.com/{named.repository} {named.ref}` shows it)"
    )
