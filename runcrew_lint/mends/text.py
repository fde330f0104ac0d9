"""Mends that need no grammar: a span replaced, a line added. The check knows what to write."""

from __future__ import annotations

from runcrew_lint.model.mend import Edit, Fix, MendRequest, Plain, Safety
from runcrew_lint.text import Source, Span


def replace(request: MendRequest, source: Source) -> Fix | None:
    """Replaces the request's place.

    Arguments of the request:
        title: what the fix does.
        text: what is written instead.
        was: what must stand there; anything else is a refusal (the text a fact was read from has moved).
        safety: `safe` or `unsafe`.
    """
    told = dict(request.arguments)
    span = request.place.span
    if source.text[span.start : span.end] != told["was"]:
        return None
    edit = Edit(source.path, span, str(told["text"]))
    return Fix(str(told["title"]), Safety(str(told["safety"])), (edit,))


def append_line(request: MendRequest, source: Source) -> Fix | None:
    """Adds one line at the end of a file that is a list of lines, such as .gitignore.

    Arguments of the request:
        title: what the fix does.
        line: the line without its end.
        safety: `safe` or `unsafe`.
    """
    told = dict(request.arguments)
    text, newline = source.text, line_end(source)
    gap = "" if not text or text.endswith(("\n", "\r")) else newline
    edit = Edit(source.path, Span(len(text), len(text)), f"{gap}{told['line']}{newline}", listed=not gap)
    return Fix(str(told["title"]), Safety(str(told["safety"])), (edit,))


def line_end(source: Source) -> str:
    """The file's own line end: that of its first line."""
    first = source.text.find("\n")
    return "\r\n" if first > 0 and source.text[first - 1] == "\r" else "\n"


def insert_item(request: MendRequest, source: Source) -> Fix | None:
    """Adds an item behind the one at the request's place: on a line of its own where that has one.

    Arguments of the request:
        title, safety: as in `replace`.
        text: the item, without a comma.
    """
    told = dict(request.arguments)
    text, span = source.text, request.place.span
    head = source.offset(source.position(span.start).line)
    line = text[head : span.start]
    indent = line[: len(line) - len(line.lstrip())]
    tail = text[span.end : text.find("\n", span.end) + 1 or len(text)]
    if tail.lstrip().startswith(",") and tail.strip().rstrip(",") == "":  # the comma ends its line
        at = span.end + tail.index(",") + 1
        return _inserted(told, source, at, f"{line_end(source)}{indent}{told['text']},")
    if tail.lstrip().startswith(","):
        at = span.end + tail.index(",") + 1
        ends = text[at:].lstrip(" ").startswith(("\n", "\r", "//", "#"))
        return (
            _inserted(told, source, at, f" {told['text']},")
            if not ends
            else _behind_comment(told, source, at, indent)
        )
    separator = f",{line_end(source)}{indent}" if not tail.strip() else ", "
    return _inserted(told, source, span.end, f"{separator}{told['text']}")


def _behind_comment(told: dict[str, Plain], source: Source, at: int, indent: str) -> Fix:
    end = source.text.find("\n", at)
    end = len(source.text) if end < 0 else end - (source.text[end - 1 : end] == "\r")
    return _inserted(told, source, end, f"{line_end(source)}{indent}{told['text']},")


def _inserted(told: dict[str, Plain], source: Source, at: int, text: str) -> Fix:
    edit = Edit(source.path, Span(at, at), text)
    return Fix(str(told["title"]), Safety(str(told["safety"])), (edit,))


def several(request: MendRequest, source: Source) -> Fix | None:
    """Replaces several spans of a file at once.

    Arguments of the request:
        title, safety: as in `replace`.
        edits: (start, end, was, text), in the file's characters; one that does not fit is a refusal of all.
    """
    told = dict(request.arguments)
    wanted = told["edits"]
    if not isinstance(wanted, tuple):
        return None
    edits = []
    for each in wanted:
        start, end, was, text = each if isinstance(each, tuple) else (0, 0, "?", "")
        if not isinstance(start, int) or not isinstance(end, int) or source.text[start:end] != was:
            return None
        edits.append(Edit(source.path, Span(start, end), str(text)))
    return Fix(str(told["title"]), Safety(str(told["safety"])), tuple(sorted(edits, key=lambda it: it.span)))
