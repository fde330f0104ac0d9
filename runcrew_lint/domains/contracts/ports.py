"""On which port an API's server listens, as its command line says.

Sources: the command line references of Uvicorn, Gunicorn, Hypercorn, Daphne, Granian and FastAPI's CLI.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from posixpath import basename

from runcrew_lint.domains.containers.facts import Image, Instruction
from runcrew_lint.domains.containers.project import ComposeProject, Service
from runcrew_lint.domains.contracts.built import Builds
from runcrew_lint.domains.contracts.programs import Opened, Programs
from runcrew_lint.domains.tasks import tasks
from runcrew_lint.domains.tasks.facts import Container, TaskDefinition
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place, number_of
from runcrew_lint.tuples import NamedTuple

_SERVERS = frozenset(("uvicorn", "gunicorn", "hypercorn", "daphne", "granian", "fastapi"))
_PORT = lazily(r"\d{2,5}")
_ADDRESS = lazily(r"(?:.*:)?(\d{2,5})\Z")


class Served(NamedTuple):
    """The port that a server listens on, and the command that says so; `built` is what builds its image
    where the service only names it.
    """

    port: int
    place: Place
    program: str
    built: tuple[Place, ...] = ()


def port_of(words: Iterable[str | None], place: Place) -> Served | None:
    """The port of a command line; None where it runs no server that is known, or does not say the port."""
    texts = [part for word in words for part in ([None] if word is None else word.split())]
    at = next((at for at, text in enumerate(texts) if text and basename(text) in _SERVERS), None)
    if at is None or any(text in ("&&", ";", "||") for text in texts[at:]):
        return None
    program, rest = basename(texts[at] or ""), texts[at + 1 :]
    before = ""
    found: list[int] = []
    for text in rest:
        if text is None or "$" in text:
            return None
        option, joined, value = text.partition("=")
        if option in ("-c", "--config", "--uds", "--fd", "-u") or text.startswith("unix:"):
            return None
        said = value if joined and option in ("--port", "--bind", "-b") else ""
        if before in ("--port", "--bind", "-b") or (before == "-p" and program in ("daphne", "fastapi")):
            said = text
        before = text
        if said:
            number = _ADDRESS.match(said.strip("'\""))
            if number is None:
                return None
            found.append(int(number[1]))
    if len(found) > 1:
        return None
    if not found and program not in ("uvicorn", "fastapi"):
        return None  # $PORT, a settings file beside the code
    return Served(found[0] if found else 8000, place, program)


def is_hidden(words: Iterable[str | None], place: Place) -> bool:
    """Whether a command line runs a server whose port only shows when it runs."""
    texts = [part for word in words for part in ([None] if word is None else word.split())]
    runs = any(text and basename(text) in _SERVERS for text in texts)
    return runs and any(text is None or "$" in text for text in texts) and port_of(words, place) is None


def of_image(image: Image, programs: Programs) -> Served | None:
    """The port of the command that an image runs by itself.

    One that the program takes from a variable is not the image's to say.
    """
    words, said = _command_of(image)
    if said is None:
        return None
    served = port_of(words, Place(image.path, said.span))
    opened = None if served else programs.opened(image, words)
    return served or (_fixed(opened) if opened else None)


def _command_of(image: Image) -> tuple[list[str | None], Instruction | None]:
    instructions = image.stages[-1].instructions if image.stages else ()
    last = {each.keyword: each for each in instructions if each.keyword in ("CMD", "ENTRYPOINT")}
    words: list[str | None] = []
    for keyword in ("ENTRYPOINT", "CMD"):
        if keyword in last:
            words += [value.value for value in last[keyword].values]
    return words, last.get("CMD") or last.get("ENTRYPOINT")


def _fixed(opened: Opened) -> Served | None:
    port, variable, _, program = opened.listen
    return Served(port, opened.place, program) if port and not variable else None


def exposed(image: Image) -> Iterator[tuple[Instruction, frozenset[int] | None]]:
    """Each EXPOSE of what ships, with its ports; None where a variable hides one."""
    for each in image.stages[-1].instructions if image.stages else ():
        if each.keyword == "EXPOSE" and not each.onbuild:
            ports: set[int] | None = set()
            for value in each.values:
                found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?(?:/(?:tcp|udp))?", value.value or "")
                if found is None or ports is None:
                    ports = None
                else:
                    ports.update(range(int(found[1]), int(found[2] or found[1]) + 1))
            yield each, frozenset(ports) if ports is not None else None


def of_service(
    service: Service, images: dict[str, Image], builds: Builds, programs: Programs
) -> Served | None:
    """The port that a service listens on in its container."""
    if service.network_mode.startswith("host"):
        return None
    built = builds.of(service)
    image = images.get(built.dockerfile) if built and not built.is_stage else None
    if service.command or service.entrypoint:
        words: list[str | None] = []
        for command in (service.entrypoint, service.command):
            words += list(command.words) if command else []
        said = service.command or service.entrypoint
        served = port_of(words, said.place) if said else None
        return served or (_by_program(service, image, words, programs) if image else None)
    if image is None:
        return None
    served = (
        of_image(image, programs)
        or _by_program(service, image, _command_of(image)[0], programs)
        or _by_convention(service, image)
    )
    return served._replace(built=(built.place,)) if served and built and not service.build else served


def _by_program(
    service: Service, image: Image, words: Iterable[str | None], programs: Programs
) -> Served | None:
    """The port that the program's own code opens: a number, or what the service or the image sets it to."""
    opened = programs.opened(image, words)
    if opened is None or not opened.listen.variable:
        return _fixed(opened) if opened else None
    name = opened.listen.variable
    given = None if service.env_files or service.variable(name) else _port_of(image, name)
    port, place = _port_given(service, name) or given or (0, None)
    if place is None:
        return None
    return Served(port, place, f"{opened.listen.program} in {opened.place.path}, which takes it from {name},")


def _by_convention(service: Service, image: Image) -> Served | None:
    """The port by the variable `PORT`, where the image exposes the same one: what most programs listen on."""
    said, given = _port_given(service, "PORT"), _port_of(image, "PORT")
    port, place = said or (None if service.env_files or service.variable("PORT") else given) or (0, None)
    known = [ports for _, ports in exposed(image)]
    if place is None or not known or any(ports is None or port not in ports for ports in known):
        return None
    return Served(port, place, "the program, which is told so by PORT,")


def _port_given(service: Service, name: str) -> tuple[int, Place] | None:
    found = service.variable(name)
    value = found.value if found else None
    text = (value.value or "") if value else ""
    return (number_of(text), value.place) if value and _PORT.fullmatch(text) else None


def _port_of(image: Image, name: str) -> tuple[int, Place] | None:
    stage = image.stages[-1].instructions if image.stages else ()
    said = [one for each in stage if each.keyword == "ENV" for one in each.settings if one.name == name]
    value = said[-1].value if said else None
    text = (value.value or "") if value else ""
    return (number_of(text), Place(image.path, value.span)) if value and _PORT.fullmatch(text) else None


def of_container(
    task: TaskDefinition, container: Container, images: tuple[Image, ...], programs: Programs
) -> Served | None:
    """The port that a container of a task listens on."""
    if container.command:
        return port_of(container.command.words, Place(task.path, container.command.span))
    image = tasks.image_of(task, container, images)
    return of_image(image, programs) if image else None


def services_of(projects: Iterable[ComposeProject]) -> Iterator[tuple[ComposeProject, Service]]:
    """Every service of every project."""
    for project in projects:
        for service in project.services:
            yield project, service
