"""Which task definitions workflows give to ECS: filled in by a step, or as they are kept.

Sources: action.yml of aws-actions/amazon-ecs-render-task-definition and amazon-ecs-deploy-task-definition,
the command reference of `aws ecs register-task-definition`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from posixpath import normpath
from typing import TYPE_CHECKING

from runcrew_lint.domains.contracts.commands import as_written, ci_commands_of, filled, in_checkout
from runcrew_lint.domains.contracts.tree import under
from runcrew_lint.domains.workflows.facts import Job, Pair, Step, Workflow
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

if TYPE_CHECKING:
    from runcrew_lint.domains.fact import Facts

_RENDER = "aws-actions/amazon-ecs-render-task-definition"
_DEPLOY = "aws-actions/amazon-ecs-deploy-task-definition"
_CHANGED = lazily(r"\b(?:sed|jq|yq|envsubst|python3?|node|perl|awk|cp|mv|tee|describe-task-definition)\b|>")
_CHANGING = lazily(r"\A\./|download-artifact|envsubst|replace|token|jq|yq", re.IGNORECASE)


class Registered(NamedTuple):
    """One use of a task definition that is kept in the repository.

    Arguments:
        path: the file, from the root.
        is_filled: whether a step puts an image into it; else it goes as it is.
        container: the container that the image is for, with its place; None where it is not known.
    """

    path: str
    place: Place
    workflow: str
    job: Job
    how: str
    is_filled: bool = False
    container: tuple[str, Place] | None = None


class Unsure(NamedTuple):
    """A name that is made when it runs: of the file, or of the container in it."""

    text: str
    place: Place


def registered_of(repository: Facts) -> tuple[Registered | Unsure, ...]:
    """Every use that a workflow's own words tell."""
    return (*_by_actions(repository), *_by_commands(repository))


def _by_actions(repository: Facts) -> Iterator[Registered | Unsure]:
    for workflow in repository.facts(Workflow):
        for job in workflow.jobs:
            for step in job.steps:
                uses = step.uses.value.partition("@")[0].lower() if step.uses else ""
                file = step.input("task-definition")
                if uses not in (_RENDER, _DEPLOY) or file is None:
                    continue
                text = _text(file, workflow, job, step)
                place = Place(workflow.path, file.span)
                if "${{" in text:
                    if not text.startswith("${{steps."):
                        yield Unsure(text, place)
                    continue
                path = in_checkout(job, normpath(text))
                if not path.is_known:
                    continue
                said = step.input("container-name") if uses == _RENDER else None
                name = _text(said, workflow, job, step) if said else ""
                at = Place(workflow.path, said.span if said else file.span)
                if "${{" in name:
                    yield Unsure(name, at)
                known = (name, at) if name and "${{" not in name else None
                yield Registered(str(path.known), place, workflow.path, job, uses, uses == _RENDER, known)


def _text(pair: Pair, workflow: Workflow, job: Job, step: Step) -> str:
    around = {each.name: as_written(each.value) for each in (*workflow.env, *job.env, *step.env)}
    return filled(as_written(pair.value), around)


def _by_commands(repository: Facts) -> Iterator[Registered | Unsure]:
    for each in repository.derive(ci_commands_of):
        if "register-task-definition" not in each.texts:
            continue
        for before, text in pairwise(each.texts):
            if before != "--cli-input-json" or not text or not text.startswith("file://"):
                continue
            path = under(each.folder, text.removeprefix("file://")) if each.folder is not None else None
            if path and "$" not in path:
                yield Registered(
                    path, each.place, each.workflow.path, each.job, "aws ecs register-task-definition"
                )


def is_changed(each: Registered) -> bool:
    """Whether a step of the job may make or change the file before."""
    name = re.escape(each.path.rpartition("/")[2])
    for step in each.job.steps:
        if step.uses and _CHANGING.search(step.uses.value):
            return True
        for line in step.run.script.replace("\\\n", " ").splitlines() if step.run else ():
            if re.search(name, line) and _CHANGED.search(line):
                return True
    return False
