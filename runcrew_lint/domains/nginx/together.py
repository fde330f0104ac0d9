"""Which files nginx loads as one configuration."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Iterable

from runcrew_lint.domains.nginx.facts import NginxConfig
from runcrew_lint.domains.nginx.includes import candidates

# Folders that nginx and its images load whole.
_WHOLE = frozenset({"conf.d", "http.d", "sites-enabled", "sites-available"})


def together(configs: Iterable[NginxConfig]) -> list[tuple[NginxConfig, ...]]:
    """The configurations in groups: by an include's pattern, by an included server, by a folder.

    Files that merely lie beside each other are not taken for one: nginx.dev.conf and nginx.prod.conf
    never meet.
    """
    configs = tuple(configs)
    leader = {config.path: config.path for config in configs}

    def find(path: str) -> str:
        while leader[path] != path:
            path = leader[path]
        return path

    for config in configs:
        for other in configs:
            if other is not config and _reads(config, other):
                leader[find(other.path)] = find(config.path)
    groups: dict[str, list[NginxConfig]] = {}
    for config in configs:
        groups.setdefault(find(config.path), []).append(config)
    return [tuple(group) for group in groups.values()]


def _reads(config: NginxConfig, other: NginxConfig) -> bool:
    if any(server.place.path == other.path for server in config.servers):
        return True
    folder = posixpath.dirname(config.path)
    if folder == posixpath.dirname(other.path) and posixpath.basename(folder) in _WHOLE:
        return True
    return any(
        fnmatch.fnmatchcase(other.path, candidate) and candidate.count("/") == other.path.count("/")
        for pattern in config.includes
        for candidate in candidates(config.path, pattern)
    )
