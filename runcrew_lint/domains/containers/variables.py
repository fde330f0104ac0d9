"""What a Dockerfile's variables come to: known, unset, or unknown with the reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import field
from functools import lru_cache
from itertools import islice

from runcrew_lint.documents.parameters import BadWordError, Literal, Parameter, Part, parse
from runcrew_lint.frozen import frozen, mutable

# Set by the builder for each platform (docs.docker.com/reference/dockerfile, "Automatic platform ARGs in
# the global scope"), and the proxies it takes from the client.
BUILDER_ARGUMENTS = frozenset(
    f"{side}{what}" for side in ("BUILD", "TARGET") for what in ("PLATFORM", "OS", "ARCH", "VARIANT")
) | {"TARGETSTAGE"}
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
CLIENT_ARGUMENTS = frozenset(_PROXIES) | frozenset(name.lower() for name in _PROXIES)


MAX_LENGTH = 65_535  # characters that a word may come to: as much as a whole line may hold
MAX_CUT = 4_096  # characters of a value that a pattern is tried on
TOO_LONG = "it grows too long to be read"


@frozen
class Variable:
    """One name's state.

    `value` is None where it is unset or unknown; `unknown` says why it is unknown; `optional` means
    that a plain build leaves it unset and that a caller may set it.
    """

    value: str | None = None
    unknown: str = ""
    optional: bool = False


UNSET = Variable()


@mutable
class Result:
    """A word's text, or why it is unknown; `used` are the names that it was made of."""

    text: str | None
    unknown: str = ""
    used: list[str] = field(default_factory=list)


class _UnknownError(Exception):
    """A value that can't be known statically."""


class _RefusedError(_UnknownError):
    """What the builder refuses wherever it stands, in a word that is then left out, too."""


def resolve(word: str, lookup: Callable[[str], Variable], escape: str = "\\") -> Result:
    """What the builder makes of a word.

    `${X:-y}` with an ARG that has no default comes to y: that is what a plain build does.
    """
    used: list[str] = []
    if not ("$" in word or "'" in word or '"' in word or escape in word):
        return Result(word)
    try:
        parts = parse(word, escape)
    except BadWordError as error:
        return Result(None, f"`{word[:60]}` can't be read: {error}", used)
    text, unknown = join(parts, lookup, used)
    return Result(None if unknown else text, unknown, used)


def join(parts: tuple[Part, ...], lookup: Callable[[str], Variable], used: list[str]) -> tuple[str, str]:
    """The text of a word's parts, and why it is unknown; the names that were asked for go to `used`."""
    try:
        return _text(parts, lookup, used), ""
    except _UnknownError as error:
        return "", str(error)


def _text(parts: tuple[Part, ...], lookup: Callable[[str], Variable], used: list[str]) -> str:
    return _bounded(
        part.text if isinstance(part, Literal) else _parameter(part, lookup, used) for part in parts
    )


def _bounded(texts: Iterable[str]) -> str:
    """Texts as one, unless each has doubled the one before."""
    made, length = [], 0
    for text in texts:
        made.append(text)
        length += len(text)
        if length > MAX_LENGTH:
            raise _UnknownError(TOO_LONG)
    return "".join(made)


def _parameter(part: Parameter, lookup: Callable[[str], Variable], used: list[str]) -> str:
    variable = lookup(part.name)
    used.append(part.name)
    if variable.unknown:
        raise _UnknownError(variable.unknown)
    value, operator = variable.value, part.operator
    if value is None and variable.optional and operator not in ("-", ":-", "+", ":+"):
        raise _UnknownError(f"{part.name} has no default here")

    def word() -> str:
        return _text(part.word, lookup, used)

    absent = value is None or (operator.startswith(":") and value == "")
    if operator.endswith("-"):
        return word() if absent or value is None else _beside(part, lookup, value)
    if operator.endswith("+"):
        return _beside(part, lookup, "") if absent else word()
    if operator.endswith("?"):
        if absent or value is None:
            raise _RefusedError(f"{part.name} must be set: {word() or 'the build stops without it'}")
        return value
    value = value or ""
    if operator and len(value) > MAX_CUT:
        raise _UnknownError(TOO_LONG)
    if operator in ("#", "##", "%", "%%"):
        return _trimmed(value, word(), operator)
    if operator in ("/", "//"):
        to = _text(part.replacement, lookup, used)
        return _bounded(_replaced(value, _glob(word(), greedy=True), to, most=0 if operator == "//" else 1))
    return value


def _beside(part: Parameter, lookup: Callable[[str], Variable], value: str) -> str:
    """A value in whose place a word could stand: the builder expands that, too."""
    try:
        _text(part.word, lookup, [])
    except _RefusedError:
        raise
    except _UnknownError:
        pass
    return value


def _replaced(value: str, pattern: re.Pattern[str], to: str, most: int) -> Iterator[str]:
    """The pieces of a value whose matches are replaced, `most` of them or, for 0, all."""
    at = 0
    for found in islice(pattern.finditer(value), most or None):
        yield value[at : found.start()]
        yield to
        at = found.end()
    yield value[at:]


def _trimmed(value: str, pattern: str, operator: str) -> str:
    greedy = len(operator) == 2
    if operator[0] == "#":
        match = _glob(pattern, greedy).match(value)
        return value[match.end() :] if match else value
    ends = range(len(value) + 1) if greedy else range(len(value), -1, -1)
    whole = _glob(pattern, greedy=True)
    return next((value[:at] for at in ends if whole.fullmatch(value, at)), value)


@lru_cache(maxsize=64)
def _glob(pattern: str, greedy: bool) -> re.Pattern[str]:
    """A shell pattern as the builder takes it: `*`, `?` and a backslash, no brackets.

    What lies between two stars is looked for once, where it stands first: no later place could let more of
    the pattern match, and trying them all takes forever.
    """
    if len(pattern) > MAX_CUT:
        raise _UnknownError(TOO_LONG)
    pieces = [""]
    for part in re.findall(r"\\.|[*?]|[^*?\\]+|\\", pattern, re.DOTALL):
        if part == "*":
            pieces.append("")
        elif part == "?":
            pieces[-1] += "."
        elif part[0] == "\\":
            if part[1:] not in ("*", "?", "\\"):
                raise _RefusedError(f"`{part}` is no escape that a pattern may have")
            pieces[-1] += re.escape(part[1:])
        else:
            pieces[-1] += re.escape(part)
    made = pieces[0] + "".join(f"(?>.*?{each})" for each in pieces[1:-1])
    if len(pieces) > 1:
        made += f".*{'' if greedy else '?'}{pieces[-1]}"
    return re.compile(made, re.DOTALL)
