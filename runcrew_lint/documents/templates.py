"""Whether a file that does not read is a template of Helm, Jinja, Go or ERB, and not a broken document."""

from __future__ import annotations

from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

# GitHub's own `${{ }}` is part of the documents that it reads.
_MARK = lazily(r"(?<!\$)\{\{-?|\{%-?|<%")
_BELOW = 2  # lines: a parser may have lost its way before it stops
_RENDERED_BY_NOBODY = lazily(r"\.github/")


def is_template(source: Source, at: int) -> bool:
    """Whether a line about an offset has a mark that only what renders the file reads.

    What GitHub reads is never rendered before: a mark in it is a slip.
    """
    if _RENDERED_BY_NOBODY.match(source.path):
        return False
    line = source.position(min(at, len(source.text))).line
    numbers = range(max(line - 1, 1), min(line + _BELOW, len(source.line_starts)) + 1)
    return any(_MARK.search(source.line(number)) for number in numbers)
