"""A step that runs GitHub's own command line without a token for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.checks.workflows._runners import KNOWN, labels
from runcrew_lint.domains.workflows.facts import Job, Pair, Step, Workflow
from runcrew_lint.model.finding import Fault
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

# Where a command begins; what asks GitHub for nothing (`gh --version`, `gh config`) is left out.
_ASKS = lazily(
    r"(?:^|[;&|!]|\$\(|\b(?:if|then|else|do|while|until)\b)[ \t]*"
    r"(gh[ \t]+(?:api|pr|issue|release|run|workflow|repo|label|variable|secret|cache|search|gist|project)\b"
    r"[ \t]*[\w-]*)",
    re.MULTILINE,
)
_TOKENS = frozenset(("GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"))
# A script that sees to it itself, or holds other texts than commands.
_SEES_TO_IT = lazily(r"\bG(?:H|ITHUB)_(?:ENTERPRISE_)?TOKEN\b|\bgh[ \t]+auth\b|<<")
# An action that may hand a token on to the steps behind it.
_MAY_HAND_ON = lazily(r"token|auth|login|credential|gh-|github-cli|secret|vault", re.IGNORECASE)


def check(fact: Workflow, _policy: Policy) -> Iterator[Fault]:
    """One fault a step on a runner of GitHub's, at its first such command."""
    if _has_token(fact.env):
        return
    for job in fact.jobs:
        asked = [label.value for label in labels(job)]
        if not asked or any(each not in KNOWN for each in asked) or _has_token(job.env):
            continue
        yield from _steps(fact, job)


def _steps(fact: Workflow, job: Job) -> Iterator[Fault]:
    for step in job.steps:
        script = step.run.script if step.run else ""
        if _hands_on(step, script):
            return
        found = _ASKS.search(script)
        if found and step.run and not _has_token(step.env) and not _SEES_TO_IT.search(script):
            yield Fault(
                Place(fact.path, step.run.span),
                f"`{' '.join(found[1].split())}` has no token: neither the step, nor `{job.id}`, nor the "
                "workflow sets `GH_TOKEN`, and without one it stops where GitHub runs it",
            )


def _has_token(env: tuple[Pair, ...]) -> bool:
    return any(each.name.upper() in _TOKENS for each in env)


def _hands_on(step: Step, script: str) -> bool:
    """Whether the steps behind it may have got a token from it."""
    if step.uses:
        return _MAY_HAND_ON.search(step.uses.value) is not None or step.uses.value.startswith("./")
    return "gh auth login" in script or ("GITHUB_ENV" in script and "TOKEN" in script)
