"""A compose project as plain values: what runs when a file is used, each value with its place."""

from __future__ import annotations

from enum import StrEnum

from runcrew_lint.frozen import frozen
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple


class Purpose(StrEnum):
    """What a file or a service is for, as far as name, profile and content tell."""

    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"
    UNCLEAR = "unclear"


class Text(NamedTuple):
    """A scalar; `value` is None where a variable in it has no known value, and `unknown` says which."""

    written: str
    value: str | None
    unknown: str
    place: Place


class Build(NamedTuple):
    """How a service's image is built; `arguments` are the names and values of its build arguments."""

    context: Text | None
    dockerfile: Text | None
    target: Text | None
    arguments: tuple[Variable, ...]
    place: Place


class Variable(NamedTuple):
    """An environment variable or build argument; without a value it comes from the shell."""

    name: str
    value: Text | None
    place: Place


class Port(NamedTuple):
    """A published port.

    Arguments:
        host_ip: the interface it is bound to; "" where none is named, None where it is not known.
        published: the host's port or range as written, "" for one that docker picks.
        first, last: the container's ports; both 0 where they are not known.
        written: the file's own characters where it is one string, quotes and all; else "".
    """

    host_ip: str | None
    published: str
    first: int
    last: int
    protocol: str
    written: str
    place: Place

    @property
    def is_open(self) -> bool:
        """Whether it is bound to every interface of the host."""
        return self.host_ip in ("", "0.0.0.0", "::", "*")  # noqa: S104


class Mount(NamedTuple):
    """A volume or bind mount.

    Arguments:
        source: "" for an anonymous volume.
        variable: whether the source is what a variable gives, or its default.
    """

    kind: str
    source: str
    target: str
    read_only: bool
    place: Place
    variable: bool = False


class Dependency(NamedTuple):
    """A service that must start first, and the condition it must meet."""

    service: str
    condition: str
    place: Place


class Healthcheck(NamedTuple):
    """A healthcheck's test; `disabled` where it is switched off."""

    test: tuple[str, ...]
    disabled: bool
    place: Place


class Command(NamedTuple):
    """A command or entrypoint: its words, or the one string; None for a word that is not known."""

    words: tuple[str | None, ...]
    place: Place


@frozen
class Service:
    """One service as it runs, with everything that its layers say.

    `layers` are the files that it is written in, base first; `place` is its key in the last of them.
    """

    name: str
    place: Place
    layers: tuple[str, ...]
    purpose: Purpose = Purpose.UNCLEAR
    image: Text | None = None
    build: Build | None = None
    ports: tuple[Port, ...] = ()
    environment: tuple[Variable, ...] = ()
    env_files: tuple[Text, ...] = ()
    volumes: tuple[Mount, ...] = ()
    depends_on: tuple[Dependency, ...] = ()
    healthcheck: Healthcheck | None = None
    command: Command | None = None
    entrypoint: Command | None = None
    profiles: tuple[str, ...] = ()
    network_mode: str = ""
    restart: str = ""
    watched: bool = False
    privileged: Text | None = None
    pid: Text | None = None
    cap_add: tuple[Text, ...] = ()
    cap_drop: tuple[Text, ...] = ()

    def variable(self, name: str) -> Variable | None:
        """The environment variable of that name."""
        return next((each for each in self.environment if each.name == name), None)


@frozen
class ComposeProject:
    """One compose file and what it stands on.

    Arguments:
        path: the file.
        layers: the files that are merged when it is used, itself last.
        purpose, evidence: what it is for, and what says so.
        services: each one as it runs, merged over the layers below.
    """

    path: str
    layers: tuple[str, ...]
    purpose: Purpose
    evidence: str
    services: tuple[Service, ...]
