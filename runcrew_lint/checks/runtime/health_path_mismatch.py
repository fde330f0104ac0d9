"""A probe asks for a path that no route serves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from runcrew_lint.domains.containers.facts import Image, Instruction
from runcrew_lint.domains.containers.project import ComposeProject, Service
from runcrew_lint.domains.nginx.facts import Directive, NginxConfig
from runcrew_lint.domains.runtime.serving import Api, apis_of
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_URL = re.compile(r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::\$?\{?\w+\}?)?(/[\w./-]*)")
_SERVER = re.compile(r"\b(?:uvicorn|gunicorn|hypercorn|fastapi)\b")
_MODULE = re.compile(r"(?<![\w.:/])([A-Za-z_][\w.]*):[A-Za-z_]\w*(?![\w:/])")


class _Probe(NamedTuple):
    """A path that something asks for, and where it says so."""

    path: str
    place: Place
    who: str
    module: str = ""


def check(repository: Repository, _policy: Policy) -> Iterator[Fault]:
    """One fault a probe; only where the API that it asks, or any that it may ask, is known to its
    last route."""
    apis = repository.derive(apis_of)
    for probe in (*_images(repository), *_services(repository), *_locations(repository)):
        asked = [api for api in apis if _is(api, probe.module)] if probe.module else list(apis)
        if not asked or any(not api.is_whole or _serves(api, probe.path) for api in asked):
            continue
        routes = [each for api in asked for each in api.served]
        near = [each for each in routes if "health" in each.path or "ping" in each.path][:2]
        related = tuple(
            Related(Place(each.file, each.route.span), f"this serves {each.path}") for each in near
        )
        app = asked[0]
        yield Fault(
            probe.place,
            f"{probe.who} asks for {probe.path}, which no route of {app.file} serves: the answer is 404, and "
            "a healthy program counts as sick",
            related or (Related(Place(app.file, app.app.span), "the app whose routes these are"),),
            help=f"ask for {near[0].path}" if near else "serve it, or ask for a path that is served",
        )


def _is(api: Api, module: str) -> bool:
    """Whether an app is the one that a server is told to run, such as `app.main`."""
    return f"/{api.file}".endswith(f"/{module.replace('.', '/')}.py")


def _serves(api: Api, path: str) -> bool:
    if api.at(path):
        return True
    # FastAPI's own, and a path with a parameter in it.
    if path in ("/docs", "/redoc", "/openapi.json"):
        return True
    return any(
        "{" in each.path and re.fullmatch(re.sub(r"\\\{[^}]*\\\}", ".+", re.escape(each.path)), path)
        for each in api.served
    )


def _images(repository: Repository) -> Iterator[_Probe]:
    for image in repository.facts(Image):
        if not image.stages:
            continue
        instructions = image.stages[-1].instructions
        runs = [_text(each) for each in instructions if each.keyword in ("CMD", "ENTRYPOINT")]
        if not any(_SERVER.search(each) for each in runs):
            continue
        module = _module(" ".join(runs))
        for each in instructions:
            if each.keyword == "HEALTHCHECK":
                for path in _URL.findall(_text(each)):
                    yield _Probe(path, Place(image.path, each.span), "HEALTHCHECK", module)


def _text(instruction: Instruction) -> str:
    return " ".join(value.written for value in instruction.values)


def _services(repository: Repository) -> Iterator[_Probe]:
    for project in repository.facts(ComposeProject):
        for service in project.services:
            check_ = service.healthcheck
            if check_ is None or check_.disabled or not _runs_api(service):
                continue
            for path in _URL.findall(" ".join(check_.test)):
                who = f"the healthcheck of `{service.name}`"
                yield _Probe(path, check_.place, who, _module(_command(service)))


def _command(service: Service) -> str:
    return " ".join(each or "" for each in service.command.words) if service.command else ""


def _runs_api(service: Service) -> bool:
    return bool(_SERVER.search(_command(service)))


def _module(command: str) -> str:
    found = _MODULE.search(command.replace('"', " ").replace("'", " "))
    return found[1] if found else ""


def _locations(repository: Repository) -> Iterator[_Probe]:
    for config in repository.facts(NginxConfig):
        for server in config.servers:
            for directive in server.directives:
                if directive.name == "location" and "health" in " ".join(directive.arguments):
                    yield from _passed(directive)


def _passed(location: Directive) -> Iterator[_Probe]:
    for each in location.block:
        if each.name != "proxy_pass" or not each.arguments or "$" in each.arguments[0]:
            continue
        found = re.match(r"https?://(?:localhost|127\.0\.0\.1)(?::8000)?(/\S*)?\Z", each.arguments[0])
        if found is None:
            continue
        plain = location.arguments[-1] if location.arguments[0] in ("=", location.arguments[-1]) else ""
        path = found[1] or plain
        if path.startswith("/") and "health" in path:
            yield _Probe(path, each.place, "nginx")
