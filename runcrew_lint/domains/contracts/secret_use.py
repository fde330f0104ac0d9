"""Where workflows name secrets and variables of GitHub's, and what they bind them to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from runcrew_lint.domains.workflows.facts import Job, Pair, Step, Workflow
from runcrew_lint.text import Place, Span

_NAMED = re.compile(r"\b(secrets|vars)\s*(?:\.\s*([A-Za-z_][\w-]*)|\[\s*'([A-Za-z_][\w-]*)'\s*\])")
_EXPRESSION = re.compile(r"\$\{\{((?:(?!\$\{\{).)*?)\}\}", re.DOTALL)
# GitHub's own, there in every run.
_OWN = frozenset(("GITHUB_TOKEN", "ACTIONS_STEP_DEBUG", "ACTIONS_RUNNER_DEBUG"))


class SecretUse(NamedTuple):
    """One secret (`kind` secrets) or variable (`vars`) that a workflow names."""

    kind: str
    name: str
    place: Place


class Bound(NamedTuple):
    """A variable that gets a secret's value, and where."""

    name: str
    secret: str
    place: Place


def named_in(text: str) -> Iterator[tuple[str, str]]:
    """The secrets and variables of a text, GitHub's own left out."""
    for found in _NAMED.finditer(text):
        name = found[2] or found[3]
        if name.upper() not in _OWN:
            yield found[1], name


def secret_of(text: str) -> str:
    """The first secret that a text holds, "" for none."""
    return next((name for kind, name in named_in(text) if kind == "secrets"), "")


def uses_in(workflow: Workflow) -> Iterator[SecretUse]:
    """Every one that a workflow names, in its expressions alone."""
    for text, span in _texts(workflow):
        if "secrets" in text or "vars" in text:
            for inner in _EXPRESSION.findall(text):
                for kind, name in named_in(inner):
                    yield SecretUse(kind, name, Place(workflow.path, span))


def _texts(workflow: Workflow) -> Iterator[tuple[str, Span]]:
    yield from _pairs(workflow.env)
    for job in workflow.jobs:
        yield from _pairs((*job.env, *job.inputs, *job.secrets, *job.outputs))
        for said in (job.condition, job.environment, job.name, *job.runs_on):
            if said:
                yield _whole(said.value), said.span
        for container in job.containers:
            for said in (container.image, container.username, container.password):
                if said:
                    yield said.value, said.span
        for step in job.steps:
            yield from _pairs((*step.env, *step.inputs))
            if step.condition:
                yield _whole(step.condition.value), step.condition.span
            if step.run and "${{" in step.run.script:
                yield step.run.script, step.run.span


def _whole(condition: str) -> str:
    """An `if:` is an expression without its braces, too."""
    return condition if "${{" in condition else f"${{{{ {condition} }}}}"


def _pairs(pairs: tuple[Pair, ...]) -> Iterator[tuple[str, Span]]:
    return ((each.value, each.span) for each in pairs)


def bound_in(workflow: Workflow) -> Iterator[Bound]:
    """Every environment variable that is given a secret, on each level."""
    for pair in workflow.env:
        if secret := secret_of(pair.value):
            yield Bound(pair.name, secret, Place(workflow.path, pair.span))
    for job in workflow.jobs:
        for level in (job.env, *(step.env for step in job.steps)):
            for pair in level:
                if secret := secret_of(pair.value):
                    yield Bound(pair.name, secret, Place(workflow.path, pair.span))


def secrets_around(workflow: Workflow, job: Job, step: Step) -> dict[str, str]:
    """The variables of a step that hold a secret, and which."""
    found: dict[str, str] = {}
    for level in (workflow.env, job.env, step.env):
        for pair in level:
            found.pop(pair.name, None)
            if secret := secret_of(pair.value):
                found[pair.name] = secret
    return found
