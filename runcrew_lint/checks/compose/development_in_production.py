"""development-in-production: source mounted, reloaders, debuggers, and databases without a password."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from itertools import groupby

from runcrew_lint.domains.containers.development import debugs, sign_of
from runcrew_lint.domains.containers.project import ComposeProject, Mount, Purpose, Service
from runcrew_lint.domains.containers.purpose import by_words
from runcrew_lint.domains.contracts.built import Built, builds_of
from runcrew_lint.model.finding import Fault, Note, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span

_WORD = lazily(r"[^\s\"'&|;]+")
_CODE = lazily(r"\.(?:py|[cm]?[jt]sx?|go|rb|php|java|kt|rs|ex|exs|cs|vue|svelte)\Z")
# The images of MySQL and MariaDB start without a password where this is set and none of the others is.
_EMPTY = ("MYSQL_ALLOW_EMPTY_PASSWORD", "MARIADB_ALLOW_EMPTY_PASSWORD", "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD")
_PASSWORDS = ("ROOT_PASSWORD", "ROOT_PASSWORD_FILE", "ROOT_PASSWORD_HASH")
_HARM = {
    "mount": "what runs is whatever lies in that folder of the host, and not the image that was tested",
    "command": "it watches files, serves slowly, and may show a console to whoever makes it fail",
    "setting": "whoever makes it fail reads its code and its settings in the answer",
    "open": "whoever reaches its port is let in, and may read and write everything",
    "target": "production runs with the tools, the users and the settings of a developer",
}


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """Faults where the value is written, which may be the base that a production file is merged over.

    The folders that one service mounts are one fault, at the first.
    """
    code = {posixpath.dirname(path) for path in repository.worktree.paths if _CODE.search(path)}
    found: dict[Place, Fault] = {}
    for project in repository.facts(ComposeProject):
        for service in project.services:
            if service.purpose is Purpose.PRODUCTION:
                built = repository.derive(builds_of).of(service)
                for place, what, kind in _signs(service, built is not None, code):
                    found.setdefault(place, _fault(project, service, place, what, kind, built))
    yield from found.values()


def _signs(service: Service, is_own: bool, code: set[str]) -> Iterator[tuple[Place, str, str]]:
    mounts = [each for each in service.volumes if is_own and _is_source(each, code)]
    for _, group in groupby(mounts, key=lambda each: each.place.path):
        mount, *others = group
        more = f" (and {len(others)} more)" if others else ""
        yield mount.place, f"mounts its source, {mount.source}, over {mount.target}{more}", "mount"
    for command in (service.command, service.entrypoint):
        words = _words([word or "" for word in command.words]) if command else []
        sign = sign_of(words)
        if command and sign is not None:
            yield command.place, f"starts `{sign.what}`, which is for a developer's machine", "command"
    for variable in service.environment:
        if variable.value and variable.value.value and debugs(variable.name, variable.value.value):
            yield variable.place, f"has {variable.name}={variable.value.value}", "setting"
        if (
            variable.value
            and variable.value.value
            and _asks_no_password(service, variable.name, variable.value.value)
        ):
            yield variable.place, f"has {variable.name}={variable.value.value}", "open"
    target = service.build.target if service.build else None
    if target and target.value and by_words(target.value.replace("_", "-")) is Purpose.DEVELOPMENT:
        yield target.place, f"is built to its stage {target.value}", "target"


def _asks_no_password(service: Service, name: str, value: str) -> bool:
    if name == "POSTGRES_HOST_AUTH_METHOD":
        return value.lower() == "trust"
    given = (each.name for each in service.environment if each.name.endswith(_PASSWORDS))
    return name in _EMPTY and value.lower() not in ("", "0", "no", "false") and not any(given)


def _words(words: Sequence[str]) -> list[str]:
    return [inner for word in words for inner in _WORD.findall(word)]


def _is_source(mount: Mount, code: set[str]) -> bool:
    """Whether a bind mount's folder holds code of the repository."""
    if mount.kind != "bind" or not mount.source.startswith("."):
        return False
    folder = posixpath.normpath(posixpath.join(posixpath.dirname(mount.place.path), mount.source))
    prefix = "" if folder == "." else f"{folder}/"
    return any(each == folder or each.startswith(prefix) for each in code)


def _fault(
    project: ComposeProject, service: Service, place: Place, what: str, kind: str, built: Built | None
) -> Fault:
    related: tuple[Related, ...] = ()
    if kind == "mount" and built and not service.build:
        related = (Related(built.place, "its image is built here"),)
    if place.path != project.path:
        own = service.place if service.place.path == project.path else Place(project.path, Span(0, 0))
        related += (Related(own, "this production file is merged over it and keeps the value"),)
    notes = (Note("use", f"{service.purpose}: {project.evidence}"),) if project.evidence else ()
    return Fault(place, f"{service.name} {what} in production: {_HARM[kind]}", related=related, notes=notes)
