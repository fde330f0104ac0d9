"""Mends of Dockerfiles: edits within one instruction."""

from __future__ import annotations

import re

from runcrew_lint.model.mend import Edit, Fix, MendRequest, Safety
from runcrew_lint.text import Source, Span

# What parts a word from the one before it: blanks, a continued line, the comma of a JSON array.
_GAP = re.compile(r"[ \t]*,?(?:[ \t]|[\\`][ \t]*\r?\n)*\Z")


def drop_word(request: MendRequest, source: Source) -> Fix | None:
    """Takes one word out of a command, in shell or exec form.

    Refused where the word does not stand at the place by itself: within a longer string, or first.

    Arguments of the request:
        word: the word as the command has it.
    """
    word = str(dict(request.arguments)["word"])
    start, end = request.place.span
    if source.text[start:end] not in (word, f'"{word}"'):
        return None
    gap = _GAP.search(source.text, source.offset(max(source.position(start).line - 1, 1)), start)
    if gap is None or not gap[0] or source.text[gap.start() - 1] == "\n":
        return None
    if source.text[start] == '"' and "," not in gap[0]:
        return None
    return Fix(f"drop {word}", Safety.SAFE, (Edit(source.path, Span(gap.start(), end), ""),))
