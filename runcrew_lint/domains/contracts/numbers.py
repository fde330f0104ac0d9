"""Versions as the numbers they begin with, and whether a range takes one in.

Sources: the Python packaging guide, "Version specifiers" (PEP 440), npm's semver for Node's, and the names of
Node's lines (github.com/nodejs/Release).
"""

from __future__ import annotations

import re

from runcrew_lint.domains.eas.versions import range_of
from runcrew_lint.patterns import lazily
from runcrew_lint.text import number_of

Numbers = tuple[int, ...]
_NUMBERS = lazily(r"v?(\d+(?:\.\d+)*)(?![\d.]*\.?x)")
_CLAUSE = lazily(r"\s*(===|==|!=|<=|>=|<|>|~=)\s*v?(\d+(?:\.\d+)*)(\.\*)?\s*\Z")
# Node's long lines have names: `lts/iron` of nvm and setup-node, `iron-slim` of the image.
_LINES = {
    "argon": 4, "boron": 6, "carbon": 8, "dubnium": 10, "erbium": 12, "fermium": 14, "gallium": 16,
    "hydrogen": 18, "iron": 20, "jod": 22, "krypton": 24,
}  # fmt: skip
_LINE = lazily(r"\s*(?:lts/)?([a-z]+)(?![\w.])", re.IGNORECASE)
_CARET = lazily(r"\s*([\^~])\s*(\d+(?:\.\d+)*)\s*\Z")  # Poetry's own


def numbers(text: str) -> Numbers:
    """The numbers that a plain version begins with: (3, 11) of `3.11.4-slim`; none of `3.x` but its major."""
    found = re.match(r"\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?", text)
    if found is None:
        line = _LINE.match(text)
        return (_LINES[line[1].lower()],) if line and line[1].lower() in _LINES else ()
    return tuple(number_of(each) for each in found.groups() if each is not None)


def python_takes(said: str, version: Numbers) -> bool | None:
    """Whether `requires-python` takes a minor version in; None where only some of its patches, or where it
    does not read.
    """
    if len(version) < 2:
        return None
    answers = [
        _clause(each, version[:2]) for alternative in said.split("||")[:1] for each in alternative.split(",")
    ]
    if "||" in said or not answers:
        return None
    if False in answers:
        return False
    return None if None in answers else True


def _clause(text: str, minor: Numbers) -> bool | None:
    found = _CLAUSE.match(text)
    if found is None:
        return _caret(text, minor)
    sign, bound, star = found[1], tuple(number_of(each) for each in found[2].split(".")), found[3]
    short = bound[:2] if len(bound) > 1 else (*bound, 0)
    if sign == ">=":
        return minor >= short
    if sign == ">":
        return None if minor == short else minor > short  # 3.12.1 is more than 3.12
    if sign == "<":
        return minor < short or (None if minor == short and bound[2:] > (0,) else False)
    if sign == "<=":
        return minor < short or (None if minor == short else False)
    if sign == "~=":
        return minor >= short and minor[0] == bound[0] if len(bound) < 3 else minor == short
    same = minor[: min(len(bound), 2)] == bound[:2]
    if sign == "!=":
        return (not same) if star or not same else None
    return same if star or not same or len(bound) < 3 else None


def _caret(text: str, minor: Numbers) -> bool | None:
    found = _CARET.match(text)
    if found is None:
        return None
    bound = tuple(number_of(each) for each in found[2].split("."))
    short = bound[:2] if len(bound) > 1 else (*bound, 0)
    if found[1] == "~" and len(bound) > 1:
        return minor == short
    return minor >= short and minor[0] == bound[0]


def node_takes(said: str, version: Numbers) -> bool | None:
    """Whether `engines.node` takes a major version in, as a whole or in part; None where it does not read."""
    found = range_of(said)
    if found is None or not version:
        return None
    low, high = (version[0], 0, 0), (version[0] + 1, 0, 0)
    return any(start < high and (end is None or end > low) for start, end in found.spans)
