"""The one place that opens or writes a linted file: a regular one, inside the root, behind no link."""

from __future__ import annotations

import os
import re
import stat as modes
from collections.abc import Iterator
from contextlib import suppress
from errno import EACCES
from pathlib import Path
from time import time

from runcrew_lint.patterns import lazily
from runcrew_lint.tuples import NamedTuple

MAX_BYTES = 4 * 1024 * 1024  # a larger file is data, not something a team writes
_NEW = 0o666  # the mode of a new file before the user's own mask
SNIFFED = 8192  # bytes in which a NUL says that a file is no text, as git judges
_FRESH = ".runcrew-lint-"
_FRESH_NAME = lazily(r"(?:.*/)?\.runcrew-lint-[0-9a-f]{16}", re.DOTALL)
_STALE = 60  # s after which nobody is at work on a file that takes a moment to write
_NO_NAMES = frozenset({"", ".", "..", ".git"})  # an index may list it, no work tree has it


class Skipped(Exception):
    """A file that is not read, and why."""


class Binary(Skipped):
    """A file that holds no text."""

    def __str__(self) -> str:
        return "it is binary"


class Stat(NamedTuple):
    """What the file system says of a file without opening it; times in ns."""

    size: int
    modified: int
    changed: int
    inode: int


def stat_of(status: os.stat_result) -> Stat:
    """The part of a status that changes when a file does."""
    inode = status.st_ino & 0x7FFF_FFFF_FFFF_FFFF  # SQLite's integers are signed
    return Stat(status.st_size, status.st_mtime_ns, status.st_ctime_ns, inode)


class Disk:
    """The files below one folder."""

    def __init__(self, root: Path) -> None:
        self._root = os.path.realpath(root)
        self._straight: dict[str, bool] = {}  # folder -> whether no part of its path is a link

    def status(self, path: str) -> os.stat_result:
        """What the file system says of the very thing at a POSIX path, be it a link.

        Errors:
            OSError where nothing is there.
        """
        return os.lstat(f"{self._root}/{path}")

    def read(self, path: str) -> tuple[bytes, Stat | None]:
        """A file's bytes, and its state if it did not change meanwhile.

        Errors:
            OSError where it vanished or may not be read; Skipped where it is no regular file, lies
            behind a link or is too large; Binary where it is too large and no text.
        """
        file = f"{self._root}/{path}"
        self._expect_straight(file.rpartition("/")[0])
        _expect_regular(os.lstat(file))
        # Whatever takes its place now is not followed, and a FIFO does not hold up the run.
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            opened = os.fstat(handle)
            _expect_regular(opened)
            before = stat_of(opened)
            if before.size > MAX_BYTES:
                if b"\0" in os.read(handle, SNIFFED):
                    raise Binary
                raise Skipped(f"it has {before.size:,} bytes, more than {MAX_BYTES:,}")
            content = os.read(handle, before.size + 1)  # no stream is built for what comes in one go
            while 0 < len(content) < before.size and (more := os.read(handle, before.size)):
                content += more
            unchanged = stat_of(os.fstat(handle)) == before and len(content) == before.size
        finally:
            os.close(handle)
        return content, before if unchanged else None

    def expect(self, path: str, old: bytes | None) -> None:
        """Looks whether a file still holds `old`, and may be written; for None, whether none is there.

        Errors:
            Skipped as above, and where something else is there by now; OSError where it can't be written.
        """
        file = f"{self._root}/{path}"
        if old is not None:
            if self.read(path)[0] != old:
                raise Skipped("it has changed since it was read")
            if not os.access(file, os.W_OK):
                raise PermissionError(EACCES, os.strerror(EACCES))
        else:
            self._expect_straight(file.rpartition("/")[0])
            if os.path.lexists(file):
                raise Skipped("something is there already")

    def unfinished(self, folder: str) -> Iterator[str]:
        """What looks like a file that a run was killed over, in one folder."""
        with suppress(OSError), os.scandir(f"{self._root}/{folder}") as entries:
            for each in entries:
                path = f"{folder}/{each.name}" if folder else each.name
                if is_unfinished(path) and each.is_file(follow_symlinks=False):
                    if time() - each.stat(follow_symlinks=False).st_mtime > _STALE:
                        yield path

    def remove(self, path: str) -> None:
        """Takes a file away, if none of the folders above it is a link."""
        with suppress(OSError, Skipped):
            self._expect_straight(f"{self._root}/{path}".rpartition("/")[0])
            Path(self._root, path).unlink()

    def replace(self, path: str, old: bytes | None, new: bytes) -> None:
        """Puts a new file in the place of one that still holds `old`, with its mode and owner, or where,
        for None, there is none.

        Killed at any moment, it leaves the old file or the new one, and at worst one beside it that
        `is_unfinished`.

        Errors:
            as of `expect`.
        """
        self.expect(path, old)
        file = Path(self._root, path)
        fresh = file.with_name(f"{_FRESH}{os.urandom(8).hex()}")  # its name is known before it is there
        try:
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with os.fdopen(handle, "wb") as stream:
                stream.write(new)
                stream.flush()
                os.fsync(handle)
            if old is None:
                fresh.chmod(_NEW & ~_umask())
                os.link(fresh, file)  # fails where something is there by now
                fresh.unlink()
            else:
                _dress(fresh, file.lstat())
                fresh.replace(file)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise

    def _expect_straight(self, folder: str) -> None:
        if not self._is_straight(folder):
            inside = folder.removeprefix(self._root).split("/")[1:]
            odd = "git keeps no file of such a path" if _NO_NAMES.intersection(inside) else ""
            raise Skipped(odd or "a folder above it is a link")

    def _is_straight(self, folder: str) -> bool:
        known = self._straight.get(folder)
        if known is None:
            above, _, name = folder.rpartition("/")
            known = folder == self._root or (
                name not in _NO_NAMES and self._is_straight(above) and not _is_link(folder)
            )
            self._straight[folder] = known
        return known


def is_unfinished(path: str) -> bool:
    """Whether a name is one that `Disk.replace` gives a file until it takes another one's place."""
    return _FRESH in path and _FRESH_NAME.fullmatch(path) is not None


def _expect_regular(status: os.stat_result) -> None:
    if not modes.S_ISREG(status.st_mode):
        raise Skipped("it is no regular file")


def _is_link(path: str) -> bool:
    try:
        return modes.S_ISLNK(os.lstat(path).st_mode)
    except OSError:  # what is not there leads nowhere
        return False


def _dress(file: Path, like: os.stat_result) -> None:
    """Gives a file another one's owner, as far as the system lets us, and its mode."""
    with suppress(OSError):
        os.chown(file, like.st_uid, like.st_gid)
    file.chmod(modes.S_IMODE(like.st_mode))


def _umask() -> int:
    """What the user keeps new files from being; there is no way to ask but to set it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
