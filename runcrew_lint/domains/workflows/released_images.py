"""The images that a repository's own workflows name to push, as far as they are written out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.domains.workflows.known_actions import action_of
from runcrew_lint.patterns import lazily

if TYPE_CHECKING:
    from runcrew_lint.domains.fact import Facts

# What such an action is told to push under, whoever made it: docker/metadata-action, depot/build-push-action.
_ASKS = {"metadata-action": "images", "build-push-action": "tags"}
_PUSHES = lazily(r"\b(?:docker|podman)[ \t]+(?:image[ \t]+)?push[ \t]+(?:-\S+[ \t]+)*[\"']?(\S+)")
_NAME = lazily(r"(?<![\w./}-])(?:[\w-]+(?:\.[\w-]+)+(?::\d+)?/)?[\w-][\w.-]*/[\w-][\w./-]*(?![\w./-]|\$\{\{)")
_VARIABLE = lazily(r"\$\{\{\s*env\.(\w+)\s*\}\}")
_REPOSITORY = lazily(r"\$\{\{\s*github\.repository\s*\}\}")
_OWNER = lazily(r"\$\{\{\s*github\.repository_owner\s*\}\}")
_SAYS_REPOSITORY = lazily(r"github\.repository\s*==\s*'([\w.-]+/[\w.-]+)'")
_SAYS_OWNER = lazily(r"github\.repository_owner\s*==\s*'([\w.-]+)'")


def released_images_of(repository: Facts) -> frozenset[str]:
    """Their names in small letters, without Docker Hub's address."""
    workflows = repository.facts(Workflow)
    conditions = [
        each.value
        for flow in workflows
        for job in flow.jobs
        for each in (job.condition, *(step.condition for step in job.steps))
        if each
    ]
    own = next((found[1] for each in conditions if (found := _SAYS_REPOSITORY.search(each))), "")
    owner = own.partition("/")[0] or next(
        (found[1] for each in conditions if (found := _SAYS_OWNER.search(each))), ""
    )
    names: set[str] = set()
    for text in (text for flow in workflows for text in _texts(flow)):
        text = _REPOSITORY.sub(own, text) if own else text
        text = _OWNER.sub(owner, text) if owner else text
        names.update(plain_name(found) for found in _NAME.findall(text))
    return frozenset(names)


def _texts(flow: Workflow) -> Iterator[str]:
    """What is given as a name to push under."""
    for job in flow.jobs:
        for step in job.steps:
            if step.run:
                yield from _PUSHES.findall(step.run.script)
            asked = _ASKS.get(action_of(step.uses.value).rpartition("/")[2]) if step.uses else None
            given = step.input(asked) if asked else None
            if given is not None:
                around = {pair.name: pair.value for level in (flow.env, job.env, step.env) for pair in level}
                yield _filled(given.value, around)


def _filled(text: str, around: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda found: around.get(found[1], found[0]), text)


def plain_name(name: str) -> str:
    """An image's name in small letters, without Docker Hub's address."""
    return name.lower().removeprefix("index.").removeprefix("docker.io/")
