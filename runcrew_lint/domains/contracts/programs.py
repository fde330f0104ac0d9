"""Which file of the repository the command of an image runs, and on which port that file listens.

A path in the image is followed back through its COPYs, and through those of the stages that it is copied
from; what a compiler writes into `dist/` is looked for in `src/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from posixpath import basename, dirname, join, normpath
from typing import TYPE_CHECKING

from runcrew_lint.domains.containers.context import contexts_of
from runcrew_lint.domains.containers.facts import Image, Stage
from runcrew_lint.domains.delivery.facts import Package
from runcrew_lint.domains.runtime.facts import Listen, Listening
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

if TYPE_CHECKING:
    from runcrew_lint.domains.fact import Facts

_RUNTIMES = frozenset(("node", "bun", "tsx", "ts-node", "nodemon", "python", "python3"))
_MANAGERS = frozenset(("npm", "pnpm", "yarn", "bun"))
_WRAPPERS = frozenset(("exec", "dumb-init", "tini", "--", "docker-entrypoint.sh", "npx", "cross-env"))
_VALUED = frozenset(("-r", "--require", "--import", "--loader", "-W", "-X"))
_JOINED = frozenset(("&&", "||", ";", "|", "&"))
_BUILT = lazily(r"/(?:dist|build|lib|out)(?=/)")
_SUFFIX = lazily(r"(?:\.[cm]?js)?\Z")
_SETTING = lazily(r"\w+=\S*\Z")
_DEEP = 6  # stages that are copied from one another, and scripts that call scripts
_STAGES, _LOOKS = 30, 500


class Opened(NamedTuple):
    """What opens a port in a file of the repository."""

    listen: Listen
    place: Place


class _Copy(NamedTuple):
    """One source of a COPY and where it lands; `stage` is what it comes from, None for the context."""

    source: str
    target: str
    stage: int | None


class _Layout(NamedTuple):
    """A stage: the folder that its command runs in, and what was copied into it."""

    folder: str
    copies: tuple[_Copy, ...]


class Programs:
    """What the commands of images run."""

    def __init__(self, repository: Facts) -> None:
        self._contexts = repository.derive(contexts_of)
        self.listening = {each.path: each for each in repository.facts(Listening)}
        self.packages = {each.path: each for each in repository.facts(Package)}
        self._layouts: dict[tuple[str, int], _Layout | None] = {}

    def opened(self, image: Image, words: Iterable[str | None]) -> Opened | None:
        """What the program that a command line starts opens; None where it is not known, or opens several."""
        if not self.listening or not 0 < len(image.stages) <= _STAGES:
            return None
        context = self._contexts.of(image)
        if context is None:
            return None
        finder = _Finder(self, image, context)
        path = finder.program([part for word in words for part in ([None] if word is None else word.split())])
        found = self.listening.get(path) if path else None
        if found is None or len({each[:2] for each in found.listens}) != 1:
            return None
        return Opened(found.listens[0], Place(found.path, found.listens[0].span))

    def layout(self, image: Image, index: int) -> _Layout | None:
        """A stage of an image, with the stages that it stands on; None where a folder is not known."""
        key = image.path, index
        if key not in self._layouts:
            self._layouts[key] = None
            self._layouts[key] = _layout(self, image, image.stages[index])
        return self._layouts[key]


def programs_of(repository: Facts) -> Programs:
    """The programs of a repository's images."""
    return Programs(repository)


class _Finder:
    """Looks in one image for files of the repository."""

    def __init__(self, programs: Programs, image: Image, context: str) -> None:
        self._programs, self._image, self._context = programs, image, context
        self._last, self._looks = len(image.stages) - 1, 0

    def program(self, words: list[str | None], deep: int = _DEEP) -> str:
        """The file that a command line starts, from the root of the repository; "" where nobody knows."""
        if not deep or any(word is None or "$" in word or word in _JOINED for word in words):
            return ""
        texts = [word or "" for word in words]
        while texts and (basename(texts[0]) in _WRAPPERS or _SETTING.match(texts[0])):
            texts = texts[1:]
        if len(texts) < 2:
            return ""
        name, rest = basename(texts[0]), texts[1:]
        if name in _MANAGERS and (script := _script_of(name, rest)):
            written = self._script(script)
            return self.program(list(written.split()), deep - 1) if written else ""
        if name not in _RUNTIMES:
            return ""
        file = _file_of(name, rest)
        layout = self._programs.layout(self._image, self._last)
        if not file or layout is None:
            return ""
        return self.find(self._last, join(layout.folder, file), set(self._programs.listening))

    def _script(self, name: str) -> str:
        """A script of the package.json that lies where the command runs; "" where it is not there."""
        layout = self._programs.layout(self._image, self._last)
        if layout is None:
            return ""
        path = self.find(self._last, join(layout.folder, "package.json"), set(self._programs.packages))
        package = self._programs.packages.get(path)
        found = package.script(name) if package else None
        return found.text if found else ""

    def find(self, index: int, path: str, known: set[str], deep: int = _DEEP) -> str:
        """The known file of the repository that lies at a path of a stage."""
        self._looks += 1
        layout = self._programs.layout(self._image, index) if deep and self._looks < _LOOKS else None
        if layout is None:
            return ""
        path = normpath(path)
        for copy in reversed(layout.copies):
            for each in (path, *_sources_of(path)) if copy.stage is None else (path,):
                for source in _back(copy, each):
                    if copy.stage is None:
                        found = normpath(join(self._context, source.lstrip("/")))
                        if found in known:
                            return found
                    elif found := self.find(copy.stage, join("/", source), known, deep - 1):
                        return found
        return ""


def _script_of(manager: str, rest: list[str]) -> str:
    """The script that npm or its kin are asked for; "" for anything else."""
    if rest[0] == "start" and len(rest) == 1:
        return "start"
    if rest[0] == "run" and len(rest) == 2:
        return rest[1]
    plain = manager in ("yarn", "pnpm") and len(rest) == 1 and not rest[0].startswith("-")
    return rest[0] if plain else ""


def _file_of(runtime: str, rest: list[str]) -> str:
    """The file that a runtime is handed."""
    before = ""
    for text in rest:
        if runtime.startswith("python") and before == "-m":
            return text.replace(".", "/") + ".py"
        if not text.startswith("-") and before not in _VALUED and text not in ("run", "watch"):
            return text
        before = text
    return ""


def _layout(programs: Programs, image: Image, stage: Stage) -> _Layout | None:
    folder, copies = "/", []
    if stage.base.stage is not None and stage.base.stage < stage.index:
        below = programs.layout(image, stage.base.stage)
        if below is None:
            return None
        folder, copies = below.folder, list(below.copies)
    for each in stage.instructions:
        if each.onbuild:
            continue
        if each.keyword == "WORKDIR" and each.values:
            if each.values[0].value is None:
                return None
            folder = normpath(join(folder, each.values[0].value))
        elif each.keyword in ("COPY", "ADD") and len(each.values) > 1 and each.values[-1].value is not None:
            written = each.flag("from")
            named = _stage_of(image, stage, written.value) if written else None
            if written and named is None:
                continue
            target = join(folder, each.values[-1].value)
            copies += [_Copy(one.value, target, named) for one in each.values[:-1] if one.value]
    return _Layout(folder, tuple(copies))


def _stage_of(image: Image, stage: Stage, name: str) -> int | None:
    """The earlier stage that a `--from` names; None for an image of somebody else."""
    earlier = [each for each in image.stages[: stage.index] if name.lower() in (each.name, str(each.index))]
    return earlier[-1].index if earlier and name else None


def _sources_of(path: str) -> Iterator[str]:
    """What may have been compiled into a file."""
    for found in _BUILT.finditer(path):
        for folder in ("/src", ""):
            for suffix in (".ts", ".mts", ".js"):
                yield path[: found.start()] + folder + _SUFFIX.sub(suffix, path[found.end() :], count=1)
    if not re.search(r"\.\w+\Z", path):
        yield f"{path}.js"


def _back(copy: _Copy, path: str) -> Iterator[str]:
    """Where a path of the image comes from, by one COPY: as the file itself, or out of a folder."""
    target = normpath(copy.target)
    if path == target and not copy.target.endswith("/"):
        yield copy.source
    inside = path.removeprefix("/" if target == "/" else f"{target}/")
    if inside == path:
        return
    if any(sign in copy.source for sign in "*?["):
        if fnmatch(inside, basename(copy.source)):
            yield join(dirname(copy.source), inside)
        return
    if inside == basename(copy.source):
        yield copy.source
    yield join(copy.source, inside)
