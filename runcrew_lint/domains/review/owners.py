"""CODEOWNERS to its lines. Source: docs.github.com, "About code owners"."""

from __future__ import annotations

import re

from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.review.facts import CodeOwners, Owners
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_LINE = lazily(r"^[ \t]*(?!#)((?:\\.|\S)+)([^\n#]*)", re.MULTILINE)


def read(source: Source, reading: Reading) -> CodeOwners:
    """The lines in order; sections of GitLab's ([Name]) are passed over."""
    del reading
    lines = [
        Owners(found[1].replace("\\", ""), tuple(found[2].split()), Span(found.start(1), found.end(1)))
        for found in _LINE.finditer(source.text)
        if not found[1].startswith(("[", "^["))
    ]
    end = len(source.text.rstrip())
    start = source.text.rfind("\n", 0, end) + 1
    return CodeOwners(source.path, tuple(lines), Span(start, end))
