"""Production runs with its debug output on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.containers.facts import Image
from runcrew_lint.domains.containers.project import ComposeProject, Purpose, Service
from runcrew_lint.domains.runtime.facts import Routing
from runcrew_lint.domains.runtime.serving import is_aside
from runcrew_lint.model.finding import Fault
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_NAME = lazily(r"(?:\w+_)?(?:LOG_?LEVEL|LOGLEVEL)|(?:APP_|FASTAPI_|FLASK_|DJANGO_)?DEBUG")
_FLAG = lazily(r"--log-level[= ]+['\"]?(?:debug|trace)\b|--debug\b", re.IGNORECASE)
_SERVER = lazily(r"\b(?:uvicorn|gunicorn|hypercorn|fastapi)\b")
_HURT = "each request is written down with what is in it, tokens and addresses too, and it costs time"


def check(repository: Repository, _policy: Policy) -> Iterator[Fault]:
    """In compose files that are production's, in images, and in the app itself."""
    for project in repository.facts(ComposeProject):
        for service in project.services:
            if Purpose.PRODUCTION in (project.purpose, service.purpose):
                yield from _service(service)
    for image in repository.facts(Image):
        if image.stages and not re.search(r"dev|test|local", image.path.rpartition("/")[2], re.IGNORECASE):
            yield from _image(image)
    for routing in repository.facts(Routing):
        if not is_aside(routing.path):
            for span in routing.debugging:
                yield Fault(
                    Place(routing.path, span),
                    "`debug=True` is written into the app: an error answers with its traceback, in "
                    "production too",
                    help="take it from the settings",
                )


def _service(service: Service) -> Iterator[Fault]:
    for variable in service.environment:
        value = variable.value.value if variable.value else None
        if value is not None and _is_on(variable.name, value):
            yield Fault(
                variable.place, f"{variable.name} is {value} for `{service.name}` in production: {_HURT}"
            )
    command = service.command
    words = " ".join(each or "" for each in command.words) if command else ""
    if command and _SERVER.search(words) and _FLAG.search(words):
        yield Fault(command.place, f"`{service.name}` runs in production with its debug log on: {_HURT}")


def _image(image: Image) -> Iterator[Fault]:
    stage = image.stages[-1]
    if re.search(r"dev|test", stage.name):
        return
    for each in stage.instructions:
        if each.keyword == "ENV":
            for setting in each.settings:
                value = setting.value.value if setting.value else None
                # DEBUG itself is development-server-in-image's.
                if value is not None and setting.name.endswith("LEVEL") and _is_on(setting.name, value):
                    place = Place(image.path, setting.span)
                    yield Fault(place, f"{setting.name} is {value} in the image that is deployed: {_HURT}")
        elif each.keyword in ("CMD", "ENTRYPOINT"):
            words = " ".join(value.written.strip('"') for value in each.values)
            if _SERVER.search(words) and _FLAG.search(words):
                yield Fault(
                    Place(image.path, each.span), f"the image is started with its debug log on: {_HURT}"
                )


def _is_on(name: str, value: str) -> bool:
    if not _NAME.fullmatch(name):
        return False
    wanted = ("1", "true", "yes", "on") if name.endswith("DEBUG") else ("debug", "trace", "10")
    return value.lower() in wanted
