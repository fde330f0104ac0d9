"""Where a policy's files are read from: the disk, an earlier commit, or a change that is judged."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol


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
    def __call__(self, file: Path) -> bytes | None:
        return file.read_bytes() if file.is_file() else None

    def below(self, folder: Path) -> Iterable[Path]:
        return folder.iterdir() if folder.is_dir() else ()


on_disk: Reads = _Disk()
