"""The code blocks and the inline code of our Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_FENCED = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


class Block(NamedTuple):
    """One fenced block.

    Arguments:
        section: the heading that it stands under.
        language: as the fence names it; empty where it names none.
        named: the inline code since the block before, or since the heading.
    """

    section: str
    language: str
    text: str
    named: tuple[str, ...]

    @property
    def commands(self) -> tuple[str, ...]:
        """The lines of a shell block, without their comments."""
        lines = (re.sub(r"\s+#.*|^#.*", "", line).strip() for line in self.text.splitlines())
        return tuple(line for line in lines if line)


def blocks(document: Path) -> Iterator[Block]:
    """The fenced blocks of a document, in order."""
    text = document.read_text("utf-8")
    at, section = 0, ""
    for fence in _FENCED.finditer(text):
        for part in re.split(r"(?m)^(?=#+ )", text[at : fence.start()]):
            if heading := re.match(r"#+ (.*)", part):
                section = heading[1]
            before = part
        yield Block(section, fence["language"], fence["text"], tuple(_INLINE.findall(before)))
        at = fence.end()


def block(document: Path, section: str, language: str) -> Block:
    """The one block of a language under a heading."""
    (found,) = (each for each in blocks(document) if (each.section, each.language) == (section, language))
    return found


def inline(document: Path) -> Iterator[str]:
    """The inline code of a document."""
    yield from _INLINE.findall(_FENCED.sub("", document.read_text("utf-8")))
