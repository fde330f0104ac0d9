"""Variables in a compose file: `$X`, `${X:-d}` and the like, with the `.env` beside it.

Source: docs.docker.com/reference/compose-file/interpolation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from runcrew_lint.documents.parameters import MAX_DEPTH, BadWordError, Literal, Parameter, Part
from runcrew_lint.domains.containers.variables import Variable, join
from runcrew_lint.patterns import lazily

_NAME = lazily(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = lazily(r":?[-+?]|\}")
_LINE = lazily(r"\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*[=:]\s*(.*?)\s*\Z")

# Stands for the value of a variable that is not known: `\0NAME\0`.
HOLE = "\0"


def variables_of(text: str) -> dict[str, str]:
    """The names and values of a `.env` file, as far as they are literal."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None or line.lstrip().startswith("#"):
            continue
        value = match[2]
        if value[:1] in "\"'" and value[1:].find(value[:1]) >= 0 and value:
            value = value[1 : value.index(value[0], 1)]
        else:
            value = re.split(r"\s+#", value, maxsplit=1)[0]
        if "$" not in value:
            found[match[1]] = value
    return found


def interpolate(text: str, variables: Mapping[str, str]) -> tuple[str, str]:
    """The text as compose sees it, and why a part of it is unknown ("" where none is).

    A variable without a value and a default becomes `\\0NAME\\0`.
    """
    if "$" not in text:
        return text, ""
    used: list[str] = []

    def lookup(name: str) -> Variable:
        return Variable(variables.get(name), optional=True)

    try:
        parts = _Scanner(text).parts("", 0)
    except BadWordError as error:
        return f"{HOLE}{HOLE}", f"`{text[:60]}` can't be read: {error}"
    made, unknown = [], ""
    for part in parts:
        value, why = join((part,), lookup, used)
        made.append(f"{HOLE}{part.name if isinstance(part, Parameter) else ''}{HOLE}" if why else value)
        unknown = unknown or why
    return "".join(made), unknown


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def parts(self, stop: str, depth: int) -> tuple[Part, ...]:
        if depth > MAX_DEPTH:
            raise BadWordError(f"nested deeper than {MAX_DEPTH} levels")
        found: list[Part] = []
        text = self.text
        while self.at < len(text):
            start = self.at
            if stop and text[start] == stop:
                self.at += 1
                return tuple(found)
            if text[start] == "$":
                found.append(self._dollar(depth))
                continue
            ends = [end for mark in ("$", stop) if mark and (end := text.find(mark, start)) >= 0]
            self.at = min(ends, default=len(text))
            found.append(Literal(text[start : self.at], text[start : self.at]))
        if stop:
            raise BadWordError(f"missing {stop}")
        return tuple(found)

    def _dollar(self, depth: int) -> Part:
        text, start = self.text, self.at
        if text.startswith("$$", start):
            self.at += 2
            return Literal("$", "$$")
        braced = text.startswith("{", start + 1)
        name = _NAME.match(text, start + 1 + braced)
        if name is None:
            raise BadWordError("a `$` that begins no variable (write $$ for the sign itself)")
        self.at = name.end()
        if not braced:
            return Parameter(name[0], text[start : self.at])
        operator = _OPERATOR.match(text, self.at)
        if operator is None:
            raise BadWordError("missing }" if self.at >= len(text) else "unsupported modifier")
        self.at = operator.end()
        if operator[0] == "}":
            return Parameter(name[0], text[start : self.at])
        word = self.parts("}", depth + 1)
        return Parameter(name[0], text[start : self.at], operator[0], word)
