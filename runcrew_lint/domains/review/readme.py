"""README to its sections. Source: CommonMark, "ATX headings" and "Setext headings"."""

from __future__ import annotations

import re

from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.review.facts import Readme, Section
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_HEADING = lazily(r"^(#{1,6})[ \t]+([^\n]+)$|^([^\n#>\-=`].*)\n(=+|-+)[ \t]*$|^(?:```|~~~)", re.MULTILINE)
_COMPOSE = lazily(r"docker[ -]compose|podman[ -]compose|compose\.ya?ml")
_SAMPLE = lazily(r"\.env[\w.-]*|[\w-]+\.env\b")


def read(source: Source, reading: Reading) -> Readme:
    """The sections, each with all that stands below it, deeper ones included."""
    del reading
    found: list[tuple[int, str, Span]] = []
    fenced = False
    for each in _HEADING.finditer(source.text):
        if each[1] is None and each[3] is None:
            fenced = not fenced
        elif not fenced:
            level = len(each[1]) if each[1] else 1 if each[4][0] == "=" else 2
            found.append((level, (each[2] or each[3]).strip(" \t#"), Span(*each.span(2 if each[1] else 3))))
    sections = []
    for at, (level, title, span) in enumerate(found):
        end = next((other.start for deeper, _, other in found[at + 1 :] if deeper <= level), len(source.text))
        body = source.text[span.end : end]
        sections.append(Section(title, span, bool(_COMPOSE.search(body)), bool(_SAMPLE.search(body))))
    return Readme(source.path, tuple(sections))
