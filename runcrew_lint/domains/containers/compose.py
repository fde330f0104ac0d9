"""A compose file as a ComposeProject: its services merged over what they stand on.

Source: docs.docker.com/reference/compose-file/merge and /services ("extends").
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping as Variables
from dataclasses import replace

from runcrew_lint.documents import yaml
from runcrew_lint.documents.tree import Mapping
from runcrew_lint.domains.containers.interpolation import variables_of
from runcrew_lint.domains.containers.layers import Layer, Lifter
from runcrew_lint.domains.containers.merge import over
from runcrew_lint.domains.containers.merge_keys import effective
from runcrew_lint.domains.containers.project import ComposeProject, Purpose, Service
from runcrew_lint.domains.containers.purpose import by_words, purpose_of
from runcrew_lint.domains.fact import Reading
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

MAX_EXTENDS = 20  # services that extend one another; a longer chain is a circle

_BASES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
_OVERRIDE = lazily(r"(.*compose)\.override(\.ya?ml)\Z")


def read(source: Source, reading: Reading) -> ComposeProject | None:
    """The project that a file makes, or None where it holds no services.

    A file stands on another where compose always reads the two together (`compose.override.yml`), or
    where a service of it has neither image nor build: then the base beside it is merged below.

    Errors:
        Unreadable where it is not YAML.
    """
    document = source.derive(yaml.parse)
    services = effective(document).get("services")
    if services is None or not isinstance(services.value, Mapping):
        return None
    files = _Files(reading, source.path)
    own = files.layers(source)
    merged = {name: files.extended(layer, own, source.path) for name, layer in own.items()}
    layers = [source.path]
    base = files.base(source.path, merged)
    if base is not None:
        below = files.layers(base)
        layers.insert(0, base.path)
        for name, layer in below.items():
            whole = files.extended(layer, below, base.path)
            merged[name] = over(whole, merged[name]) if name in merged else whole
    found = [layer.service for layer in merged.values()]
    beside = reading.consult(posixpath.join(posixpath.dirname(source.path), "__init__.py")) is not None
    purpose, evidence = purpose_of(source.path, found, among_modules=beside)
    return ComposeProject(
        source.path,
        tuple(layers),
        purpose,
        evidence,
        tuple(replace(service, purpose=_purpose(service, purpose)) for service in found),
    )


def _purpose(service: Service, project: Purpose) -> Purpose:
    """A service whose every profile says what it is for is for that alone.

    A developers' file that is merged over a base takes the base's profiles over, and stays theirs.
    """
    said = {by_words(profile) for profile in service.profiles}
    told = said.pop() if len(said) == 1 else None
    if told is Purpose.PRODUCTION and project in (Purpose.DEVELOPMENT, Purpose.TEST):
        return project
    return told or project


class _Files:
    """The files that one project consults; each is lifted once."""

    def __init__(self, reading: Reading, path: str) -> None:
        self.reading = reading
        self.folder = posixpath.dirname(path)
        self.lifted: dict[str, dict[str, Layer]] = {}
        self.variables = self._variables()

    def _variables(self) -> Variables[str, str]:
        source = self.reading.consult(posixpath.join(self.folder, ".env"))
        return variables_of(source.text) if source else {}

    def layers(self, source: Source) -> dict[str, Layer]:
        """The services that a file writes."""
        if source.path not in self.lifted:
            self.lifted[source.path] = Lifter(source, self.variables).layers(source.derive(yaml.parse))
        return self.lifted[source.path]

    def extended(self, layer: Layer, siblings: Variables[str, Layer], path: str, depth: int = 0) -> Layer:
        """A service over the one that it extends, which may lie in another file."""
        if layer.extends is None or depth > MAX_EXTENDS:
            return layer
        file, name = layer.extends
        if file:
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
            siblings = self._consulted(path)
        if name not in siblings:
            return layer
        below = self.extended(siblings[name], siblings, path, depth + 1)
        return over(below, layer)

    def _consulted(self, path: str) -> Variables[str, Layer]:
        source = self.reading.consult(path)
        try:
            return self.layers(source) if source else {}
        except Unreadable:
            return {}  # the file's own finding says it

    def base(self, path: str, merged: Variables[str, Layer]) -> Source | None:
        """The file that this one is merged over, or None where it stands alone."""
        name = posixpath.basename(path)
        override = _OVERRIDE.fullmatch(name)
        if override:
            candidates = [override[1] + override[2], *_BASES]
        elif all(_stands(layer) for layer in merged.values()):
            return None
        else:
            first = re.split(r"[.]", name)[0]
            stem = first if first.endswith("compose") else "compose"
            suffixes = (".base", ".common", ".shared")
            candidates = [
                *_BASES,
                *(f"{stem}{suffix}{end}" for suffix in suffixes for end in (".yml", ".yaml")),
            ]
        for candidate in candidates:
            if candidate != name:
                found = self.reading.consult(posixpath.join(self.folder, candidate))
                if found is not None and self._reads(found):
                    return found
        return None

    def _reads(self, source: Source) -> bool:
        try:
            return bool(self.layers(source))
        except Unreadable:
            return False


def _stands(layer: Layer) -> bool:
    return bool(layer.service.image or layer.service.build or layer.provided)
