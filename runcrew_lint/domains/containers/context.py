"""Which folder a Dockerfile is built in, and which of it reaches the shipped image.

The command that builds is not always in the repository: a compose file's word counts first, then the
folder in which every source of a COPY is to be found.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence

from runcrew_lint.domains.containers.facts import Image, Instruction, Stage
from runcrew_lint.domains.containers.project import ComposeProject
from runcrew_lint.domains.containers.shipped import lineage
from runcrew_lint.text import Place

_WILD = re.compile(r"[*?\[$]")


def context_of(image: Image, paths: Sequence[str], projects: Iterable[ComposeProject]) -> str | None:
    """The context folder ("" is the root), or None where nothing tells it apart."""
    told = told_contexts(image, projects)
    if told:
        return told.pop() if len(told) == 1 else None
    folder = posixpath.dirname(image.path)
    known = set(paths)
    known.update(posixpath.dirname(path) for path in paths)
    sources = sorted(set(_sources(image)))
    while True:
        if _holds(folder, sources, known) and (sources or _is_project(folder, image.path, paths)):
            return folder
        if not folder:
            return None
        folder = posixpath.dirname(folder)


def told_contexts(image: Image, projects: Iterable[ComposeProject]) -> set[str]:
    """The folders that compose files build the image in."""
    return {context for project in projects for context, _ in _told(image, project)}


def told_by(image: Image, projects: Iterable[ComposeProject]) -> Place | None:
    """The first `build` of a compose file that builds the image."""
    return next((place for project in projects for _, place in _told(image, project)), None)


def _told(image: Image, project: ComposeProject) -> Iterator[tuple[str, Place]]:
    here = posixpath.dirname(project.path)
    for service in project.services:
        build = service.build
        if build is None or build.context is None or build.context.value is None:
            continue
        context = posixpath.normpath(posixpath.join(here, build.context.value))
        name = build.dockerfile.value if build.dockerfile else "Dockerfile"
        if name and posixpath.normpath(posixpath.join(context, name)) == image.path:
            yield "" if context == "." else context, build.place


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


def _holds(folder: str, sources: Iterable[str], known: set[str]) -> bool:
    return all(posixpath.normpath(posixpath.join(folder, source)) in known for source in sources)


def _is_project(folder: str, own: str, paths: Iterable[str]) -> bool:
    """Whether a folder holds more than Dockerfiles and what goes with them: something to be copied."""
    prefix = f"{folder}/" if folder else ""
    names = re.compile(r"(?:docker|compose|container|\.)|.*\.(?:sh|conf|md)\Z", re.IGNORECASE)
    others = (path for path in paths if path.startswith(prefix) and path != own)
    return any(not names.match(posixpath.basename(path)) for path in others)


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
