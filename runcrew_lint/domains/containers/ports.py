"""Published ports in short and long syntax.

Source: docs.docker.com/reference/compose-file/services, "ports".
"""

from __future__ import annotations

import re

from runcrew_lint.domains.containers.interpolation import HOLE
from runcrew_lint.domains.containers.project import Port
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place

# A variable whose name says that it holds a port stands for one; any other could hold an address too.
_NUMBER = rf"(?:\d+|{HOLE}\w*PORT\w*{HOLE})"
_RANGE = rf"{_NUMBER}(?:-{_NUMBER})?"
_SHORT = lazily(
    rf"(?:(?P<ip>\[[0-9a-fA-F:.]*\]|[\w.*-]*|{HOLE}\w*{HOLE}):)??(?:(?P<published>(?:{_RANGE})?):)?"
    rf"(?P<target>{_RANGE})(?:/(?P<protocol>\w+))?",
    re.IGNORECASE,
)


def short(text: str, written: str, place: Place) -> Port:
    """`[ip:][published:]target[/protocol]`, with holes for variables that are not known.

    Arguments:
        text: with variables replaced.
        written: as the file has it.
        place: where.
    """
    match = _SHORT.fullmatch(text)
    if match is None:
        return Port(None, "", 0, 0, "", written, place)
    ip = (match["ip"] or "").strip("[]")
    first, last = bounds(match["target"])
    protocol = (match["protocol"] or "tcp").lower()
    return Port(None if HOLE in ip else ip, match["published"] or "", first, last, protocol, written, place)


def bounds(text: str) -> tuple[int, int]:
    """A port or range as its first and last number; 0 and 0 where it is neither."""
    first, _, last = text.partition("-")
    if not first.isdigit() or not (last or first).isdigit():
        return 0, 0
    return int(first[:6]), int((last or first)[:6])
