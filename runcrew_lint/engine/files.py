"""Opens the files of a run, each at most once, within bounds."""

from __future__ import annotations

import codecs
import stat as modes
from collections.abc import Mapping
from pathlib import Path

from runcrew_lint.engine.cache import Cache, Stat, digest_of
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source

MAX_BYTES = 4 * 1024 * 1024  # a larger file is data, not something a team writes


class Skipped(Exception):
    """A file that is not read at all, and why."""


class Files:
    """The files of one repository, read on demand."""

    def __init__(self, root: Path, cache: Cache, overlay: Mapping[str, bytes] | None = None) -> None:
        """`overlay` holds contents that count instead of what lies on disk: mends not written yet."""
        self._root, self._cache = root, cache
        self._overlay = overlay or {}
        self._bytes: dict[str, bytes] = {}
        self._digests: dict[str, bytes | None] = {}
        self._sources: dict[str, Source] = {}

    def digest(self, path: str) -> bytes | None:
        """The content's digest, cached where the file looks untouched; None where it does not open."""
        if path not in self._digests:
            self._digests[path] = self._digest(path)
        return self._digests[path]

    def _digest(self, path: str) -> bytes | None:
        if path in self._overlay:
            return digest_of(self._overlay[path])
        try:
            stat = self._stat(path)
            known = self._cache.digest(path, stat)
            if known is not None:
                return known
            digest = digest_of(self.content(path))
        except (OSError, Skipped):
            return None
        self._cache.remember(path, stat, digest)
        return digest

    def _stat(self, path: str) -> Stat:
        status = (self._root / path).lstat()
        if not modes.S_ISREG(status.st_mode):
            raise Skipped("it is not a regular file")
        if status.st_size > MAX_BYTES:
            raise Skipped(f"it has {status.st_size:,} bytes, more than {MAX_BYTES:,}")
        return Stat(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)

    def content(self, path: str) -> bytes:
        """The file's bytes.

        Errors:
            OSError where it vanished or may not be read; Skipped where it is too large or no file.
        """
        if path in self._overlay:
            return self._overlay[path]
        if path not in self._bytes:
            self._stat(path)
            self._bytes[path] = (self._root / path).read_bytes()
        return self._bytes[path]

    def source(self, path: str) -> Source:
        """The file's text.

        Errors:
            OSError and Skipped as above; Unreadable where the bytes are no UTF-8.
        """
        if path not in self._sources:
            self._sources[path] = Source(path, decode(self.content(path)))
        return self._sources[path]


def decode(content: bytes) -> str:
    """Text of bytes: UTF-8, or UTF-16 where a byte order mark says so; the mark is dropped.

    Errors:
        Unreadable where the bytes are neither; Skipped where they are no text at all.
    """
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    if b"\0" in content[:8192]:
        raise Skipped("it is binary")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"line {line} is not UTF-8 (byte 0x{content[error.start]:02x})") from None
