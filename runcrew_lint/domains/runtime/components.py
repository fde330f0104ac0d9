"""The programs of a repository that people use: APIs, apps, web clients, each with its folder."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from runcrew_lint.domains.fact import Facts
from runcrew_lint.domains.runtime.facts import Dependency, Language, Manifest
from runcrew_lint.domains.runtime.serving import apis_of, is_aside
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple


class Part(StrEnum):
    """What a program is."""

    API = "API"
    APP = "app"
    WEB = "web client"
    SERVER = "server"
    FLUTTER = "Flutter app"


class Component(NamedTuple):
    """One program: where it says what it is, its folder, and the language that it is written in."""

    part: Part
    place: Place
    directory: str
    language: Language


_WEB = ("next", "react-dom", "vue", "@angular/core", "svelte", "nuxt", "preact")
_SERVER = ("@nestjs/core", "express", "fastify", "koa", "@hapi/hapi", "hono")


def components_of(repository: Facts) -> tuple[Component, ...]:
    """Every program that is told for certain; libraries, tests and examples are none."""
    found = [
        Component(Part.API, Place(api.file, api.app.span), _project(repository, api.file), Language.PYTHON)
        for api in apis_of(repository)
    ]
    for manifest in repository.facts(Manifest):
        if not is_aside(manifest.path):
            found += _of(repository, manifest)
    return tuple({(each.part, each.directory): each for each in reversed(found)}.values())


def _of(repository: Facts, manifest: Manifest) -> Iterator[Component]:
    def component(part: Part, because: Dependency, language: Language) -> Component:
        return Component(part, Place(manifest.path, because.span), manifest.directory, language)

    if manifest.path.endswith((".yaml", ".yml")):
        flutter = manifest.dependency("flutter")
        if flutter and _lies(repository, manifest.directory, "lib/main.dart"):
            yield component(Part.FLUTTER, flutter, Language.DART)
        return
    expo, web, server = (manifest.dependency(*names) for names in (("expo",), _WEB, _SERVER))
    if expo and manifest.has_app:
        yield component(Part.APP, expo, Language.SCRIPT)
    elif web and not manifest.dependency("react-native"):
        if any(_lies(repository, manifest.directory, each) for each in _PAGES):
            yield component(Part.WEB, web, Language.SCRIPT)
    elif server and not web and any(_lies(repository, manifest.directory, each) for each in _PROGRAMS):
        yield component(Part.SERVER, server, Language.SCRIPT)


_PROGRAMS = (
    "Dockerfile",
    *(f"{folder}{name}.{ending}" for folder in ("", "src/") for name in ("main", "server", "app")
      for ending in ("ts", "js", "mjs", "cjs")),
)  # fmt: skip
_PAGES = (
    *("index.html", "public/index.html", "src/app.html"),
    *("next.config.js", "next.config.mjs", "next.config.ts", "nuxt.config.ts"),
)


def _lies(repository: Facts, directory: str, name: str) -> bool:
    return (f"{directory}/{name}" if directory else name) in repository.worktree.paths


def _project(repository: Facts, path: str) -> str:
    """The folder of a Python program: the nearest above that holds a project's file."""
    folder = path.rpartition("/")[0]
    while folder:
        names = ("pyproject.toml", "requirements.txt", "setup.py", "Dockerfile", "poetry.lock", "uv.lock")
        if any(_lies(repository, folder, name) for name in names):
            return folder
        folder = folder.rpartition("/")[0]
    return ""
