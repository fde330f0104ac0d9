"""What a compose file is for: told by its name, then its folders, then what its services do.

No policy is asked: these are conventions that any team's files follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from runcrew_lint.domains.containers.project import Purpose, Service
from runcrew_lint.domains.containers.stores import short_name, store_of
from runcrew_lint.patterns import lazily

_WORDS = {
    Purpose.PRODUCTION: "prod production prd deploy deployment release staging stage stg swarm selfhost",
    Purpose.TEST: "test tests testing regtest dredd ci e2e integration cypress playwright suite suites",
    Purpose.DEVELOPMENT: "dev develop development devcontainer local localhost debug sandbox tilt",
}
_PURPOSES = {word: purpose for purpose, words in _WORDS.items() for word in words.split()}
_TOKENS = lazily(r"[a-z0-9]+")

_RELOADS = lazily(
    r"--reload\b|\brunserver\b|\bnodemon\b|\bdebugpy\b|\bflask\b.*--debug\b|\b(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?"
    r"(?:dev|watch|start:dev)\b|\bvite(?:\s+dev)?\s*\Z|\bnext\s+dev\b|\bexpo\s+start\b|\bsleep\s+infinity\b|\bstart-dev\b"
)
_MODES = frozenset(
    {
        "NODE_ENV",
        "APP_ENV",
        "ENV",
        "ENVIRONMENT",
        "FLASK_ENV",
        "RAILS_ENV",
        "FASTAPI_ENV",
        "DJANGO_ENV",
        "STAGE",
    }
)
_MODE_WORDS = {
    "development": Purpose.DEVELOPMENT,
    "dev": Purpose.DEVELOPMENT,
    "local": Purpose.DEVELOPMENT,
    "test": Purpose.TEST,
    "testing": Purpose.TEST,
    "ci": Purpose.TEST,
    "production": Purpose.PRODUCTION,
    "prod": Purpose.PRODUCTION,
    "staging": Purpose.PRODUCTION,
}
_DEBUG = frozenset({"DEBUG", "FLASK_DEBUG", "DJANGO_DEBUG", "APP_DEBUG"})

# What developers run beside the application: mail catchers, consoles, stand-ins for cloud services.
_DEVELOPERS_TOOLS = """
    mailhog mailpit mailcatcher maildev inbucket smtp4dev adminer pgadmin4 pgweb phpmyadmin mongo-express
    redis-commander redisinsight localstack minio mc jaeger all-in-one zipkin selenium standalone-chrome
    azurite elasticmq moto fake-gcs-server stripe-mock stripe-cli kibana zookeeper kafka cp-kafka redpanda
    smocker wiremock minio-client prometheus grafana
"""
_TOOLS = frozenset(_DEVELOPERS_TOOLS.split())
# What a name calls a stand-in: tinybird-local, firebase-emulator.
_STAND_IN = lazily(r"(?:.*[-_])?(?:local|emulator|mock|fake|stub)\Z")


def purpose_of(path: str, services: Iterable[Service], *, among_modules: bool) -> tuple[Purpose, str]:
    """A file's purpose and the evidence for it, in words.

    Arguments:
        among_modules: whether it lies beside the code of a Python package.
    """
    for step in reversed(path.split("/")):
        found = by_words(step)
        if found:
            return found, f"its path says {step}"
    run = tuple(services)
    if among_modules and not any(each.build for each in run):
        return Purpose.DEVELOPMENT, "it lies among a package's modules, and builds nothing"
    return by_content(run)


def by_path(path: str) -> Purpose:
    """The purpose that a path tells: its file name, or else the nearest folder that says one."""
    found = (by_words(step) for step in reversed(path.split("/")))
    return next((each for each in found if each), Purpose.UNCLEAR)


def by_words(text: str) -> Purpose | None:
    """The purpose that a name's words tell; None where they tell none, or several.

    Compose reads an `override` file unasked, so one without another word is a developer's.
    """
    words = _TOKENS.findall(text.lower())
    found = {_PURPOSES[word] for word in words if word in _PURPOSES}
    if not found and "override" in words:
        return Purpose.DEVELOPMENT
    return found.pop() if len(found) == 1 else None


def by_content(services: tuple[Service, ...]) -> tuple[Purpose, str]:
    """The purpose that the services show, where they don't contradict each other."""
    signs: dict[Purpose, str] = {}
    for service in services:
        for purpose, evidence in _signs(service):
            signs.setdefault(purpose, evidence)
    if len(signs) == 1:
        return signs.popitem()
    if (
        not signs
        and services
        and all(store_of(service) or _is_a_tool(short_name(service)) for service in services)
    ):
        return Purpose.DEVELOPMENT, "it runs only what an application needs beside itself"
    return Purpose.UNCLEAR, ""


def _is_a_tool(name: str) -> bool:
    return name in _TOOLS or _STAND_IN.match(name) is not None


def _signs(service: Service) -> Iterable[tuple[Purpose, str]]:
    command = " ".join(word or "" for word in service.command.words) if service.command else ""
    if _RELOADS.search(command):
        yield Purpose.DEVELOPMENT, f"{service.name} runs a development command"
    if service.watched:
        yield Purpose.DEVELOPMENT, f"{service.name} is watched for changes"
    if service.build and any(_is_source(mount.source) and mount.kind == "bind" for mount in service.volumes):
        yield Purpose.DEVELOPMENT, f"{service.name} mounts its source"
    for variable in service.environment:
        value = (variable.value.value or "").lower() if variable.value else ""
        if variable.name in _MODES and value in _MODE_WORDS:
            yield _MODE_WORDS[value], f"{service.name} has {variable.name}={value}"
        if variable.name in _DEBUG and value in ("1", "true"):
            yield Purpose.DEVELOPMENT, f"{service.name} has {variable.name}={value}"


def _is_source(source: str) -> bool:
    """Whether a bind mount's source may be code: a relative folder, not one file of configuration."""
    if not re.match(r"\.{1,2}(?:/|\Z)", source):
        return False
    last = source.rstrip("/").rpartition("/")[2]
    return not re.search(r".\.\w{1,10}\Z|conf|data|log|cert|ssl|init|secret|upload|backup", last)
