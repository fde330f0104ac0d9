"""What an image is in production: the stage that is shipped, what that one stands on, and its last word.

Source: docs.docker.com/reference/dockerfile ("FROM", "USER", "CMD", "ENTRYPOINT").
"""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.containers.facts import Image, Instruction, Stage
from runcrew_lint.domains.containers.project import Purpose
from runcrew_lint.domains.containers.purpose import by_path, by_words
from runcrew_lint.patterns import lazily

_ENVIRONMENT = lazily(r"(?:\w+_)?ENV(?:IRONMENT)?\Z")
_DEVELOPERS = (Purpose.DEVELOPMENT, Purpose.TEST)


def shipped(image: Image) -> Stage | None:
    """The stage that runs in production: the last whose name doesn't say development or test.

    None for a file that is for development or tests as a whole: by its name, or beside one for production.
    """
    if image.production_beside or by_path(image.path) in _DEVELOPERS:
        return None
    stages = reversed(image.stages)
    return next((each for each in stages if by_words(each.name.replace("_", "-")) not in _DEVELOPERS), None)


def says_local(image: Image) -> bool:
    """Whether what it starts in calls itself a developer's machine: `ENV APP_ENV=local`."""
    said: dict[str, str] = {}
    for instruction in backwards(image):
        for each in instruction.settings if instruction.keyword == "ENV" else ():
            if each.value and each.value.value is not None:
                said.setdefault(each.name, each.value.value)
    return any(_ENVIRONMENT.match(name) and value.lower() == "local" for name, value in said.items())


def lineage(image: Image) -> tuple[Stage, ...]:
    """The shipped stage and those it is built on, itself first."""
    stage = shipped(image)
    if stage is None:
        return ()
    found = [stage]
    while (below := found[-1].base.stage) is not None:
        found.append(image.stages[below])
    return tuple(found)


def backwards(image: Image) -> Iterator[Instruction]:
    """What the shipped image's own stages say, the last word first; ONBUILD says nothing yet."""
    for stage in lineage(image):
        yield from (each for each in reversed(stage.instructions) if not each.onbuild)


def user(image: Image) -> Instruction | None:
    """The USER that counts, or None where the base image decides."""
    return next((each for each in backwards(image) if each.keyword == "USER"), None)


def commands(image: Image) -> tuple[Instruction, ...]:
    """The ENTRYPOINT and the CMD that count: an ENTRYPOINT takes the CMD of the stages below away."""
    entrypoint: Instruction | None = None
    command: Instruction | None = None
    for stage in lineage(image):
        own = [each for each in stage.instructions if not each.onbuild]
        if command is None and entrypoint is None:
            command = _last(own, "CMD")
        if entrypoint is None:
            entrypoint = _last(own, "ENTRYPOINT")
    return tuple(each for each in (entrypoint, command) if each is not None)


def _last(instructions: list[Instruction], keyword: str) -> Instruction | None:
    return next((each for each in reversed(instructions) if each.keyword == keyword), None)
