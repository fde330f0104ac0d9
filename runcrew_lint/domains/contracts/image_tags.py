"""Which images workflows push and which they deploy, each by the tag that is written."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from posixpath import basename
from typing import TYPE_CHECKING

from runcrew_lint.domains.containers.reference import parse
from runcrew_lint.domains.contracts.commands import (
    CiCommand,
    as_written,
    ci_commands_of,
    environment_of,
    filled,
)
from runcrew_lint.domains.contracts.registered import Unsure, is_changed, registered_of
from runcrew_lint.domains.tasks.facts import TaskDefinition
from runcrew_lint.domains.workflows.facts import Step, Workflow
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

if TYPE_CHECKING:
    from runcrew_lint.domains.fact import Facts

_IMAGE = lazily(
    r"(?:[\w.-]+=|image=)?((?:[\w.-]+|\$\{\{[^}]*\}\})(?:/(?:[\w.-]+|\$\{\{[^}]*\}\}))*)(?::(.+))?\Z"
)
_HELM = lazily(r"(?:[\w.]+\.)?(?:image\.)?tag=(.+)\Z")


# The team's registry of ECR: written out, or as the step that logs in hands it on.
_ECR = lazily(r"(?:\w+\.dkr\.ecr\.[\w.-]+|\$\{\{steps\.[\w-]+\.outputs\.registry\}\})/")


class Tagged(NamedTuple):
    """One image with its tag as written, `${{ }}` without blanks; "" for none, which means latest."""

    name: str
    tag: str
    place: Place
    workflow: str
    how: str


def pushed_of(repository: Facts) -> Iterator[Tagged]:
    """What is pushed to a registry."""
    for each in repository.derive(ci_commands_of):
        texts = each.texts
        program = basename(texts[0] or "")
        if program not in ("docker", "podman") or None in texts:
            continue
        if texts[1] == "push" if len(texts) > 1 else False:
            yield from _tagged(each, texts[-1] or "", "docker push")
        elif "build" in texts[1:3] and "--push" in texts:
            for before, text in itertools.pairwise(texts):
                if before in ("-t", "--tag"):
                    yield from _tagged(each, text or "", "docker build --push")
    for workflow in repository.facts(Workflow):
        for step, place, line in action_tags(workflow):
            push, found = step.input("push"), _IMAGE.match(line)
            if push and push.value != "false" and found:
                name = _registry(found[1])
                yield Tagged(name, found[2] or "", place, workflow.path, "docker/build-push-action")


def action_tags(workflow: Workflow) -> Iterator[tuple[Step, Place, str]]:
    """Each image that a step of docker/build-push-action names, with its tag as written."""
    for job in workflow.jobs:
        for step in job.steps:
            uses = step.uses.value.partition("@")[0].lower() if step.uses else ""
            tags = step.input("tags") if uses == "docker/build-push-action" else None
            if tags is None:
                continue
            around: dict[str, str] = {}
            for level in (workflow.env, job.env, step.env):
                around |= {pair.name: filled(as_written(pair.value), around) for pair in level}
            for line in filled(as_written(tags.value), around).replace(",", "\n").splitlines():
                yield step, Place(workflow.path, tags.span), line.strip()


def deployed_of(repository: Facts) -> Iterator[Tagged]:
    """What a deploy names by image and tag."""
    for each in repository.derive(ci_commands_of):
        texts = each.texts
        program = basename(texts[0] or "")
        if program == "kubectl" and texts[1:3] == ("set", "image"):
            for text in texts[4:]:
                if text and "=" in text:
                    yield from _tagged(each, text.partition("=")[2], "kubectl set image")
        elif program == "gcloud" and "deploy" in texts[1:4]:
            for before, text in itertools.pairwise(texts):
                if before == "--image" or (text or "").startswith("--image="):
                    yield from _tagged(each, (text or "").removeprefix("--image="), "gcloud deploy")
    for workflow in repository.facts(Workflow):
        for job in workflow.jobs:
            for step in job.steps:
                uses = step.uses.value.partition("@")[0].lower() if step.uses else ""
                image = step.input("image")
                if uses in (
                    "aws-actions/amazon-ecs-render-task-definition",
                    "google-github-actions/deploy-cloudrun",
                ):
                    around = {
                        pair.name: as_written(pair.value) for pair in (*workflow.env, *job.env, *step.env)
                    }
                    found = _IMAGE.match(filled(as_written(image.value), around)) if image else None
                    if found and image:
                        place = Place(workflow.path, image.span)
                        yield Tagged(_registry(found[1]), found[2] or "", place, workflow.path, uses)


def kept_of(repository: Facts) -> Iterator[Tagged]:
    """The images of the task definitions that go to ECS as they are kept."""
    tasks = {each.path: each for each in repository.facts(TaskDefinition)}
    for each in repository.derive(registered_of):
        if isinstance(each, Unsure) or each.is_filled or is_changed(each) or each.path not in tasks:
            continue
        for container in tasks[each.path].containers:
            image = container.image
            found = parse(image.value) if image and image.value else None
            if found and image and not found.digest:
                place = Place(each.path, image.span)
                yield Tagged(_registry(found.name), found.tag, place, each.workflow, f"`{container.name}`")


def _registry(name: str) -> str:
    """A name without ECR's address, which is written in several ways."""
    return _ECR.sub("ECR/", name, count=1)


def _tagged(each: CiCommand, text: str, how: str) -> Iterator[Tagged]:
    found = _IMAGE.match(filled(text, environment_of(each)))
    if found:
        yield Tagged(_registry(found[1]), found[2] or "", each.place, each.workflow.path, how)


def is_plain(tag: str) -> bool:
    """Whether two tags that are written alike are one, and two that are not are two."""
    return "${{" not in tag or tag.startswith(("${{github.sha", "${{github.ref_name", "${{github.run_"))
