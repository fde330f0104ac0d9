"""Which files nginx loads as one configuration."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Iterable
from itertools import pairwise

from runcrew_lint.domains.nginx.facts import NginxConfig
from runcrew_lint.domains.nginx.includes import candidates
from runcrew_lint.patterns import lazily

# Folders that nginx and its images load whole.
_WHOLE = frozenset({"conf.d", "http.d", "sites-enabled", "sites-available"})
_WILD = lazily(r"[*?\[]")


def together(configs: Iterable[NginxConfig]) -> list[tuple[NginxConfig, ...]]:
    """The configurations in groups: by an include's pattern, by an included server, by a folder.

    Files that merely lie beside each other are not taken for one: nginx.dev.conf and nginx.prod.conf
    never meet.
    """
    configs = tuple(configs)
    leader = {config.path: config.path for config in configs}

    def find(path: str) -> str:
        while leader[path] != path:
            leader[path] = path = leader[leader[path]]
        return path

    def join(paths: Iterable[str]) -> None:
        for one, other in pairwise(paths):
            leader[find(other)] = find(one)

    files = _Files(leader)
    for paths in files.by_folder.values():
        if posixpath.basename(posixpath.dirname(paths[0])) in _WHOLE:
            join(paths)
    for config in configs:
        join((config.path, *({server.place.path for server in config.servers} & leader.keys())))
        named = (each for pattern in config.includes for each in candidates(config.path, pattern))
        for candidate in named:
            is_new = candidate not in files.named
            found = files.of(candidate)
            join((config.path, *(found if is_new else found[:1])))
    groups: dict[str, list[NginxConfig]] = {}
    for config in configs:
        groups.setdefault(find(config.path), []).append(config)
    return [tuple(group) for group in groups.values()]


class _Files:
    """Files by their folder, and those that a pattern of an include names, looked up once."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = tuple(paths)
        self.by_folder: dict[str, list[str]] = {}
        for path in self._paths:
            self.by_folder.setdefault(posixpath.dirname(path), []).append(path)
        self.named: dict[str, list[str]] = {}

    def of(self, candidate: str) -> list[str]:
        """The files that a pattern names: its stars stay within a folder."""
        if candidate not in self.named:
            folder = posixpath.dirname(candidate)
            there = self._paths if _WILD.search(folder) else self.by_folder.get(folder, ())
            deep = candidate.count("/")
            self.named[candidate] = [
                path for path in there if fnmatch.fnmatchcase(path, candidate) and path.count("/") == deep
            ]
        return self.named[candidate]
