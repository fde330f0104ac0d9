"""Facts kept between runs, in the user's cache folder, as plain JSON rows in SQLite.

A fact's key is its path, kind, content, reader version and settings; beside it stand the digests of
the other files its reader consulted, absent ones included, and a row whose consulted files have
changed is a miss. A second table remembers what a file's content was when it had a certain size and
times, so that a warm run opens only what changed. Anything wrong with the database is a miss.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from runcrew_lint import __version__

_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (
  key BLOB PRIMARY KEY, consulted TEXT, value TEXT, used INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stats (
  root TEXT, path TEXT, size INTEGER, modified INTEGER, changed INTEGER, inode INTEGER, digest BLOB,
  PRIMARY KEY (root, path)) WITHOUT ROWID;
"""
# A file written within this time before it was looked at may change again within one tick of its
# clock: its times prove nothing yet (git's "racy" entries).
_RACY = 2_000_000_000  # ns
_KEEP = 30 * 24 * 3600  # s; rows that no run used for so long are dropped
_CHUNK = 500


class Stat(NamedTuple):
    """What the file system says of a file without opening it."""

    size: int
    modified: int
    changed: int
    inode: int


class Row(NamedTuple):
    """A stored fact: the digests of what its reader consulted, and its value as JSON data."""

    consulted: list[tuple[str, str | None]]
    value: Any


def digest_of(content: bytes) -> bytes:
    """A file's content as a key."""
    return hashlib.blake2b(content, digest_size=16).digest()


def key_of(path: str, kind: str, version: int, settings: str, content: bytes) -> bytes:
    """A fact's key; `content` is the file's digest."""
    said = f"{__version__}\0{path}\0{kind}\0{version}\0{settings}\0".encode("utf-8", "surrogateescape")
    return hashlib.blake2b(said + content, digest_size=16).digest()


class Cache:
    """The store of one run; without a folder it remembers nothing."""

    def __init__(self, folder: Path | None, root: Path) -> None:
        self._root = str(root.resolve())
        self._now = time.time_ns()
        self._facts: list[tuple[bytes, str, str, int]] = []
        self._used: list[bytes] = []
        self._stats: list[tuple[str, str, int, int, int, int, bytes]] = []
        self._known: dict[str, tuple[Stat, bytes]] = {}
        self._database = self._open(folder) if folder else None
        self._known = self._guarded(self._load_stats) or {}

    def _open(self, folder: Path) -> sqlite3.Connection | None:
        file = folder / "facts.sqlite3"
        for attempt in (1, 2):
            try:
                folder.mkdir(parents=True, exist_ok=True)
                database = sqlite3.connect(file, timeout=5, isolation_level=None)
                database.execute("PRAGMA journal_mode=WAL")
                database.execute("PRAGMA synchronous=NORMAL")
                database.executescript(_SCHEMA)
                return database
            except sqlite3.DatabaseError as error:
                broken = not isinstance(error, sqlite3.OperationalError)
                if attempt == 1 and broken:
                    self._remove(file)
                    continue
                return None
            except OSError:
                return None
        return None

    @staticmethod
    def _remove(file: Path) -> None:
        """A database that is none is of no use to anyone."""
        for part in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
            with suppress(OSError):
                part.unlink(missing_ok=True)

    def _guarded(self, act: Any, *arguments: Any) -> Any:
        """What `act` answers of the database; None, and no database from then on, when it fails."""
        if self._database is None:
            return None
        try:
            return act(self._database, *arguments)
        except (sqlite3.Error, ValueError, TypeError):
            self._database = None
            return None

    def _load_stats(self, database: sqlite3.Connection) -> dict[str, tuple[Stat, bytes]]:
        rows = database.execute(
            "SELECT path, size, modified, changed, inode, digest FROM stats WHERE root = ?", (self._root,)
        )
        return {row[0]: (Stat(*row[1:5]), row[5]) for row in rows}

    def digest(self, path: str, stat: Stat) -> bytes | None:
        """The content's digest, where a file of this very size and times was seen before."""
        known = self._known.get(path)
        return known[1] if known and known[0] == stat else None

    def remember(self, path: str, stat: Stat, digest: bytes) -> None:
        """Notes what a file's content is while it has this size and these times."""
        if max(stat.modified, stat.changed) < self._now - _RACY:
            self._stats.append((self._root, path, *stat, digest))

    def rows(self, keys: Iterable[bytes]) -> dict[bytes, Row]:
        """The stored facts of these keys."""
        return self._guarded(self._rows, list(keys)) or {}

    def _rows(self, database: sqlite3.Connection, keys: list[bytes]) -> dict[bytes, Row]:
        found: dict[bytes, Row] = {}
        for start in range(0, len(keys), _CHUNK):
            chunk = keys[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            query = f"SELECT key, consulted, value, used FROM facts WHERE key IN ({marks})"  # noqa: S608
            for key, consulted, value, used in database.execute(query, chunk):
                pairs = [(path, digest) for path, digest in json.loads(consulted)] if consulted else []
                found[key] = Row(pairs, json.loads(value))
                if self._now // 10**9 - used > _KEEP // 4:
                    self._used.append(key)
        return found

    def store(self, key: bytes, consulted: list[tuple[str, str | None]], value: Any) -> None:
        """Keeps one fact, written when the run ends."""
        self._facts.append(
            (key, json.dumps(consulted) if consulted else "", json.dumps(value), self._now // 10**9)
        )

    def close(self) -> None:
        """Writes what this run learnt; a store that can't be written is left alone."""
        self._guarded(self._write)
        if self._database:
            self._database.close()

    def _write(self, database: sqlite3.Connection) -> None:
        if not (self._facts or self._stats or self._used):
            return
        now = self._now // 10**9
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?)", self._facts)
        database.executemany("INSERT OR REPLACE INTO stats VALUES (?, ?, ?, ?, ?, ?, ?)", self._stats)
        database.executemany("UPDATE facts SET used = ? WHERE key = ?", [(now, key) for key in self._used])
        if self._facts:
            database.execute("DELETE FROM facts WHERE used < ?", (now - _KEEP,))
        database.execute("COMMIT")
