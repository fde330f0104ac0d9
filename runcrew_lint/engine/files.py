"""The contents and texts of a run, each file opened at most once."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from runcrew_lint.engine.cache import Cache, digest_of
from runcrew_lint.engine.disk import SNIFFED, Binary, Disk, Skipped, Stat
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

# What no text in a legacy encoding holds; a PDF without a NUL in its head does.
_CONTROL = lazily(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class Unopened(OSError):
    """What the file system says of a linted file that did not open, and no fault of whoever reads it."""


class Files:
    """The files of one repository, read on demand."""

    def __init__(
        self,
        root: Path,
        cache: Cache,
        overlay: Mapping[str, bytes] | None = None,
        stats: Mapping[str, Stat] | None = None,
    ) -> None:
        """What a run starts from.

        Arguments:
            overlay: contents that count instead of what lies on disk: mends not written yet.
            stats: what the listing has seen of the files, so that none is looked at twice.
        """
        self._disk, self._cache = Disk(root), cache
        self._overlay, self._stats = overlay or {}, stats or {}
        self.opened: set[str] = set()
        self._bytes: dict[str, bytes] = {}
        self._unchanged: dict[str, Stat] = {}  # what was read while the file stood still
        self._digests: dict[str, bytes | None] = {}
        self._sources: dict[str, tuple[Source, Unreadable | None]] = {}
        self._shared: set[str] = set()  # files that another file's reader asked for

    def digest(self, path: str) -> bytes | None:
        """The content's digest, remembered where the file looks untouched; None where it does not open."""
        if path not in self._digests:
            stat = self._stats.get(path)
            self._digests[path] = (
                self._cache.digest(path, stat) if stat and path not in self._overlay else None
            )
            if self._digests[path] is None:
                with suppress(OSError, Skipped):
                    self._digests[path] = self._digest(path)
        return self._digests[path]

    def _digest(self, path: str) -> bytes:
        digest = digest_of(self.content(path))
        if path in self._unchanged:
            self._cache.remember(path, self._unchanged[path], digest)
        return digest

    def content(self, path: str) -> bytes:
        """The file's bytes.

        Errors:
            Unopened where it vanished or may not be read; Skipped where it is too large or no file.
        """
        if path in self._overlay:
            return self._overlay[path]
        if path not in self._bytes:
            self.opened.add(path)
            try:
                self._bytes[path], stat = self._disk.read(path)
            except OSError as error:
                raise Unopened(error.errno, error.strerror) from None
            if stat:
                self._unchanged[path] = stat
        return self._bytes[path]

    def at_hand(self, path: str) -> bytes | None:
        """The file's bytes, where it was opened and not let go of since."""
        return self._bytes.get(path)

    def source(self, path: str) -> Source:
        """The file's text.

        Errors:
            Unopened and Skipped as above; Binary where it is no text; Unreadable, at the place, where
            the bytes are no UTF-8.
        """
        source, flaw = self._decoded(path)
        if flaw:
            raise flaw
        return source

    def consulted(self, path: str) -> Source:
        """The file's text for the reader of another one; what is made of it is kept for the next.

        Errors:
            as of `source`.
        """
        self._shared.add(path)
        return self.source(path)

    def release(self, path: str, *, whole: bool) -> None:
        """Lets go of what was made of a file, and with `whole` of the file: nobody will ask for it soon."""
        if path in self._shared:
            return
        if whole:
            self._bytes.pop(path, None)
            self._sources.pop(path, None)
        elif path in self._sources:
            self._sources[path][0].forget()

    def text(self, path: str) -> Source:
        """The file's text as far as it goes: what is no UTF-8 stands as U+FFFD.

        Errors:
            OSError, Skipped and Binary as above.
        """
        return self._decoded(path)[0]

    def line(self, path: str, offset: int) -> int:
        """The line of a character of the file, from 1.

        Errors:
            as of `text`.
        """
        return self.text(path).position(offset).line

    def _decoded(self, path: str) -> tuple[Source, Unreadable | None]:
        if path not in self._sources:
            text, flaw = decode(self.content(path))
            self._sources[path] = Source(path, text), flaw
        return self._sources[path]


def decode(content: bytes) -> tuple[str, Unreadable | None]:
    """Text of bytes, and where they are no UTF-8; a byte order mark, which may say UTF-16, is dropped.

    Errors:
        Binary where the bytes are no text at all.
    """
    if is_utf16(content):
        return content.decode("utf-16", "replace"), None
    if b"\0" in content[:SNIFFED]:
        raise Binary
    try:
        marked = content.startswith(codecs.BOM_UTF8)  # its own codec is Python's, and slower
        return content.decode("utf-8-sig" if marked else "utf-8"), None
    except UnicodeDecodeError as error:
        if _CONTROL.search(content):
            raise Binary from None
        before = content[: error.start].decode("utf-8-sig")
        line, byte = before.count("\n") + 1, content[error.start]
        flaw = Unreadable(f"line {line} is not UTF-8 (byte 0x{byte:02x})", Span(len(before), len(before) + 1))
        return content.decode("utf-8-sig", "replace"), flaw


def is_utf16(content: bytes) -> bool:
    """Whether a byte order mark says so."""
    return content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
