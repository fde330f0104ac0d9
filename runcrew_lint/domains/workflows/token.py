"""What a workflow is known to do with the token that GitHub hands to it."""

from __future__ import annotations

import re

from runcrew_lint.domains.workflows.facts import Job, Step, Workflow
from runcrew_lint.domains.workflows.known_actions import action_of
from runcrew_lint.patterns import lazily

# Actions that need nothing but to read the code, as their action.yml and README say; artifacts and
# caches go by a token of the runner's own.
_READERS = frozenset(
    (
        "actions/cache", "actions/cache/restore", "actions/cache/save", "actions/checkout",
        "actions/download-artifact", "actions/setup-dotnet", "actions/setup-go", "actions/setup-java",
        "actions/setup-node", "actions/setup-python", "actions/upload-artifact",
    )
)  # fmt: skip
# Words of scripts that may write with the token, or with the credentials that checkout left behind.
_WRITES = lazily(
    r"\b(?:push|gh|hub|tag|publish|release|releases|deploy|changeset|lerna|commit|ghcr\.io|"
    r"docker[ ]login|api\.github\.com|GITHUB_TOKEN|GH_TOKEN)\b",
    re.IGNORECASE,
)
# Inputs that ask an action for more than its usual work.
_ASKING = frozenset(("token", "github-token", "repository", "ssh-key", "submodules", "run-id"))


def only_reads(workflow: Workflow) -> bool:
    """Whether every step of every job that has no permissions of its own is known to need but the code."""
    return all(job.permissions is not None or _reads(job) for job in workflow.jobs)


def _reads(job: Job) -> bool:
    return job.uses is None and all(_step_reads(step) for step in job.steps)


def _step_reads(step: Step) -> bool:
    if step.uses:
        asked = {each.name.lower() for each in step.inputs}
        return action_of(step.uses.value) in _READERS and not asked & _ASKING
    return step.run is not None and not _WRITES.search(step.run.script)


# What may write in ways that the step does not show: scripts of the repository, programs that use OIDC.
_HIDDEN = lazily(
    r"\.sh\b|\./|\$\{\{|\b(?:npm|yarn|pnpm|bun|npx|make|just|task|nox|tox|node|deno|git|curl|wget|docker|aws|gcloud|az"
    r"|gradlew?|mvnw?|twine|cosign|source|eval|xargs|bash|sh|terraform|vault)\b"
    r"|\bpython3?\s+(?!-m\s+(?:pip|pytest|unittest|venv|mypy|ruff)\b)|\buv\s+publish|\bcargo\s+publish",
    re.IGNORECASE,
)
_TOKEN = lazily(r"github\.token|secrets\.|toJSON\(\s*github", re.IGNORECASE)


def surely_reads(workflow: Workflow, job: Job) -> bool:
    """Whether nothing that a job runs can have a use for a write: each step is read to the end."""
    if not _reads(job) or any(_TOKEN.search(each.value) for each in (*job.env, *workflow.env)):
        return False
    for step in job.steps:
        if any(_TOKEN.search(each.value) for each in (*step.env, *step.inputs)):
            return False
        if step.run and not step.uses and _HIDDEN.search(step.run.script):
            return False
    return True
