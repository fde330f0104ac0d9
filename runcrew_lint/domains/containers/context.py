"""Which folder a Dockerfile is built in, and which of it reaches the shipped image.

The command that builds is not always in the repository: a compose file's word counts first, then the
folder in which every source of a COPY is to be found.
"""

from __future__ import annotations

import posixpath
import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cached_property
from itertools import islice, takewhile

from runcrew_lint.domains.containers.facts import Image, Instruction, Stage
from runcrew_lint.domains.containers.project import ComposeProject, Service
from runcrew_lint.domains.containers.shipped import lineage
from runcrew_lint.domains.fact import Facts
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

_WILD = lazily(r"[*?\[$]")
_BESIDE = lazily(r"(?:docker|compose|container|\.)|.*\.(?:sh|conf|md)\Z", re.IGNORECASE)


class Build(NamedTuple):
    """A service of a compose file that builds an image, and the folder it builds it in; "" is the root."""

    project: ComposeProject
    service: Service
    context: str
    place: Place


class Contexts:
    """The folders that images are built in, as far as the repository tells."""

    def __init__(self, paths: Iterable[str], projects: Iterable[ComposeProject]) -> None:
        self._paths = sorted(paths)
        self._copied: dict[str, tuple[str, ...]] = {}
        self._builds: dict[str, list[Build]] = {}
        for project in projects:
            for image, build in _builds(project):
                self._builds.setdefault(image, []).append(build)

    @cached_property
    def known(self) -> Set[str]:
        """Every file, and every folder that holds one."""
        known = set(self._paths)
        for path in self._paths:
            while (path := posixpath.dirname(path)) and path not in known:
                known.add(path)
        return known

    def builds(self, image: Image) -> Sequence[Build]:
        """Who builds the image."""
        return self._builds.get(image.path, ())

    def told(self, image: Image) -> set[str]:
        """The folders that compose files build the image in."""
        return {each.context for each in self.builds(image)}

    def of(self, image: Image) -> str | None:
        """The context folder, or None where nothing tells it apart."""
        told = self.told(image)
        if told:
            return told.pop() if len(told) == 1 else None
        folder = posixpath.dirname(image.path)
        sources = sorted(set(_sources(image)))
        while True:
            if _holds(folder, sources, self.known) and (sources or self._is_project(folder, image.path)):
                return folder
            if not folder:
                return None
            folder = posixpath.dirname(folder)

    def _is_project(self, folder: str, own: str) -> bool:
        """Whether a folder holds more than Dockerfiles and what goes with them: something to be copied."""
        if folder not in self._copied:
            prefix = f"{folder}/" if folder else ""
            at = bisect(self._paths, prefix)
            inside = takewhile(lambda path: path.startswith(prefix), self._paths[at:])
            worth = (path for path in inside if not _BESIDE.match(posixpath.basename(path)))
            self._copied[folder] = tuple(islice(worth, 2))  # one may be the Dockerfile that is asked about
        return any(path != own for path in self._copied[folder])


def contexts_of(repository: Facts) -> Contexts:
    """The contexts of a repository whose compose files were read."""
    return Contexts(repository.worktree.paths, repository.facts(ComposeProject))


def _builds(project: ComposeProject) -> Iterator[tuple[str, Build]]:
    """What a compose file builds, by the path of its Dockerfile."""
    here = posixpath.dirname(project.path)
    for service in project.services:
        build = service.build
        if build is None or build.context is None or build.context.value is None:
            continue
        context = posixpath.normpath(posixpath.join(here, build.context.value))
        name = build.dockerfile.value if build.dockerfile else "Dockerfile"
        if name:
            folder = "" if context == "." else context
            yield (
                posixpath.normpath(posixpath.join(context, name)),
                Build(project, service, folder, build.place),
            )


def _sources(image: Image) -> Iterator[str]:
    """The files that the image copies from its context, as far as their names are plain."""
    for stage in image.stages:
        for each in stage.instructions:
            for source in copied(each):
                plain = source.lstrip("/").removeprefix("./").rstrip("/")
                if plain not in ("", ".") and not _WILD.search(plain):
                    yield posixpath.normpath(plain)


def copied(instruction: Instruction) -> tuple[str, ...]:
    """The sources that a COPY or ADD takes from the context."""
    if instruction.keyword not in ("COPY", "ADD") or instruction.onbuild or instruction.flag("from"):
        return ()
    values = [value.value for value in instruction.values[:-1]]
    return tuple(value for value in values if value and "://" not in value and not value.startswith("<<"))


def _holds(folder: str, sources: Iterable[str], known: Set[str]) -> bool:
    return all(posixpath.normpath(posixpath.join(folder, source)) in known for source in sources)


def ships(image: Image, stage: Stage, destination: str) -> bool:
    """Whether what a stage has at `destination` ends in the shipped image: the stage is part of it, or
    a folder that holds the destination is copied from it.
    """
    line = lineage(image)
    if stage in line:
        return True
    for shipped in line:
        for each in shipped.instructions:
            origin = each.flag("from")
            if each.keyword != "COPY" or origin is None or not _names(origin.value, stage):
                continue
            if any(_covers(value.value or "", destination) for value in each.values[:-1]):
                return True
    return False


def _names(origin: str, stage: Stage) -> bool:
    return origin.lower() == stage.name if stage.name else origin == str(stage.index)


def _covers(source: str, destination: str) -> bool:
    source = posixpath.normpath(posixpath.join("/", source))
    return source == "/" or destination == source or destination.startswith(source + "/")


def destination_of(image: Image, stage: Stage, instruction: Instruction) -> str:
    """Where a COPY of the stage puts its files, as an absolute path."""
    folder = "/"
    stages = []
    current: Stage | None = stage
    while current is not None:
        stages.append(current)
        current = image.stages[current.base.stage] if current.base.stage is not None else None
    for each in reversed(stages):
        for one in each.instructions:
            if one is instruction:
                target = one.values[-1].value or "."
                return posixpath.normpath(posixpath.join(folder, target))
            if one.keyword == "WORKDIR" and one.values:
                folder = posixpath.join(folder, one.values[0].value or "?")
    return folder
