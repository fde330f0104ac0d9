"""From which folder of the repository a service's image is built, also where its compose file only names it.

Sources: the compose specification (`build`), `docker build` and the inputs of docker/build-push-action.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from functools import cached_property
from itertools import chain, pairwise
from posixpath import basename, dirname, join, normpath
from typing import TYPE_CHECKING

from runcrew_lint.domains.containers.project import ComposeProject, Service
from runcrew_lint.domains.contracts.commands import CiCommand, ci_commands_of, environment_of, filled
from runcrew_lint.domains.contracts.pushed import action_tags
from runcrew_lint.domains.contracts.tree import under
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

if TYPE_CHECKING:
    from runcrew_lint.domains.fact import Facts

_NAME = lazily(r"((?:[\w.-]+(?::\d+)?/)*[\w.-]+)(?:[:@].*)?\Z")
_VALUED = frozenset(
    (
        "-f", "--file", "-t", "--tag", "--build-arg", "--target", "--platform", "--label", "--secret",
        "--ssh", "--cache-from", "--cache-to", "--output", "-o", "--progress", "--network", "--builder",
    )
)  # fmt: skip


class Built(NamedTuple):
    """The folder that an image is built from, "" for the root, and its Dockerfile, "" where nobody knows it.

    `is_stage` says that a stage of it is built, which need not be the last one; `place` is what says so.
    """

    folder: str
    dockerfile: str
    is_stage: bool
    place: Place


class Builds:
    """What is built here, by the image's name and by the name of a compose service that builds it."""

    def __init__(self, repository: Facts) -> None:
        self._images: dict[str, list[Built]] = {}
        self._services: dict[str, list[Built]] = {}
        for project in repository.facts(ComposeProject):
            for service in project.services:
                if built := _by_compose(service):
                    self._services.setdefault(service.name, []).append(built)
                    self._note(service.image.written if service.image else "", built)
        for command in repository.derive(ci_commands_of):
            for name, built in _by_command(command):
                self._note(name, built)
        for workflow in repository.facts(Workflow):
            for name, built in _by_action(workflow):
                self._note(name, built)

    def _note(self, written: str, built: Built) -> None:
        if found := _NAME.match(written):
            self._images.setdefault(found[1], []).append(built)

    def of(self, service: Service) -> Built | None:
        """What a service runs: what it builds, what is built under its image's name, or what the service of
        its name in another compose file builds. None for other people's images, and where several are built.
        """
        if service.build:
            return _by_compose(service)
        named = _NAME.match(service.image.written) if service.image else None
        found = self._images.get(named[1]) if named else None
        if found is None and (service.image is None or (named and "/" in named[1])):
            found = self._services.get(service.name)  # an image without a namespace is Docker's own
        return found[0] if found and len({each[:3] for each in found}) == 1 else None

    def homes(self, folder: str) -> Set[str]:
        """Where the Dockerfiles lie that build a folder: each beside its own program, as a rule."""
        return self._homes.get(folder, frozenset())

    @cached_property
    def _homes(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for each in chain.from_iterable((*self._images.values(), *self._services.values())):
            if each.dockerfile:
                found.setdefault(each.folder, set()).add(dirname(each.dockerfile))
        return found


def builds_of(repository: Facts) -> Builds:
    """The builds of a repository."""
    return Builds(repository)


def _by_compose(service: Service) -> Built | None:
    build = service.build
    if build is None or build.context is None or build.context.value is None:
        return None
    folder = under(dirname(build.place.path), build.context.value)
    file = build.dockerfile.value if build.dockerfile else "Dockerfile"
    if folder is None:
        return None
    dockerfile = normpath(join(folder, file)) if file else ""
    return Built(folder, dockerfile, build.target is not None, build.place)


def _by_command(each: CiCommand) -> Iterator[tuple[str, Built]]:
    """The images that `docker build -t NAME CONTEXT` names."""
    texts = [text or "" for text in each.texts]
    if basename(texts[0]) not in ("docker", "podman") or "build" not in texts[1:3] or each.folder is None:
        return
    after = texts[texts.index("build") + 1 :]
    bare = [text for before, text in pairwise(["", *after]) if text[:1] != "-" and before not in _VALUED]
    context = under(each.folder, bare[0]) if len(bare) == 1 and bare[0] and "${{" not in bare[0] else None
    if context is None:
        return
    said = [*pairwise(after), *((name, value) for name, _, value in (one.partition("=") for one in after))]
    files = [value for name, value in said if name in ("-f", "--file")]
    dockerfile = under(each.folder, files[0]) if files else normpath(join(context, "Dockerfile"))
    is_stage = any(name == "--target" for name, _ in said)
    for name, value in said:
        if name in ("-t", "--tag"):
            yield filled(value, environment_of(each)), Built(context, dockerfile or "", is_stage, each.place)


def _by_action(workflow: Workflow) -> Iterator[tuple[str, Built]]:
    """The images that docker/build-push-action names; without a context it builds what git has."""
    for step, place, line in action_tags(workflow):
        context, file = (step.input(name) for name in ("context", "file"))
        folder = under("", context.value) if context and "${{" not in context.value else None
        if folder is not None:
            dockerfile = normpath(file.value if file else join(folder, "Dockerfile"))
            yield line, Built(folder, dockerfile, step.input("target") is not None, place)
