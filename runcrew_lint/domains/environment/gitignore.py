"""Reads the patterns of a .gitignore, for their places; what they match, git says itself."""

from __future__ import annotations

import re

from runcrew_lint.domains.environment.facts import IgnoreFile, IgnorePattern
from runcrew_lint.domains.fact import Reading
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_PATTERN = lazily(r"^(!?)([^\s#!](?:[^\r\n]*[^\s])?|\\[#!][^\r\n]*)[ \t]*\r?$", re.MULTILINE)


def read(source: Source, _reading: Reading) -> IgnoreFile:
    """The patterns in order; comments and blank lines are none (git's documentation, gitignore)."""
    patterns = (
        IgnorePattern(found[2], found[1] == "!", Span(found.start(1), found.end(2)))
        for found in _PATTERN.finditer(source.text)
    )
    return IgnoreFile(source.path, tuple(patterns))
