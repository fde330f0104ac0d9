"""port-chain-broken: the server listens on one port, and what leads to it names another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.containers.facts import Image
from runcrew_lint.domains.containers.project import ComposeProject
from runcrew_lint.domains.contracts.built import builds_of
from runcrew_lint.domains.contracts.ports import (
    Served,
    exposed,
    of_container,
    of_image,
    of_service,
    services_of,
)
from runcrew_lint.domains.contracts.programs import Programs, programs_of
from runcrew_lint.domains.nginx.facts import Directive, NginxConfig
from runcrew_lint.domains.tasks.tasks import tasks_of
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, number_of

_LOCAL = lazily(r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]):(\d{2,5})(?!\d)")
_PASSED = lazily(r"https?://([\w.-]+):(\d{2,5})(?:/\S*)?\Z")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a link; a port that is a variable, or stands in a server's own settings, is not known."""
    images = {each.path: each for each in repository.facts(Image)}
    seen: set[Place] = set()
    for fault in (
        *_images(images, repository.derive(programs_of)),
        *_services(repository, images),
        *_proxies(repository, images),
        *_tasks(repository, images),
    ):
        if fault.place not in seen:
            seen.add(fault.place)
            yield fault


def _images(images: dict[str, Image], programs: Programs) -> Iterator[Fault]:
    for image in images.values():
        served = of_image(image, programs)
        if served is None:
            continue
        said = list(exposed(image))
        known = [ports for _, ports in said if ports]
        if said and len(known) == len(said) and not any(served.port in ports for ports in known):
            place = Place(image.path, said[0][0].span)
            ports = ", ".join(str(port) for each in known for port in sorted(each)[:3])
            yield _fault(
                place, served, f"EXPOSE names {ports}", "what publishes the exposed port leads nowhere"
            )
        for each in image.stages[-1].instructions:
            if each.keyword == "HEALTHCHECK":
                asked = {int(port) for value in each.values for port in _LOCAL.findall(value.written)}
                if asked and served.port not in asked:
                    text = f"HEALTHCHECK asks {min(asked)}"
                    yield _fault(
                        Place(image.path, each.span), served, text, "a healthy program counts as sick"
                    )


def _services(repository: Repository, images: dict[str, Image]) -> Iterator[Fault]:
    for _, service in services_of(repository.facts(ComposeProject)):
        served = of_service(service, images, repository.derive(builds_of), repository.derive(programs_of))
        if served is None:
            continue
        known = all(each.first for each in service.ports)
        if service.ports and known and not any(p.first <= served.port <= p.last for p in service.ports):
            port = service.ports[0]
            text = f"`{service.name}` publishes the container's {port.first}"
            yield _fault(port.place, served, text, "a request to the published port is refused")
        check_ = service.healthcheck
        asked = {int(port) for port in _LOCAL.findall(" ".join(check_.test))} if check_ else set()
        if check_ and asked and served.port not in asked:
            text = f"the healthcheck of `{service.name}` asks {min(asked)}"
            yield _fault(check_.place, served, text, "a healthy program counts as sick")


def _proxies(repository: Repository, images: dict[str, Image]) -> Iterator[Fault]:
    """nginx against the services that it names, and against the one API beside it where it names none."""
    by_name: dict[str, set[Served]] = {}
    published: set[int] = set()
    apis: set[Served] = set()
    for _, service in services_of(repository.facts(ComposeProject)):
        served = of_service(service, images, repository.derive(builds_of), repository.derive(programs_of))
        published.update(number_of(each.published) for each in service.ports if each.published.isdigit())
        if served is None:
            by_name.setdefault(service.name, set()).add(Served(0, service.place, ""))
            continue
        by_name.setdefault(service.name, set()).add(served)
        apis.add(served)
        hidden = any(not each.published.isdigit() for each in service.ports)
        published.update({served.port} | ({0} if hidden else set()))
    asked = [each for config in repository.facts(NginxConfig) for server in config.servers
             for each in _passes(server.directives)]  # fmt: skip
    ports = {found[2] for _, found in asked if found[1] in ("127.0.0.1", "localhost")}
    for place, found in asked:
        host, port = found[1], int(found[2])
        known = by_name.get(host, set())
        numbers = {each.port for each in known}
        if known and 0 not in numbers and port not in numbers:
            served = min(known)
            text = f"nginx passes requests to {host}:{port}"
            yield _fault(place, served, text, "every request ends in 502")
        elif host in ("127.0.0.1", "localhost") and len(ports) == 1 and len({one.port for one in apis}) == 1:
            if port not in published and 0 not in published:
                text = f"nginx passes requests to {host}:{port}, and no service publishes it"
                yield _fault(place, min(apis), text, "every request ends in 502")


def _tasks(repository: Repository, images: dict[str, Image]) -> Iterator[Fault]:
    """The containers of ECS, against what runs in them: their own command, or that of the image."""
    for task in repository.derive(tasks_of):
        for container in task.containers:
            served = of_container(task, container, tuple(images.values()), repository.derive(programs_of))
            if served is None:
                continue
            if container.ports and all(each.container != served.port for each in container.ports):
                text = f"{task.title} maps the container's port {container.ports[0].container}"
                hurt = "the load balancer's health check fails and tasks are replaced for ever"
                yield _fault(Place(task.path, container.ports[0].span), served, text, hurt)
            probe = container.probe
            asked = (
                {int(port) for word in probe.words for port in _LOCAL.findall(word or "")} if probe else set()
            )
            if probe and asked and served.port not in asked:
                text = f"the health check of {task.title} asks {min(asked)}"
                hurt = "a healthy container counts as sick and is replaced for ever"
                yield _fault(Place(task.path, probe.span), served, text, hurt)


def _passes(directives: tuple[Directive, ...]) -> Iterator[tuple[Place, re.Match[str]]]:
    for each in directives:
        if each.name == "proxy_pass" and each.arguments:
            found = _PASSED.match(each.arguments[0])
            if found:
                yield each.place, found
        yield from _passes(each.block)


def _fault(place: Place, served: Served, said: str, hurt: str) -> Fault:
    return Fault(
        place,
        f"{said}, and {served.program} listens on {served.port} ({served.place.path}): {hurt}",
        (
            Related(served.place, f"it listens on {served.port} here, which the policy believes"),
            *(Related(each, "its image is built here") for each in served.built),
        ),
        help=f"name {served.port} here, or let the server listen on the other port",
    )
