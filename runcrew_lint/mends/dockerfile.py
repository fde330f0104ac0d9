"""Mends of Dockerfiles: edits within one instruction."""

from __future__ import annotations

from runcrew_lint.mends.text import line_end
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Safety
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_KEYWORD = lazily(r"[A-Za-z]+")
# What parts a word from the one before it: blanks, a continued line, the comma of a JSON array.
_GAP = lazily(r"[ \t]*,?(?:[ \t]|[\\`][ \t]*\r?\n)*\Z")


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


def keyword(request: MendRequest, source: Source) -> Fix | None:
    """Writes another keyword for the instruction at the request's place, in the letters of the old one.

    Arguments of the request:
        title: what the fix does.
        keyword: in capitals.
    """
    told = dict(request.arguments)
    start, end = request.place.span
    written = _KEYWORD.match(source.text, start, end)
    if written is None:
        return None
    word = str(told["keyword"])
    word = word.lower() if written[0].islower() else word
    return Fix(str(told["title"]), Safety.SAFE, (Edit(source.path, Span(start, written.end()), word),))


def maintainer(request: MendRequest, source: Source) -> Fix | None:
    """Writes a LABEL for the MAINTAINER at the request's place, which stands on one line.

    Arguments of the request:
        title: what the fix does.
        text: the instruction to write.
        name: the author as written.
    """
    told = dict(request.arguments)
    span = request.place.span
    written = source.text[span.start : span.end]
    if "\n" in written or not written.rstrip().endswith(str(told["name"])):
        return None
    return Fix(str(told["title"]), Safety.SAFE, (Edit(source.path, span, str(told["text"])),))


def install_first(request: MendRequest, source: Source) -> Fix | None:
    """Moves the RUN at the request's place before a COPY, with a COPY of its own for what it reads.

    Arguments of the request:
        copy: where the COPY begins that it is moved before.
        manifests: what the RUN reads, as COPY's sources.
    """
    told = dict(request.arguments)
    start, end = request.place.span
    at = told["copy"]
    if not isinstance(at, int) or at >= start:
        return None
    head, own = (source.offset(source.position(each).line) for each in (at, start))
    if source.text[head:at].strip() or source.text[own:start].strip():
        return None
    newline = line_end(source)
    behind = source.text.find("\n", end)
    behind = len(source.text) if behind < 0 else behind + 1
    if source.text[end:behind].strip():
        return None
    moved = f"COPY {told['manifests']} ./{newline}{source.text[start:end]}{newline}"
    edits = (Edit(source.path, Span(head, head), moved), Edit(source.path, Span(own, behind), ""))
    return Fix("installs before the code is copied", Safety.UNSAFE, edits)
