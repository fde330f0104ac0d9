"""Where a policy's files are read from: the disk, an earlier commit, or a change that is judged."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

MAX_BYTES = 4 * 1024 * 1024  # as of every file that is linted


class Reads(Protocol):
    """A tree of files."""

    def __call__(self, file: Path) -> bytes | None:
        """A file's bytes; None where there is none.

        Errors:
            OSError where it can't be read.
        """

    def below(self, folder: Path) -> Iterable[Path]:
        """The files that lie in a folder itself; none where there is no such folder."""


class _Disk:
    """Regular files; with `within`, those alone that lie in this folder once links are followed."""

    def __init__(self, within: Path | None = None) -> None:
        self._within = within

    def __call__(self, file: Path) -> bytes | None:
        if not os.path.lexists(file):
            return None
        if self._within and not file.resolve().is_relative_to(self._within):
            raise OSError("it leads out of the repository")
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            raise OSError("it is no regular file")
        if status.st_size > MAX_BYTES:
            raise OSError(f"it has {status.st_size:,} bytes, more than {MAX_BYTES:,}")
        return file.read_bytes()

    def below(self, folder: Path) -> Iterable[Path]:
        return folder.iterdir() if folder.is_dir() else ()


on_disk: Reads = _Disk()


def kept_by(root: Path) -> Reads:
    """The files on disk of the repository that `root` lies in: what it names elsewhere is not its own."""
    here = root.resolve()
    return _Disk(next((each for each in (here, *here.parents) if (each / ".git").exists()), here))
