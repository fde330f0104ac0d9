"""The cache's SQLite file: whatever is wrong with it, nobody is told and nothing is lost but time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

# The name changes with the layout: another version's file is not touched.
FILE = "facts-1.sqlite3"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (
  key BLOB PRIMARY KEY, consulted TEXT, value TEXT, used INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (
  root BLOB, path BLOB, size INTEGER, modified INTEGER, changed INTEGER, inode INTEGER, digest BLOB,
  blank TEXT, used INTEGER, PRIMARY KEY (root, path)) WITHOUT ROWID;
"""
_PATIENCE = 2  # s; longer than any of our own writes takes
# Somebody else's lock, a full or a read-only disk: the file is as good as before. Every other error
# (garbage, another layout) will come again.
_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_INTERRUPT,
}


class Database:
    """A connection that may not be there; a file that will always fail is replaced by an empty one."""

    def __init__(self, folder: Path | None) -> None:
        self._file = folder / FILE if folder else None
        self._connection = self._open()

    @property
    def is_open(self) -> bool:
        """Whether anything that is stored will be kept."""
        return self._connection is not None

    def ask(self, act: Callable[[sqlite3.Connection], T]) -> T | None:
        """What `act` answers; None where there is no database, or where it fails."""
        if self._connection:
            try:
                return act(self._connection)
            except sqlite3.Error as error:
                self.close()
                self._connection = self._open() if self._removed(error) else None
        return None

    def close(self) -> None:
        """Lets go of the file; a transaction that is open is undone."""
        if self._connection:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection | None:
        if self._file is None:
            return None
        for _ in range(2):
            try:
                # What is read here may be private, so the folder is too.
                self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                connection = sqlite3.connect(self._file, timeout=_PATIENCE, isolation_level=None)
            except (sqlite3.Error, OSError):
                return None
            try:
                connection.executescript(_SCHEMA)
            except sqlite3.Error as error:
                connection.close()
                if not self._removed(error):
                    return None
            else:
                return connection
        return None

    def _removed(self, error: sqlite3.Error) -> bool:
        """Removes a file that will always fail; whether it did."""
        code = getattr(error, "sqlite_errorcode", None)
        if self._file is None or (code is not None and code & 0xFF in _PASSING):
            return False
        try:
            for name in (FILE, f"{FILE}-journal"):
                self._file.with_name(name).unlink(missing_ok=True)
        except OSError:
            return False
        return True
