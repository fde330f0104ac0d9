"""A password of a registry that is written out."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.workflows.facts import Text, Workflow
from runcrew_lint.domains.workflows.known_actions import action_of
from runcrew_lint.model.finding import Fault
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_LOGIN = lazily(
    r"\b(?:docker|podman|buildah|helm\s+registry)\s+login\b[^\n|;&]*?\s(?:-p|--password)[ =]\s*"
    r"(?P<value>\"[^\"$`]+\"|'[^']+'|[^\s\"'$`]+)"
)
_ENTERED = "a registry is entered with a password"
_LOCAL = lazily(r"\b(?:localhost|127\.0\.0\.1)\b")
_LOGINS = frozenset(("docker/login-action", "redhat-actions/podman-login", "azure/docker-login"))


def check(fact: Workflow, _policy: Policy) -> Iterator[Fault]:
    """One fault a password."""
    for job in fact.jobs:
        for container in job.containers:
            if container.password and _is_written(container.password.value):
                what = f"the service `{container.name}`" if container.name else "the job's container"
                yield _fault(fact, container.password, f"{what} is fetched with a password")
        for step in job.steps:
            uses = action_of(step.uses.value) if step.uses else ""
            password, registry = step.input("password"), step.input("registry")
            if uses in _LOGINS and password and _is_written(password.value):
                if not (registry and _LOCAL.search(registry.value)):
                    yield _fault(fact, Text(password.value, password.span), _ENTERED)
            if step.run and not step.uses:
                found = _LOGIN.search(step.run.script)
                if found and _is_written(found["value"].strip("\"'")) and not _LOCAL.search(found.group()):
                    yield _fault(fact, Text("", step.run.span), _ENTERED)


def _is_written(value: str) -> bool:
    return bool(value.strip()) and "${{" not in value and not value.startswith("$")


def _fault(fact: Workflow, text: Text, what: str) -> Fault:
    place = Place(fact.path, text.span)
    return Fault(
        place,
        f"{what} that is written out here: whoever may read the repository, or its history, can push images",
        veiled=(place,) if text.value else (),
    )
