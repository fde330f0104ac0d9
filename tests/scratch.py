"""Temporary folders that go with their process, even if that is killed: then the next one takes them away."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import time

_OWNER = ".owner"
_BORN = 60  # s in which a folder that is made gets its owner
_FORGOTTEN = 24 * 3600  # s after which nobody is at work in a folder without one


@contextmanager
def scratch(prefix: str, parent: Path | None = None) -> Iterator[Path]:
    """A folder for a while."""
    folder, lock = claimed(prefix, parent)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def claimed(prefix: str, parent: Path | None = None) -> tuple[Path, int]:
    """A folder of this name's beginning, after those that dead processes have left there are gone.

    Its owner is whoever holds the lock of a file in it: the kernel lets go of that when he and all that he
    has forked are dead. It is handed on with the folder.
    """
    home = Path(parent or tempfile.gettempdir())
    for each in home.glob(f"{prefix}*"):
        if _is_left(each):
            shutil.rmtree(each, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=home))
    lock = os.open(folder / _OWNER, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return folder, lock


def _is_left(folder: Path) -> bool:
    """Whether its owner is dead."""
    age = 0.0  # another may take it away meanwhile
    try:
        age = time() - folder.lstat().st_mtime
        lock = os.open(folder / _OWNER, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return age > _FORGOTTEN
    except OSError:  # another user's, or no folder
        return False
    try:
        with suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return time() - os.fstat(lock).st_mtime > _BORN
    finally:
        os.close(lock)
    return False
