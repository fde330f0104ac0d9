"""Compose, workflows, Kubernetes, task definitions and eas.json: what YAML and JSON read and give."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.documents import json, yaml
from runcrew_lint.documents.tree import Mapping, Node, Scalar, Sequence, at, walk
from runcrew_lint.domains.environment.facts import EnvUse, Given, Read, Way
from runcrew_lint.domains.environment.known import is_known
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_COMPOSE = lazily(r"(?:.*/)?(?:[\w.-]+[._-])?(?:docker-)?compose[\w.-]*\.ya?ml\Z", re.IGNORECASE)
_WORKFLOW = lazily(r"(?:.*/)?\.github/(?:workflows/[^/]+|actions/.+)\.ya?ml\Z")
_EXPANSION = lazily(
    r"(?<!\$)\$(?:\$\$)*+(?:\{([A-Za-z_]\w{0,80})(:?[-?+])?|([A-Za-z_]\w{0,80}))"
)  # https://docs.docker.com/reference/compose-file/interpolation/
_ENV = lazily(r"env[\"']?\s*:")  # a container's
_PRODUCTION = lazily(r"prod|staging|deploy|release", re.IGNORECASE)
_TESTS = lazily(r"test|ci\b|e2e", re.IGNORECASE)
_COMMENT = lazily(r"(?:^|(?<=\s))#[^\n]*+")


def read(source: Source) -> EnvUse:
    """The document's variables; a YAML or JSON file of another kind has none.

    Errors:
        Unreadable where it does not parse.
    """
    path = source.path
    if _WORKFLOW.match(path):
        return _of_workflow(source, source.derive(yaml.parse))
    if _COMPOSE.match(path):
        return _of_compose(source, source.derive(yaml.parse))
    if path.endswith("eas.json"):
        return EnvUse(path, (), tuple(_of_eas(source.derive(json.parse_relaxed))))
    given: list[Given] = []
    if path.endswith(".json"):
        if "containerDefinitions" in source.text:
            given += _listed(source.derive(json.parse_relaxed), ("environment", "secrets"), "production")
    elif "apiVersion:" in source.text and "{{" not in source.text and _ENV.search(source.text):
        for root in source.derive(yaml.parse_all):
            given += _listed(root, ("env",), _environment(path) or "production")
    return EnvUse(path, (), tuple(given))


def _environment(path: str) -> str:
    if _PRODUCTION.search(path):
        return "production"
    return "test" if _TESTS.search(path) else ""


def _of_compose(source: Source, root: Node) -> EnvUse:
    """`${X}` is read from the shell and from `.env`; `environment` gives to the container."""
    text = _COMMENT.sub(lambda found: " " * len(found.group()), source.text)
    reads = []
    for found in _EXPANSION.finditer(text):
        group = 1 if found[1] else 3
        if not is_known(found[group]):
            mark = (found[2] or "?")[-1]
            reads.append(Read(found[group], Span(*found.span(group)), Way.COMPOSE, mark == "?"))
    environment = _environment(source.path) or "development"
    given = []
    services = at(root, "services")
    for service in services.entries if isinstance(services, Mapping) else ():
        for name, span, has_value in _pairs(at(service.value, "environment")):
            given.append(Given(name, span, Way.COMPOSE, environment))
            if not has_value and not is_known(name):
                reads.append(Read(name, span, Way.COMPOSE, True))
    return EnvUse(source.path, tuple(reads), tuple(given))


def _pairs(node: Node | None) -> Iterator[tuple[str, Span, bool]]:
    """The names under an `environment` or `env`, as a mapping or a list, and whether each has a value."""
    if isinstance(node, Mapping):
        for entry in node.entries:
            if isinstance(entry.value, Scalar) and entry.key.value != "<<":
                yield str(entry.key.value), entry.key.span, entry.value.value is not None
    elif isinstance(node, Sequence):
        for item in node.items:
            if isinstance(item, Scalar) and isinstance(item.value, str):
                name, equals, _ = item.value.partition("=")
                yield name, item.span, bool(equals)


def _of_workflow(source: Source, root: Node) -> EnvUse:
    given = [
        Given(name, span, Way.WORKFLOW, "")
        for node in walk(root)
        if isinstance(node, Mapping)
        for name, span, _ in _pairs(node.get("env"))
    ]
    return EnvUse(source.path, (), tuple(given))


def _of_eas(root: Node) -> Iterator[Given]:
    profiles = at(root, "build")
    for profile in profiles.entries if isinstance(profiles, Mapping) else ():
        for node in (profile.value, at(profile.value, "ios"), at(profile.value, "android")):
            for name, span, _ in _pairs(at(node, "env")):
                yield Given(name, span, Way.EAS, str(profile.key.value))


def _listed(root: Node, keys: tuple[str, ...], environment: str) -> Iterator[Given]:
    """Items with a `name`, under a container's `env`, `environment` or `secrets`."""
    for node in walk(root):
        for key in keys if isinstance(node, Mapping) else ():
            items = node.get(key) if isinstance(node, Mapping) else None
            for item in items.items if isinstance(items, Sequence) else ():
                name = at(item, "name")
                if isinstance(name, Scalar) and isinstance(name.value, str):
                    yield Given(name.value, name.span, Way.MANIFEST, environment)
