"""How compose merges one service over another: scalars give way, lists grow, mappings join.

Source: docs.docker.com/reference/compose-file/merge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from runcrew_lint.domains.containers.layers import Layer
from runcrew_lint.domains.containers.project import Build, Healthcheck, Port, Service

T = TypeVar("T")


def over(below: Layer, above: Layer) -> Layer:
    """The service that results; what `above` marks as replaced takes nothing from `below`."""
    base, own, cut = below.service, above.service, above.replaced
    service = Service(
        own.name,
        own.place,
        tuple(dict.fromkeys((*base.layers, *own.layers))),
        image=own.image or _kept(base.image, "image", cut),
        build=_build(_kept(base.build, "build", cut), own.build),
        ports=_joined(() if "ports" in cut else base.ports, own.ports, _port),
        environment=_joined(
            () if "environment" in cut else base.environment, own.environment, lambda it: it.name
        ),
        env_files=_joined(() if "env_file" in cut else base.env_files, own.env_files, lambda it: it.written),
        volumes=_joined(() if "volumes" in cut else base.volumes, own.volumes, lambda it: it.target),
        depends_on=_joined(
            () if "depends_on" in cut else base.depends_on, own.depends_on, lambda it: it.service
        ),
        healthcheck=_healthcheck(_kept(base.healthcheck, "healthcheck", cut), own.healthcheck),
        command=own.command or _kept(base.command, "command", cut),
        entrypoint=own.entrypoint or _kept(base.entrypoint, "entrypoint", cut),
        profiles=tuple(dict.fromkeys((*(() if "profiles" in cut else base.profiles), *own.profiles))),
        network_mode=own.network_mode or ("" if "network_mode" in cut else base.network_mode),
        restart=own.restart or ("" if "restart" in cut else base.restart),
        privileged=own.privileged or _kept(base.privileged, "privileged", cut),
        pid=own.pid or _kept(base.pid, "pid", cut),
        cap_add=_joined(() if "cap_add" in cut else base.cap_add, own.cap_add, lambda it: it.written),
        cap_drop=_joined(() if "cap_drop" in cut else base.cap_drop, own.cap_drop, lambda it: it.written),
        watched=own.watched or base.watched,
    )
    return Layer(service, None, above.replaced, provided=above.provided or below.provided)


def _kept(value: T | None, name: str, cut: frozenset[str]) -> T | None:
    return None if name in cut else value


def _joined(below: Iterable[T], above: Iterable[T], key: Callable[[T], object]) -> tuple[T, ...]:
    """The values of both by key; those above win."""
    found = {key(each): each for each in below}
    found.update((key(each), each) for each in above)
    return tuple(found.values())


def _port(port: Port) -> object:
    # A port that can't be read is like no other.
    return (port.host_ip, port.published, port.first, port.last, port.protocol) if port.first else port.place


def _build(below: Build | None, above: Build | None) -> Build | None:
    if below is None or above is None:
        return above or below
    return Build(
        above.context or below.context,
        above.dockerfile or below.dockerfile,
        above.target or below.target,
        _joined(below.arguments, above.arguments, lambda it: it.name),
        above.place,
    )


def _healthcheck(below: Healthcheck | None, above: Healthcheck | None) -> Healthcheck | None:
    if below is None or above is None:
        return above or below
    return Healthcheck(above.test or below.test, above.disabled, above.place)
