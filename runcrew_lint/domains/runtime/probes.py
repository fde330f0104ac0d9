"""Who asks a program whether it is well, and for which path: Dockerfiles, compose, nginx, ECS."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from runcrew_lint.domains.containers.facts import Image, Instruction
from runcrew_lint.domains.containers.project import ComposeProject, Service
from runcrew_lint.domains.fact import Facts
from runcrew_lint.domains.nginx.facts import Directive, NginxConfig
from runcrew_lint.domains.runtime.serving import Api
from runcrew_lint.domains.tasks.tasks import image_of, tasks_of
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

_URL = lazily(
    r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(?:\$\{\w+(?::?-\w*)?\}|\$?\w+))?((?:[/$][\w./${}:-]*)?)"
)
_SERVER = lazily(r"\b(?:uvicorn|gunicorn|hypercorn|fastapi)\b")
_MODULE = lazily(r"(?<![\w.:/])([A-Za-z_][\w.]*):[A-Za-z_]\w*(?![\w:/])")


class Probe(NamedTuple):
    """A path that something asks for, and where it says so.

    Arguments:
        path: as it is written; one with a `$` in it is made when it runs.
        module: the app that the server is told to run, such as `app.main`, or "".
    """

    path: str
    place: Place
    who: str
    module: str = ""

    @property
    def is_known(self) -> bool:
        """Whether the path is the one that is asked for."""
        return "$" not in self.path


def probes_of(repository: Facts) -> tuple[Probe, ...]:
    """Every probe of a server of Python that the repository runs."""
    return (*_images(repository), *_services(repository), *_locations(repository), *_tasks(repository))


def asked_of(apis: tuple[Api, ...], probe: Probe) -> list[Api]:
    """The app that a probe asks, or all that it may ask."""
    if not probe.module:
        return list(apis)
    path = f"/{probe.module.replace('.', '/')}.py"
    return [each for each in apis if f"/{each.file}".endswith(path)]


def _images(repository: Facts) -> Iterator[Probe]:
    for image in repository.facts(Image):
        started = _started(image)
        if not _SERVER.search(started):
            continue
        for each in image.stages[-1].instructions:
            if each.keyword == "HEALTHCHECK":
                for path in _paths([_text(each)]):
                    yield Probe(path, Place(image.path, each.span), "HEALTHCHECK", _module(started))


def _started(image: Image) -> str:
    """What an image runs by itself, as one text."""
    instructions = image.stages[-1].instructions if image.stages else ()
    return " ".join(_text(each) for each in instructions if each.keyword in ("CMD", "ENTRYPOINT"))


def _text(instruction: Instruction) -> str:
    return " ".join(value.written for value in instruction.values)


def _services(repository: Facts) -> Iterator[Probe]:
    for project in repository.facts(ComposeProject):
        for service in project.services:
            check, command = service.healthcheck, _command(service)
            if check is None or check.disabled or not _SERVER.search(command):
                continue
            for path in _paths(check.test):
                who = f"the healthcheck of `{service.name}`"
                yield Probe(path, check.place, who, _module(command))


def _command(service: Service) -> str:
    return " ".join(each or "" for each in service.command.words) if service.command else ""


def _tasks(repository: Facts) -> Iterator[Probe]:
    images = repository.facts(Image)
    for task in repository.derive(tasks_of):
        for container in task.containers:
            if container.probe is None:
                continue
            image = image_of(task, container, images)
            own = " ".join(word or "" for word in container.command.words) if container.command else ""
            command = own or (_started(image) if image else "")
            if _SERVER.search(command):
                for path in _paths(word or "$" for word in container.probe.words):
                    who = f"the health check of {task.title}"
                    yield Probe(path, Place(task.path, container.probe.span), who, _module(command))


def _paths(words: Iterable[str]) -> Iterator[str]:
    return (path for path in _URL.findall(" ".join(words)) if path)


def _module(command: str) -> str:
    found = _MODULE.search(command.replace('"', " ").replace("'", " "))
    return found[1] if found else ""


def _locations(repository: Facts) -> Iterator[Probe]:
    for config in repository.facts(NginxConfig):
        for server in config.servers:
            for directive in server.directives:
                if directive.name == "location" and "health" in " ".join(directive.arguments):
                    yield from _passed(directive)


def _passed(location: Directive) -> Iterator[Probe]:
    for each in location.block:
        if each.name != "proxy_pass" or not each.arguments or "$" in each.arguments[0]:
            continue
        found = re.match(r"https?://(?:localhost|127\.0\.0\.1)(?::8000)?(/\S*)?\Z", each.arguments[0])
        if found is None:
            continue
        plain = location.arguments[-1] if location.arguments[0] in ("=", location.arguments[-1]) else ""
        path = found[1] or plain
        if path.startswith("/") and "health" in path:
            yield Probe(path, each.place, "nginx")
