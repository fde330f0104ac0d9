"""What CI starts by compose: the images of production's files, with the variables that the command is given.

Source: the compose specification, "Interpolation"; docker's reference of `docker compose`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from posixpath import basename, dirname
from typing import TYPE_CHECKING

from runcrew_lint.domains.containers.project import ComposeProject, Purpose, Service
from runcrew_lint.domains.containers.reference import parse
from runcrew_lint.domains.contracts.commands import CiCommand, all_commands_of, environment_of
from runcrew_lint.domains.contracts.pushed import Tagged, registry_free
from runcrew_lint.patterns import lazily

if TYPE_CHECKING:
    from runcrew_lint.domains.fact import Facts

_VARIABLE = lazily(r"\$(?:\{(\w+)(?::?[-?][^{}]*)?\}|(\w+))")
_STARTS = frozenset(("up", "pull", "run", "create"))
_DEFAULTS = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")


def composed_of(repository: Facts) -> Iterator[Tagged]:
    """Each image whose tag a command gives to compose by a variable."""
    projects = [
        each
        for each in repository.facts(ComposeProject)
        if not any(service.purpose in (Purpose.DEVELOPMENT, Purpose.TEST) for service in each.services)
    ]
    if not any(_asks(service) for each in projects for service in each.services):
        return  # no command need be read
    for command in repository.derive(all_commands_of):
        project = _project(command, projects) if _starts(command) else None
        for service in project.services if project else ():
            if service.image and _asks(service):
                given = _given(command)
                found = parse(filled) if (filled := _filled(service.image.written, given)) else None
                if found and not found.digest:
                    how = f"`docker compose` starts `{service.name}` and"
                    name = registry_free(found.name)
                    yield Tagged(name, found.tag, command.place, command.workflow.path, how)


def _asks(service: Service) -> bool:
    """Whether a variable is in its image."""
    return service.image is not None and "$" in service.image.written


def _starts(command: CiCommand) -> bool:
    texts = command.texts
    program = basename(texts[0] or "")
    composes = program == "docker-compose" or (program == "docker" and "compose" in texts[1:3])
    return composes and not _STARTS.isdisjoint(text or "" for text in texts)


def _project(command: CiCommand, projects: list[ComposeProject]) -> ComposeProject | None:
    """The one project that the command reads; None where it is not known, or is of several files."""
    texts = [text or "" for text in command.texts]
    named = [after for before, after in pairwise(texts) if before in ("-f", "--file")]
    named += [text.partition("=")[2] for text in texts if text.startswith("--file=")]
    if len(named) > 1:
        return None
    names = (basename(named[0]),) if named else _DEFAULTS
    here = None if command.command.host else command.folder
    found = [
        each
        for each in projects
        if basename(each.path) in names and (named or here is None or dirname(each.path) == here)
    ]
    return found[0] if len(found) == 1 else None


def _given(command: CiCommand) -> dict[str, str]:
    """The variables that compose sees, as far as they are known; another machine has its own."""
    found = {} if command.command.host else dict(environment_of(command))
    for name, value in command.command.variables.items():
        if value.is_known:
            found[name] = str(value.known)
        else:
            found.pop(name, None)
    return found


def _filled(written: str, given: Mapping[str, str]) -> str:
    """An image as compose reads it; "" where a variable of it is not known."""
    names = [found[1] or found[2] for found in _VARIABLE.finditer(written)]
    if not names or any(not given.get(name) for name in names):
        return ""
    text = _VARIABLE.sub(lambda found: given[found[1] or found[2]], written)
    return "" if re.search(r"\$(?!\{\{)", text) else text
