"""What a running server locks, rewrites and scans for a statement: measured, and rolled back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import psycopg

from tests.components.postgres import Server

ROWS = 300  # so many rows stand in each filled table: a scan reads them all
_RELATIONS = """
SELECT c.oid, c.relname, c.relkind::text, pg_relation_filenode(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'
"""
_LOCKS = "SELECT relation, mode FROM pg_locks WHERE pid = %s AND locktype = 'relation' AND granted"
_READ = "SELECT relname, coalesce(seq_tup_read, 0), coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
_RANK = (
    *("AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock", "ShareLock"),
    *("ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"),
)
_MODES = {
    name: "".join(f" {letter}" if letter.isupper() else letter for letter in name.removesuffix("Lock"))
    .strip()
    .upper()
    for name in _RANK
}
NEEDS_AUTOCOMMIT = "25001"


class Measured(NamedTuple):
    """What one statement did to the relations that were there before it, by name."""

    error: str
    locks: dict[str, str]
    indexes: frozenset[str]
    rewritten: frozenset[str]
    rebuilt: frozenset[str]
    dropped: frozenset[str]
    scanned: frozenset[str]


class Bench:
    """Two sessions on one database: one runs statements, the other looks at its locks."""

    def __init__(self, server: Server) -> None:
        database = server.new_database()
        self._runs = psycopg.connect(server.conninfo(database), autocommit=True)
        self._looks = psycopg.connect(server.conninfo(database), autocommit=True)
        self._execute("SET client_min_messages = error")

    def close(self) -> None:
        """End both sessions."""
        self._runs.close()
        self._looks.close()

    def _execute(self, sql: str) -> Any:
        return self._runs.execute(sql)

    def build(self, statements: Sequence[str]) -> None:
        """An empty schema public with what the statements make."""
        self._execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; RESET timezone")
        for sql in statements:
            self._execute(sql)

    def measure(self, sql: str) -> Measured:
        """Run a statement in a transaction, look, and roll it back."""
        before = {oid: rest for oid, *rest in self._looks.execute(_RELATIONS).fetchall()}
        self._execute("BEGIN")
        # Inside the transaction, in which what is pending from before is not flushed.
        counted = {name: (seq, index) for name, seq, index in self._execute(_READ).fetchall()}
        try:
            try:
                self._execute(sql)
            except psycopg.Error as error:
                return Measured(error.sqlstate or "?", {}, *(frozenset[str](),) * 5)
            held = self._looks.execute(_LOCKS, (self._runs.info.backend_pid,)).fetchall()
            after = {oid: rest for oid, *rest in self._execute(_RELATIONS).fetchall()}
            read = self._execute(_READ).fetchall()
        finally:
            self._execute("ROLLBACK")
        locks: dict[str, str] = {}
        for oid, mode in sorted(held, key=lambda each: _RANK.index(each[1])):
            if oid in before:
                locks[before[oid][0]] = _MODES[mode]
        nodes = {name: node for name, _, node in after.values()}
        changed = {name for name, _, node in before.values() if name in nodes and nodes[name] != node}
        indexes = frozenset(name for name, kind, _ in before.values() if kind in "iI")
        there = {name for name, _, _ in before.values()}
        return Measured(
            "",
            locks,
            indexes,
            frozenset(name for name, kind, _ in before.values() if name in changed and kind in "rm"),
            frozenset(changed & indexes),
            frozenset(there - set(nodes)),
            frozenset(
                name
                for name, seq, index in read
                if name in there
                and max(seq - counted.get(name, (0, 0))[0], index - counted.get(name, (0, 0))[1]) >= ROWS
            ),
        )
