"""Which images workflows deploy, and which task definitions name, each by the tag that is written."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from posixpath import basename
from typing import TYPE_CHECKING

from runcrew_lint.domains.containers.reference import parse
from runcrew_lint.domains.contracts.commands import as_written, ci_commands_of, filled
from runcrew_lint.domains.contracts.pushed import Tagged, named_image, registry_free, tagged
from runcrew_lint.domains.contracts.registered import Unsure, is_changed, registered_of
from runcrew_lint.domains.tasks.facts import TaskDefinition
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.text import Place

if TYPE_CHECKING:
    from runcrew_lint.domains.fact import Facts


def deployed_of(repository: Facts) -> Iterator[Tagged]:
    """What a deploy names by image and tag."""
    for each in repository.derive(ci_commands_of):
        texts = each.texts
        program = basename(texts[0] or "")
        if program == "kubectl" and texts[1:3] == ("set", "image"):
            for text in texts[4:]:
                if text and "=" in text:
                    yield from tagged(each, text.partition("=")[2], "kubectl set image")
        elif program == "gcloud" and "deploy" in texts[1:4]:
            for before, text in itertools.pairwise(texts):
                if before == "--image" or (text or "").startswith("--image="):
                    yield from tagged(each, (text or "").removeprefix("--image="), "gcloud deploy")
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
                    if image:
                        place = Place(workflow.path, image.span)
                        text = filled(as_written(image.value), around)
                        yield from named_image(text, place, workflow.path, uses)


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
                yield Tagged(
                    registry_free(found.name), found.tag, place, each.workflow, f"`{container.name}`"
                )


def is_plain(tag: str) -> bool:
    """Whether two tags that are written alike are one, and two that are not are two."""
    return "${{" not in tag or tag.startswith(("${{github.sha", "${{github.ref_name", "${{github.run_"))
