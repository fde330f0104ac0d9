"""A Python text cut at its top-level statements, so that of a long module only what is asked for is parsed.

A cut is made before every line that begins at its very left with anything but a comment or a closing
bracket, outside of long strings. A part that then does not parse was cut wrongly: its reader parses the
whole.
"""

from __future__ import annotations

import re

from runcrew_lint.patterns import lazily

_LEFT = lazily(r"\n(?=[^\s#)\]}])")
_GOES_ON = lazily(r"(?:else|elif|except|finally)\b")
# What may stand in a line before a long string: no comment, and short strings as a whole.
_BEFORE = lazily(r"""(?:[^"'#\n]+|"(?!"")(?:\\.|[^"\\\n])*"|'(?!'')(?:\\.|[^'\\\n])*')*+""")
_CLOSED = {
    quote: re.compile(rf"(?:[^\\{quote[0]}]+|\\.|{quote[0]}(?!{quote[:2]}))*+{quote}", re.DOTALL)
    for quote in ('"""', "'''")
}


def cuts(text: str) -> list[int]:
    """The offsets where a top-level statement begins; [0] alone where the text had better be read whole.

    A decorator begins what it decorates, and `else` and its like go on with what is before them.
    """
    long_strings = _long_strings(text)
    if long_strings is None or "\r" in text or "\f" in text:
        return [0]
    found = [0]
    within = iter([*long_strings, (len(text), len(text))])
    opened, closed = next(within)
    decorated = text.startswith("@")
    for left in _LEFT.finditer(text):
        at = left.end()
        while closed <= at:
            if closed == len(text):
                break
            opened, closed = next(within)
        if opened < at < closed or text[at - 2 : at - 1] == "\\" or _GOES_ON.match(text, at):
            continue
        if not decorated:
            found.append(at)
        decorated = text[at] == "@"
    return found


def _long_strings(text: str) -> list[tuple[int, int]] | None:
    """The triple-quoted strings; None where that can't be told line by line."""
    found: list[tuple[int, int]] = []
    at, last = 0, len(text)
    double = single = -1
    while True:
        if double < at:
            double = text.find('"""', at)
            double = double if double >= 0 else last
        if single < at:
            single = text.find("'''", at)
            single = single if single >= 0 else last
        opened = min(double, single)
        if opened == last:
            return found
        before = _BEFORE.match(text, max(text.rfind("\n", 0, opened) + 1, at))
        reached = before.end() if before else opened
        if reached == opened:
            close = _CLOSED[text[opened : opened + 3]].match(text, opened + 3)
            if close is None:
                return None
            at = close.end()
            found.append((opened, at))
        elif reached > opened:
            at = reached
        elif text[reached] == "#":
            at = text.find("\n", reached)
            if at < 0:
                return found
        else:
            return None
