"""Somebody else's action or workflow by a name that can be moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from runcrew_lint.domains.workflows.facts import Text, Workflow
from runcrew_lint.domains.workflows.references import Hold, Reference, reference
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_SHOWN = 3  # further uses in the same file; the last of them says how many more there are


def check(
    repository: Repository, _policy: Policy, *, trusted: tuple[str, ...] = ("actions", "github")
) -> Iterator[Fault]:
    """One fault a reference in the whole repository, at its first use."""
    uses: dict[tuple[str, str], list[tuple[str, Text]]] = {}
    found: dict[tuple[str, str], Reference] = {}
    for workflow in repository.facts(Workflow):
        for text in _uses(workflow):
            named = reference(text.value)
            if named and named.hold is not Hold.COMMIT:
                key = (named.name.lower(), named.ref)
                found.setdefault(key, named)
                uses.setdefault(key, []).append((workflow.path, text))
    for key, named in found.items():
        if named.is_of(trusted) and named.hold is Hold.TAG:
            continue
        (path, first), *others = uses[key]
        yield Fault(
            Place(path, first.span),
            _message(named, first.value, _many(path, others), trusted=named.is_of(trusted)),
            tuple(_related(path, others)),
            help=_help(named, trusted=named.is_of(trusted)),
        )


def _many(path: str, others: list[tuple[str, Text]]) -> str:
    if not others:
        return ""
    files = len({each for each, _ in others} - {path})
    more = f"{len(others)} more {'place' if len(others) == 1 else 'places'}"
    where = f" of {files + 1} workflows" if files else ""
    return f", here and in {more}{where},"


def _uses(fact: Workflow) -> Iterator[Text]:
    for job in fact.jobs:
        if job.uses:
            yield job.uses
        for step in job.steps:
            if step.uses:
                yield step.uses


def _message(named: Reference, uses: str, many: str, *, trusted: bool) -> str:
    if named.hold is Hold.IMAGE_TAG:
        return f"`{uses}`{many} names an image without its digest: whoever can push it decides what runs here"
    if named.hold is Hold.SHORT_COMMIT:
        return f"`{uses}`{many} shortens a commit, which GitHub refuses to resolve, so the job fails"
    if trusted:
        return f"`{uses}`{many} follows a branch: what was pushed there last runs here, released or not"
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
    return f"`{uses}`{many} names {what}: {runs}"


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


def _related(path: str, others: list[tuple[str, Text]]) -> Iterator[Related]:
    """The next uses in this file, and the first in each other one, so that every file is told of it."""
    here = [text for each, text in others if each == path]
    for index, text in enumerate(here[:_SHOWN]):
        left = len(here) - _SHOWN
        more = f", and in {left} more" if left > 0 and index == _SHOWN - 1 else ""
        yield Related(Place(path, text.span), f"used here too{more}")
    counts = Counter(each for each, _ in others if each != path)
    seen: set[str] = {path}
    for each, text in others:
        if each not in seen:
            seen.add(each)
            more = f", and in {counts[each] - 1} more" if counts[each] > 1 else ""
            yield Related(Place(each, text.span), f"used here too{more}")
