"""A task definition of ECS as its containers.

Source: docs.aws.amazon.com/AmazonECS/latest/APIReference (RegisterTaskDefinition, ContainerDefinition).
"""

from __future__ import annotations

from runcrew_lint.frozen import frozen
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple


class Given(NamedTuple):
    """A text and its place; `value` is None where it is known only when something fills it in."""

    value: str | None
    span: Span


class Setting(NamedTuple):
    """One entry of `environment` or `secrets`: its name, and its value or where that is kept."""

    name: str
    value: Given


class Mapped(NamedTuple):
    """One port mapping; `host` is 0 where the host picks the port, or nothing is said of it."""

    container: int
    host: int
    span: Span


class Awaited(NamedTuple):
    """One entry of `dependsOn`."""

    name: str
    condition: str
    span: Span


class Command(NamedTuple):
    """A command line; a word is None where it is known only when something fills it in."""

    words: tuple[str | None, ...]
    span: Span


@frozen
class Container:
    """One container of a task; `span` is its name's place.

    Arguments:
        name, image: None where they are not known.
        command: `entryPoint` and `command` together, or None where the image's own is run.
        probe: the command of `healthCheck`.
    """

    name: str | None
    span: Span
    image: Given | None
    command: Command | None
    probe: Command | None
    ports: tuple[Mapped, ...]
    settings: tuple[Setting, ...]
    secrets: tuple[Setting, ...]
    awaits: tuple[Awaited, ...]


@frozen
class TaskDefinition:
    """One task definition; `span` is where it begins.

    Arguments:
        title: how a message names it.
        network: `networkMode`, "" where nothing is said.
        is_whole: whether it is the definition itself, and no list of containers alone.
        for_fargate: whether it says that Fargate runs it.
        has_size: whether the task itself says its CPU and memory.
    """

    path: str
    span: Span
    title: str
    network: str
    is_whole: bool
    for_fargate: bool
    has_size: bool
    containers: tuple[Container, ...]

    def container(self, name: str) -> Container | None:
        """The container of that name."""
        return next((each for each in self.containers if each.name == name), None)
