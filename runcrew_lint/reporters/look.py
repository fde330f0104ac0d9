"""How text looks where it is shown: what a terminal makes of a character, and in which colour."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from runcrew_lint.patterns import lazily
from runcrew_lint.tuples import NamedTuple

Paint = Callable[[str, str], str]  # text and a style's name, to the text as the terminal shows it
STYLES = ("error", "warning", "info", "good", "strong", "related", "dim")

_TAB = "    "
_COMMAND = lazily(r"^(\s*)::(?!:)", re.MULTILINE)


def plain(text: str, _style: str) -> str:
    """No colour."""
    return text


class Look(NamedTuple):
    """How a report is shown; `width` is in terminal columns."""

    paint: Paint = plain
    width: int = 140


def visible(text: str) -> str:
    """Text that a terminal shows and does not obey.

    Controls, direction marks and other characters without a form are written out, as are spaces that
    only look like one; a tab is four columns wherever it stands.
    """
    return text if text.isprintable() else "".join(map(_shown, text))


def visible_lines(text: str) -> str:
    """The same for a text of several lines."""
    return "\n".join(map(visible, text.split("\n")))


def unheard(text: str) -> str:
    """Text in which the log of a GitHub job hears no command.

    It takes `##[name]` for one anywhere in a line, and `::name::` at its beginning (actions/runner,
    ActionCommand.cs).
    """
    if "##[" in text:
        text = text.replace("##[", r"#\x23[")
    return _COMMAND.sub(r"\1\\x3a:", text) if "::" in text else text


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    if character == "\t":
        return _TAB
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def columns(text: str) -> int:
    """How many terminal columns the visible text takes.

    Wide characters (Hangul, kana, ideographs, emoji) take two: East Asian Width W and F, Unicode
    Standard Annex 11. What joins the character before it takes none.
    """
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(map(_width, text))


def _width(character: str) -> int:
    if not character.isprintable():
        return len(_shown(character))
    if unicodedata.category(character) in ("Mn", "Me") or _is_joining_jamo(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _is_joining_jamo(character: str) -> bool:
    """The vowels and final consonants of a decomposed syllable, as macOS writes file names."""
    return "\u1160" <= character <= "\u11ff" or "\ud7b0" <= character <= "\ud7ff"
