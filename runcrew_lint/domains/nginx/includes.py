"""Includes that name a file of the repository are read in; the others stay, so that nobody guesses."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from runcrew_lint.documents import nginx
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.nginx.facts import Directive
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place, Source

MAX_DEPTH = 10
# Where nginx keeps its configuration on a server; an image copies a folder of the repository there.
_PREFIX = lazily(r"/(?:etc/nginx|usr/local/nginx/conf|usr/local/openresty/nginx/conf|opt/[^/]+/nginx)/")


class Includes:
    """Lifts directives, following includes; `patterns` collects those that a name alone doesn't settle."""

    def __init__(self, reading: Reading, path: str) -> None:
        self.reading, self.path = reading, path
        self.patterns: list[str] = []

    def lift(
        self, path: str, directives: tuple[nginx.Directive, ...], trail: tuple[str, ...] = ()
    ) -> tuple[Directive, ...]:
        """The directives of a file, with included ones in the place of their include."""
        return tuple(self._lifted(path, directives, trail))

    def _lifted(
        self, path: str, directives: tuple[nginx.Directive, ...], trail: tuple[str, ...]
    ) -> Iterator[Directive]:
        for directive in directives:
            arguments = tuple(word.value for word in directive.arguments)
            if directive.name == "include" and arguments:
                included = self._included(path, arguments[0], trail)
                if included is not None:
                    yield from included
                    continue
            block = self.lift(path, directive.block, trail) if directive.block else ()
            yield Directive(directive.name, arguments, Place(path, directive.span), block)

    def _included(self, path: str, pattern: str, trail: tuple[str, ...]) -> tuple[Directive, ...] | None:
        if "$" in pattern or re.search(r"[*?\[]", pattern):
            self.patterns.append(pattern)
            return None
        for candidate in candidates(path, pattern):
            if candidate in trail or candidate == path or len(trail) >= MAX_DEPTH:
                continue
            source = self.reading.consult(candidate)
            directives = _parsed(source) if source else None
            if directives is not None:
                return self.lift(candidate, directives, (*trail, path))
        return None


def _parsed(source: Source) -> tuple[nginx.Directive, ...] | None:
    try:
        return source.derive(nginx.parse)
    except Unreadable:
        return None


def candidates(path: str, pattern: str) -> Iterator[str]:
    """Where an included file may lie in the repository: from the including file's folder upwards."""
    prefix = _PREFIX.match(pattern)
    if prefix is None and pattern.startswith("/"):
        return
    relative = pattern[prefix.end() :] if prefix else pattern
    folder = posixpath.dirname(path)
    while True:
        yield posixpath.normpath(posixpath.join(folder, relative))
        if not folder:
            break
        folder = posixpath.dirname(folder)
    if prefix:
        yield posixpath.normpath(posixpath.join(posixpath.dirname(path), posixpath.basename(relative)))
