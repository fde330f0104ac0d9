"""The pre-commit entry, in a file of its own or behind those that are there."""

from __future__ import annotations

import re

from runcrew_lint import __version__
from runcrew_lint.documents import yaml
from runcrew_lint.documents.tree import Mapping, Sequence, at, plain
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

FILE = ".pre-commit-config.yaml"
HOME = "https://github.com/runcrew/runcrew-lint"
_ENTRY = (f"- repo: {HOME}", f"  rev: v{__version__}", "  hooks:", "    - id: runcrew-lint")
_DASH = lazily(r"([ ]*)-[ ]")


class Unplaced(Exception):
    """There is no safe place for the entry, and why."""


def new_hooks() -> str:
    """A file with the one entry."""
    return "".join(f"{line}\n" for line in ("repos:", *(f"  {line}" for line in _ENTRY)))


def is_hooked(text: str) -> bool:
    """Whether the file runs the linter already, from whatever place."""
    return re.search(r"\bid:\s*['\"]?runcrew-lint(?:-fix)?\b", text) is not None


def with_hook(text: str) -> str:
    """The file with the entry as its last one; every other byte stays.

    Errors:
        Unplaced where the file can't be read, or its entries are not written one below the other.
    """
    source = Source(FILE, text)
    repos, end = _repos(source)
    if not isinstance(repos, Sequence) or not repos.items:
        raise Unplaced("it has no list of repos to add to")
    first = _DASH.match(source.line(source.position(repos.items[-1].span.start).line))
    if first is None:
        raise Unplaced("its repos stand on one line")
    newline = "\r\n" if "\r\n" in text else "\n"
    lead = "" if text[:end].endswith("\n") else newline
    entry = "".join(f"{first[1]}{line}{newline}" for line in _ENTRY)
    written = f"{text[:end]}{lead}{entry}{text[end:]}"
    before = plain(repos)
    after, _ = _repos(Source(FILE, written))
    if not isinstance(after, Sequence) or plain(after)[:-1] != before:
        raise Unplaced("it is written in a way that leaves no sure place")
    return written


def _repos(source: Source) -> tuple[object, int]:
    """The list, and the offset behind the line that its last word stands on."""
    try:
        document = source.derive(yaml.parse)
    except Unreadable as error:
        raise Unplaced(f"it does not read: {error.message}") from None
    repos = at(document, "repos") if isinstance(document, Mapping) else None
    if repos is None:
        return None, 0
    last = source.position(max(repos.span.start, repos.span.end - 1)).line
    starts = source.line_starts
    return repos, starts[last] if last < len(starts) else len(source.text)
