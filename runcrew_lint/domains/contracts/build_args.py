"""The build arguments that workflows hand to images, by command line and by docker/build-push-action."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import join
from typing import TYPE_CHECKING

from runcrew_lint.domains.contracts.commands import CiCommand, as_written, ci_commands_of
from runcrew_lint.domains.contracts.secret_use import secret_of, secrets_around
from runcrew_lint.domains.contracts.tree import under
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

if TYPE_CHECKING:
    from runcrew_lint.domains.fact import Facts


class BuildArgument(NamedTuple):
    """One argument: `secret` is the secret whose value it has, "" for none; `image` the Dockerfile's path, or
    "" where it is not known.
    """

    name: str
    secret: str
    place: Place
    image: str


def build_arguments_of(repository: Facts) -> tuple[BuildArgument, ...]:
    """Every build argument of every workflow."""
    return (*_commanded(repository), *_of_actions(repository))


def _commanded(repository: Facts) -> Iterator[BuildArgument]:
    for each in repository.derive(ci_commands_of):
        texts = each.texts
        if not {"docker", "podman", "buildah"} & set(texts[:3]) or "build" not in texts[:5]:
            continue
        around = secrets_around(each.workflow, each.job, each.step)
        image = _image(each)
        before = ""
        for word in each.command.words:
            # What the shell fills in is not known to the map; the reason names the variable.
            text = word.text if word.text is not None else word.value.reason
            if before == "--build-arg" or (text or "").startswith("--build-arg="):
                said = (text or "").removeprefix("--build-arg=")
                name, given, value = said.partition("=")
                secret = secret_of(value) if given else around.get(name, "")
                yield BuildArgument(name, secret, word.place, image)
            before = text or ""


def _image(each: CiCommand) -> str:
    """The Dockerfile that a command builds."""
    if each.folder is None:
        return ""
    texts = [text or "${{" for text in each.texts]
    named = next((texts[at + 1] for at, text in enumerate(texts[:-1]) if text in ("-f", "--file")), "")
    named = named or next((text[7:] for text in texts if text.startswith("--file=")), "")
    path = named or join(texts[-1], "Dockerfile")
    return "" if "${{" in path else under(each.folder, path) or ""


def _of_actions(repository: Facts) -> Iterator[BuildArgument]:
    for workflow in repository.facts(Workflow):
        for job in workflow.jobs:
            for step in job.steps:
                name = step.uses.value.partition("@")[0].lower() if step.uses else ""
                said = step.input("build-args") or step.input("build_args")
                if said is None or not name.startswith(
                    ("docker/", "redhat-actions/", "elgohr/", "mr-smithers")
                ):
                    continue
                file, context = step.input("file"), step.input("context")
                path = file.value if file else join(context.value if context else ".", "Dockerfile")
                image = "" if "${{" in path else under("", path) or ""
                for line in as_written(said.value).splitlines():
                    argument, given, value = line.strip().partition("=")
                    if given:
                        yield BuildArgument(
                            argument, secret_of(value), Place(workflow.path, said.span), image
                        )
