"""A .dockerignore file as its lines."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.containers.facts import DockerIgnore, IgnoreLine
from runcrew_lint.domains.containers.ignoring import cleaned
from runcrew_lint.domains.fact import Reading
from runcrew_lint.text import Source, Span


def read(source: Source, reading: Reading) -> DockerIgnore:
    """The patterns of a file, comments and empty lines left out."""
    return DockerIgnore(source.path, tuple(_lines(source)))


def _lines(source: Source) -> Iterator[IgnoreLine]:
    start = 0
    for line in source.text.splitlines(keepends=True):
        written = line.strip()
        at = start + len(line) - len(line.lstrip())
        start += len(line)
        if not written or line.startswith("#"):
            continue
        negated = written.startswith("!")
        pattern = written[1:].strip() if negated else written
        if pattern:
            yield IgnoreLine(cleaned(pattern), negated, Span(at, at + len(written)))
