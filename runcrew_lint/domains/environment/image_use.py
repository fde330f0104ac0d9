"""Dockerfiles: what ENV gives, what ARG takes from the build, and which of both the file uses itself."""

from __future__ import annotations

import re

from runcrew_lint.domains.environment.facts import EnvUse, Given, Read, Way
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_LINE = lazily(r"^[ \t]*(?:ENV|ARG)[ \t]+((?:[^\n\\]|\\\r?\n|\\.){1,4000})", re.MULTILINE | re.IGNORECASE)
_PAIR = lazily(r"(?:^|(?<=\s))([A-Za-z_]\w{0,80})=")
_OLD = lazily(r"([A-Za-z_]\w{0,80})(?:[ \t]|\Z)")
_USED = lazily(r"(?<!\\)\$(?:\{([A-Za-z_]\w{0,80})|([A-Za-z_]\w{0,80}))")


def read(source: Source) -> EnvUse:
    """The names that the image sets; `ENV NAME value` is the older form.

    What the file sets and expands in another instruction is read there: EXPOSE ${APP_PORT}.
    """
    given = []
    for line in _LINE.finditer(source.text):
        pairs = list(_PAIR.finditer(line[1])) or [found for found in (_OLD.match(line[1]),) if found]
        for found in pairs:
            start = line.start(1) + found.start(1)
            given.append(Given(found[1], Span(start, start + len(found[1])), Way.IMAGE, ""))
    names = {each.name for each in given}
    used = (
        Read(name, Span(*found.span(found.lastindex or 0)), Way.IMAGE, is_open=False)
        for found in _USED.finditer(source.text)
        if (name := found[found.lastindex or 0]) in names
    )
    return EnvUse(source.path, tuple(used), tuple(given))
