"""Which images workflows push: each with its tag as it is written, and which names are the repository's own.

Sources: the inputs of docker/build-push-action and docker/metadata-action; docker's command reference.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from posixpath import basename
from typing import TYPE_CHECKING

from runcrew_lint.domains.contracts.commands import (
    CiCommand,
    as_written,
    ci_commands_of,
    environment_of,
    filled,
)
from runcrew_lint.domains.contracts.facts import OwnName
from runcrew_lint.domains.workflows.facts import Job, Step, Workflow
from runcrew_lint.domains.workflows.known_actions import action_of
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

if TYPE_CHECKING:
    from runcrew_lint.domains.fact import Facts

_IMAGE = lazily(
    r"(?:[\w.-]+=|image=)?((?:[\w.-]+|\$\{\{[^}]*\}\})(?:/(?:[\w.-]+|\$\{\{[^}]*\}\}))*)(?::(.+))?\Z"
)
# The team's registry of ECR: written out, or as the step that logs in hands it on.
_ECR = lazily(r"(?:\w+\.dkr\.ecr\.[\w.-]+|\$\{\{steps\.[\w-]+\.outputs\.registry\}\})/")
# A push as the script has it: its name counts where the tag is made when it runs, too.
_PUSHES = lazily(r"\b(?:docker|podman)[ \t]+(?:image[ \t]+)?push[ \t]+(?:-\S+[ \t]+)*[\"']?(\S+)")
_NAME = lazily(r"(?<![\w./}-])(?:[\w-]+(?:\.[\w-]+)+(?::\d+)?/)?[\w-][\w.-]*/[\w-][\w./-]*(?![\w./-]|\$\{\{)")
_SAYS_REPOSITORY = lazily(r"github\.repository\s*[=!]=\s*'([\w.-]+/[\w.-]+)'")
_SAYS_OWNER = lazily(r"github\.repository_owner\s*[=!]=\s*'([\w.-]+)'")


ANYONE = "__owner__"


class Tagged(NamedTuple):
    """One image with its tag as written, `${{ }}` without blanks; "" for none, which means latest."""

    name: str
    tag: str
    place: Place
    workflow: str
    how: str


class OwnImages:
    """The repository's own images: those that its workflows push, and those under its own name.

    Arguments:
        pushed: their names by `plain_name`.
        name: the repository's, as `owner/name` in small letters; "" where nothing says it.

    An owner that only GitHub knows is `ANYONE` in a pushed name: what follows it is written out.
    """

    def __init__(self, pushed: frozenset[str], name: str) -> None:
        self._pushed, self._name = pushed, name

    def __contains__(self, image: str) -> bool:
        plain = plain_name(image)
        if plain in self._pushed or (bool(self._name) and f"/{self._name}/" in f"/{plain}/"):
            return True
        host, owner, rest = (*plain.split("/", 2), "", "")[:3]
        return bool(owner and rest) and f"{host}/{ANYONE}/{rest}" in self._pushed


def own_images_of(repository: Facts) -> OwnImages:
    """The images that are the repository's own, as far as it says so."""
    workflows = repository.facts(Workflow)
    name = own_name_of(repository)
    conditions = (each for flow in workflows for each in _conditions(flow))
    owner = name.partition("/")[0] or next(
        (found[1] for each in conditions if (found := _SAYS_OWNER.search(each))), ""
    )
    variables = {"${{github.repository}}": name, "${{github.repository_owner}}": owner or ANYONE}
    names: set[str] = set()
    for text in (text for flow in workflows for text in _named(flow)):
        for variable, value in variables.items():
            text = text.replace(variable, value) if value else text
        names.update(plain_name(found) for found in _NAME.findall(text))
    return OwnImages(frozenset(names), name.lower())


def own_name_of(repository: Facts) -> str:
    """The repository's own name on GitHub, "" where nothing says it, or several names are said."""
    said = {each.name.lower(): each.name for each in repository.facts(OwnName)}
    if not said:
        every = (each for flow in repository.facts(Workflow) for each in _conditions(flow))
        found = (_SAYS_REPOSITORY.search(each) for each in every)
        said = {each[1].lower(): each[1] for each in found if each}
    return next(iter(said.values())) if len(said) == 1 else ""


def _conditions(flow: Workflow) -> Iterator[str]:
    for job in flow.jobs:
        yield from (each.value for each in (job.condition, *(step.condition for step in job.steps)) if each)


def _named(flow: Workflow) -> Iterator[str]:
    """What is given as a name to push under, `${{ }}` without blanks."""
    for job in flow.jobs:
        for step in job.steps:
            if step.run:
                yield from (as_written(each) for each in _PUSHES.findall(step.run.script))
            for asked in (_input(flow, job, step, *each) for each in _ASKS):
                if asked is not None:
                    yield asked[1]


# What such an action is told to push under, whoever made it: docker/build-push-action, depot's.
_ASKS = (("build-push-action", "tags"), ("metadata-action", "images"))


def _input(flow: Workflow, job: Job, step: Step, action: str, name: str) -> tuple[Place, str] | None:
    """An input of an action, with the variables that it names by `${{ env.X }}`."""
    given = step.input(name) if step.uses and _action(step) == action else None
    if given is None:
        return None
    around: dict[str, str] = {}
    for level in (flow.env, job.env, step.env):
        around |= {pair.name: filled(as_written(pair.value), around) for pair in level}
    return Place(flow.path, given.span), filled(as_written(given.value), around)


def _action(step: Step) -> str:
    return action_of(step.uses.value).rpartition("/")[2] if step.uses else ""


def pushed_of(repository: Facts) -> Iterator[Tagged]:
    """What is pushed to a registry."""
    for each in repository.derive(ci_commands_of):
        texts = each.texts
        program = basename(texts[0] or "")
        if program not in ("docker", "podman") or None in texts:
            continue
        if texts[1] == "push" if len(texts) > 1 else False:
            yield from tagged(each, texts[-1] or "", "docker push")
        elif "build" in texts[1:3] and "--push" in texts:
            for before, text in itertools.pairwise(texts):
                if before in ("-t", "--tag"):
                    yield from tagged(each, text or "", "docker build --push")
    for workflow in repository.facts(Workflow):
        for step, place, line in action_tags(workflow):
            push = step.input("push")
            if push and push.value != "false":
                yield from named_image(line, place, workflow.path, "docker/build-push-action")


def action_tags(workflow: Workflow) -> Iterator[tuple[Step, Place, str]]:
    """Each image that a step of docker/build-push-action names, with its tag as written."""
    for job in workflow.jobs:
        for step in job.steps:
            asked = _input(workflow, job, step, *_ASKS[0])
            if asked is not None:
                for line in asked[1].replace(",", "\n").splitlines():
                    yield step, asked[0], line.strip()


def tagged(each: CiCommand, text: str, how: str) -> Iterator[Tagged]:
    """The image that a word of a command names."""
    yield from named_image(filled(text, environment_of(each)), each.place, each.workflow.path, how)


def named_image(text: str, place: Place, path: str, how: str) -> Iterator[Tagged]:
    """The image that a text names, if it names one."""
    if found := _IMAGE.match(text):
        yield Tagged(registry_free(found[1]), found[2] or "", place, path, how)


def registry_free(name: str) -> str:
    """A name without ECR's address, which is written in several ways."""
    return _ECR.sub("ECR/", name, count=1)


def plain_name(name: str) -> str:
    """An image's name in small letters, without Docker Hub's address."""
    return name.lower().removeprefix("index.").removeprefix("docker.io/")
