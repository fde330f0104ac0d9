"""Realises mend requests: each is a function of runcrew_lint.mends, given one file's text."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from importlib import import_module
from typing import Any

from runcrew_lint.engine.cache import Cache, key_of, repeated, tag_of
from runcrew_lint.engine.codec import codec_of
from runcrew_lint.engine.disk import Skipped
from runcrew_lint.engine.files import Files, decode
from runcrew_lint.engine.seen import Seen
from runcrew_lint.model.mend import Edit, Fix, MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

_LINE_END = lazily(r"\r?\n")


class Mender:
    """Answers the mend requests of one run; an answer rests on file and request alone, and is kept."""

    def __init__(self, files: Files, cache: Cache, seen: Seen, today: date | None = None) -> None:
        """`today` is what a fix is dated with that bears a date; one that repeats a secret is not kept."""
        self._files, self._cache, self._today = files, cache, today or date.today()
        self._seen = seen
        # Of the file whose turn it is: its tree goes when another's comes.
        self._source = Source("", "")
        self._is_exact, self._has_crlf = False, False

    def __call__(self, request: MendRequest) -> Fix | None:
        """The fix of a request, or None where the file can't be mended exactly."""
        if request.dated:
            request = replace(
                request, arguments=(*request.arguments, ("today", self._today.isoformat())), dated=False
            )
        if not self._cache.is_open:
            return self._realised(request)
        path = request.place.path
        digest = self._files.digest(path)
        if digest is None:
            return None
        key = key_of(path, tag_of("mend", 0, repr(request)), digest)
        row = self._cache.rows([key]).get(key)
        if row is not None:
            try:
                kept: Fix | None = codec_of(Fix).decode(row.value) if row.value is not None else None
                return kept
            except (TypeError, ValueError, LookupError):
                pass
        fix = self._realised(request)
        value = codec_of(Fix).encode(fix) if fix else None
        if fix is None or not repeated(self._seen.values(self._files.text(path)), value):
            self._cache.store(key, {}, value)
        return fix

    def _realised(self, request: MendRequest) -> Fix | None:
        if self._source.path != request.place.path:
            self._turn_to(request.place.path)
        if not self._is_exact:
            return None
        fix = realise(request, self._source)
        if fix and self._has_crlf:
            return replace(
                fix,
                edits=tuple(edit._replace(text=_LINE_END.sub("\r\n", edit.text)) for edit in fix.edits),
                creates=tuple(new._replace(text=_LINE_END.sub("\r\n", new.text)) for new in fix.creates),
            )
        return fix

    def _turn_to(self, path: str) -> None:
        self._source.forget()  # what was made of it may hold it, and no run looks for cycles
        try:
            text = text_of(self._files.content(path))
        except (OSError, Skipped):
            text = None
        self._is_exact = text is not None
        self._has_crlf = text is not None and "\r\n" in text and not re.search(r"(?<!\r)\n", text)
        self._source = Source(path, self._files.text(path).text if self._is_exact else "")


def realise(request: MendRequest, source: Source) -> Fix | None:
    """What the mend that a request names makes of a text."""
    module, _, name = request.name.rpartition(".")
    mend: Any = getattr(import_module(f"runcrew_lint.mends.{module}"), name)
    found: Callable[[MendRequest, Source], Fix | None] = mend
    return found(request, source)


def text_of(content: bytes) -> str | None:
    """The text of a file that can be written back byte for byte; None for UTF-16 and broken UTF-8."""
    text = decode(content)[0]
    return text if bytes_of(text, like=content) == content else None


def bytes_of(text: str, like: bytes) -> bytes:
    """A text as a file's content, with a byte order mark where the file had one."""
    return (codecs.BOM_UTF8 if like.startswith(codecs.BOM_UTF8) else b"") + text.encode()


def apply(text: str, fixes: list[Fix], path: str) -> tuple[str, list[Fix]]:
    """A text with as many of the fixes made as do not overlap, the first ones first, and those."""
    made: list[Fix] = []
    edits: list[Edit] = []
    for fix in fixes:
        taken = list(edits)
        for edit in fix.edits:
            if edit.path == path:
                if not fits(edit, taken, len(text)):
                    break
                taken.append(edit)
        else:
            made.append(fix)
            edits = taken
    return applied(text, edits), made


def applied(text: str, edits: Iterable[Edit]) -> str:
    """A text with edits that fit together."""
    pieces, at = [], 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        pieces += [text[at : edit.span.start], edit.text]
        at = edit.span.end
    return "".join([*pieces, text[at:]])


def fits(edit: Edit, taken: Iterable[Edit], length: int) -> bool:
    """Whether an edit lies in the text and shares no character and no place to insert with another."""
    start, end = edit.span
    return 0 <= start <= end <= length and not any(
        (edit.span == other.span and not (edit.listed and other.listed and edit != other))
        or (start < other.span.end and other.span.start < end)
        for other in taken
    )
