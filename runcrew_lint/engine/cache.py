"""Facts kept between runs, in the user's cache folder, as plain JSON rows in SQLite.

A fact's key is its path, kind, content, reader version and settings; beside it stand the digests of
the other files its reader consulted, absent ones included. A second table remembers what a file's
content was when it had a certain size and times, and which kinds found nothing in it, so that a warm
run opens only what changed. Anything wrong with the database is a miss, never an error.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from sqlite3 import Connection
from types import NoneType
from typing import Any

from runcrew_lint.digests import blake2b
from runcrew_lint.engine.database import Database
from runcrew_lint.engine.disk import Stat
from runcrew_lint.engine.edition import edition
from runcrew_lint.tuples import NamedTuple

# A file written within this time before it was looked at may change again within one tick of its
# clock: its times prove nothing yet (git's "racy" entries).
_RACY = 2_000_000_000  # ns
_DAY = 24 * 3600  # s
_KEEP = 30 * _DAY  # rows that no run used for so long are dropped
_REFRESH = 7 * _DAY  # how stale a row's last use may be before it is noted again
_CHUNK = 500  # keys a query; SQLite takes 32,766 at most, some builds 999
_TAGS = 20  # of one file; older ones belong to policies of long ago


class Row(NamedTuple):
    """A stored fact: the digests of what its reader consulted, and its value as JSON data.

    Arguments:
        is_stale: its last use was so long ago that it is noted again.
    """

    consulted: list[tuple[str, str | None]]
    value: Any
    is_stale: bool


class Known(NamedTuple):
    """What is known of one file's content; `blank` joins the tags of the kinds that found nothing."""

    path: bytes
    size: int
    modified: int
    changed: int
    inode: int
    digest: bytes
    blank: str
    used: int


class Learnt(NamedTuple):
    """What one process has learnt and not written."""

    facts: dict[bytes, tuple[str | None, str]]
    known: dict[str, Known]
    used: list[bytes]


def digest_of(content: bytes) -> bytes:
    """A file's content as a key."""
    return blake2b(content, digest_size=16).digest()


def tag_of(kind: str, version: int, settings: str) -> str:
    """What a reader's answer depends on beside the files: its kind, version, settings and our edition."""
    said = f"{edition()}\0{kind}\0{version}\0{settings}"
    return blake2b(said.encode(), digest_size=8).hexdigest()


def repeated(secrets: Iterable[str], *values: Any) -> bool:
    """Whether values that JSON can hold repeat a secret: no such thing is stored."""
    written = json.dumps(values, ensure_ascii=False) if secrets else ""
    return any(each in written or json.dumps(each, ensure_ascii=False)[1:-1] in written for each in secrets)


def key_of(path: str, tag: str, content: bytes) -> bytes:
    """A fact's key; `content` is the file's digest."""
    return blake2b(_encoded(f"{tag}{path}\0") + content, digest_size=16).digest()


class Cache:
    """The store of one run; without a folder it remembers nothing."""

    def __init__(self, folder: Path | None, root: Path, known: dict[str, Known] | None = None) -> None:
        """`known` are the files that earlier runs of this process knew, which need no second reading."""
        self._root = _encoded(str(root.resolve()))
        self._now = time.time_ns()
        self._seconds = self._now // 10**9
        self._facts: dict[bytes, tuple[str | None, str]] = {}
        self._used: list[bytes] = []
        self._touched: set[str] = set()
        self._database = Database(None if folder and _is_brought_along(folder, root) else folder)
        self._before = known if known is not None and self.is_open else {}

    @cached_property
    def _known(self) -> dict[str, Known]:
        """What is known of the files, read when one is first asked for: there is no fork before that."""
        if not self._before:
            self._before.update(self._database.ask(self._load) or {})
        return self._before

    @property
    def is_open(self) -> bool:
        """Whether anything that is stored will be kept."""
        return self._database.is_open

    def digest(self, path: str, stat: Stat) -> bytes | None:
        """The content's digest, where a file of this very size and times was seen before."""
        known = self._known.get(path)
        if known is None or known[1:5] != stat:
            return None
        if self._seconds - known.used > _REFRESH:
            self._learn(path, known, known.blank)
        return known.digest

    def is_past(self, changed: int) -> bool:
        """Whether files that changed at this time, in ns, or before would show a further change."""
        return changed < self._now - _RACY

    def remember(self, path: str, stat: Stat, digest: bytes) -> None:
        """Notes what a file's content is while it has this size and these times."""
        if self.is_past(max(stat.modified, stat.changed)):
            known = self._known.get(path)
            same = known is not None and known.digest == digest
            blank = known.blank if known and same else ""
            self._learn(path, Known(_encoded(path), *stat, digest, blank, 0), blank)

    def is_blank(self, path: str, digest: bytes, tag: str) -> bool:
        """Whether this content is known to hold no fact of the tag's kind."""
        known = self._known.get(path)
        return known is not None and known.digest == digest and tag in known.blank

    def mark_blank(self, path: str, digest: bytes, tag: str) -> None:
        """Notes that this content holds no fact of the tag's kind, whatever other files say."""
        known = self._known.get(path)
        if known and known.digest == digest and tag not in known.blank:
            self._learn(path, known, f"{known.blank} {tag}"[-_TAGS * (len(tag) + 1) :])

    def _learn(self, path: str, known: Known, blank: str) -> None:
        # As by _replace, whose price is felt where each file is learnt once for every kind.
        self._known[path] = Known(*known[:6], blank, self._seconds)
        self._touched.add(path)

    def rows(self, keys: Iterable[bytes]) -> dict[bytes, Row]:
        """The stored facts of these keys."""
        asked = list(keys)
        return self._database.ask(lambda database: dict(self._rows(database, asked))) or {}

    def _rows(self, database: Connection, keys: list[bytes]) -> Iterator[tuple[bytes, Row]]:
        for start in range(0, len(keys), _CHUNK):
            chunk = keys[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            query = f"SELECT key, consulted, value, used FROM facts WHERE key IN ({marks})"  # noqa: S608
            for key, consulted, value, used in database.execute(query, chunk):
                with suppress(ValueError, TypeError, RecursionError):  # such a row is a miss
                    stale = self._seconds - used > _REFRESH
                    row = Row(_pairs(json.loads(consulted)) if consulted else [], json.loads(value), stale)
                    if stale:
                        self._used.append(key)
                    yield key, row

    def store(self, key: bytes, consulted: Mapping[str, str | None], value: Any) -> None:
        """Keeps one fact, written when the run ends."""
        with suppress(ValueError, TypeError, RecursionError):  # what JSON can't hold is read each time
            said = json.dumps(list(consulted.items())) if consulted else None
            self._facts[key] = said, json.dumps(value, separators=(",", ":"))

    def forked(self) -> None:
        """Begins anew what is to be handed on: this process is a fork, and the store is another's."""
        self._facts.clear()
        self._touched.clear()
        self._used.clear()

    def learnt(self) -> Learnt:
        """What `join` of the process that keeps the store takes."""
        return Learnt(self._facts, {path: self._known[path] for path in self._touched}, self._used)

    def join(self, learnt: Learnt) -> None:
        """Takes over what a fork has learnt."""
        self._facts.update(learnt.facts)
        self._known.update(learnt.known)
        self._touched.update(learnt.known)
        self._used.extend(learnt.used)

    def close(self) -> None:
        """Writes what this run learnt; a store that can't be written is left alone."""
        if self._facts or self._touched or self._used:
            self._database.ask(self._write)
        self._database.close()

    def _load(self, database: Connection) -> dict[str, Known]:
        rows = database.execute(
            "SELECT path, size, modified, changed, inode, digest, blank, used FROM files WHERE root = ?"
            " AND typeof(path) = 'blob' AND typeof(digest) = 'blob' AND length(digest) = 16"
            " AND typeof(blank) = 'text' AND typeof(used) = 'integer'",
            (self._root,),
        )
        return {row[0].decode("utf-8", "surrogateescape"): tuple.__new__(Known, row) for row in rows}

    def _write(self, database: Connection) -> None:
        facts = [(key, *fact, self._seconds) for key, fact in self._facts.items()]
        files = [(self._root, *self._known[path]) for path in sorted(self._touched)]
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?)", facts)
        database.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", files)
        used = [(self._seconds, key) for key in self._used]
        database.executemany("UPDATE facts SET used = ? WHERE key = ?", used)
        (swept,) = database.execute("PRAGMA user_version").fetchone()  # the day of the last sweep
        if abs(self._seconds // _DAY - swept) * _DAY >= _REFRESH:
            database.execute("DELETE FROM facts WHERE used < ?", (self._seconds - _KEEP,))
            database.execute("DELETE FROM files WHERE used < ?", (self._seconds - _KEEP,))
            database.execute(f"PRAGMA user_version = {self._seconds // _DAY}")
        database.execute("COMMIT")


def _is_brought_along(folder: Path, root: Path) -> bool:
    """Whether a cache folder in the repository is its own, or might be: then it says what a stranger wants.

    One that a job keeps there between runs (GitLab's caches lie in the project) is nothing that git tracks.
    """
    top = root.resolve()
    named = Path(os.path.normpath(Path.cwd() / folder))
    real = folder.resolve()
    if not (named.is_relative_to(top) or real.is_relative_to(top)):
        return False
    if named.is_relative_to(top) and real != named:
        return True  # a link
    from runcrew_lint.engine import git  # few caches lie in what they are of

    try:
        told = git.asked(["ls-files", "-z", "--", real.relative_to(top).as_posix()], top)
    except git.GitMissing:
        return True
    return told.returncode != 0 or bool(told.stdout)


def _pairs(consulted: Any) -> list[tuple[str, str | None]]:
    pairs = [(path, digest) for path, digest in consulted]
    if not all(type(path) is str and type(digest) in (str, NoneType) for path, digest in pairs):
        raise TypeError("no list of paths and digests")
    return pairs


def _encoded(text: str) -> bytes:
    """A path need not be UTF-8, and SQLite's TEXT must."""
    return text.encode("utf-8", "surrogateescape")
