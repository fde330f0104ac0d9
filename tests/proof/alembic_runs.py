"""Real Alembic on a real server: what a history leaves, and what each of its statements locks and reads."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from psycopg.pq import TransactionStatus

from runcrew_lint.domains.migrations.facts import Operation
from runcrew_lint.domains.migrations.locks.predict import predict
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.domains.migrations.statements import read
from tests.components.postgres import Server
from tests.migrations.server_catalogue import Fact, facts

ROWS = 60
MODES = (
    *("AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock", "ShareLock"),
    *("ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"),
)
_NAMES = {name.replace("Lock", "").lower(): rank for rank, name in enumerate(MODES, 1)}
_HELD = """
SELECT n.nspname || '.' || c.relname, l.mode, pg_relation_filenode(c.oid)
FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE l.pid = %s AND l.granted AND c.relkind IN ('r', 'p')
"""
# As pg_stat_xact_user_tables has it, without the indexes of each.
_READ = """
SELECT n.nspname || '.' || c.relname, pg_stat_get_xact_tuples_returned(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname IN ('public', 'log')
"""
_NODES = """
SELECT n.nspname || '.' || c.relname, pg_relation_filenode(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname IN ('public', 'log')
"""
# What a replayed schema does not have, and a fix has to keep all the same.
_MORE = """
SELECT 'comment', (pg_identify_object(classoid, objoid, objsubid)).identity, description
FROM pg_description WHERE objoid >= 16384
UNION ALL SELECT 'sequence', schemaname || '.' || sequencename, data_type || ' ' || increment_by
FROM pg_sequences
UNION ALL SELECT 'not null', conrelid::regclass || '.' || conname, conkey::text
FROM pg_constraint WHERE contype = 'n' AND conrelid > 16384
UNION ALL SELECT 'view', schemaname || '.' || viewname, definition
FROM pg_views WHERE schemaname IN ('public', 'log')
"""
_ROWS = "SELECT 'rows', '{0}', md5(string_agg(to_jsonb(t)::text, ';' ORDER BY to_jsonb(t)::text)) FROM {0} t"


@dataclass
class Watched:
    """What an upgrade did to the tables that were there before it; ranks count from ACCESS SHARE, 1.

    Arguments:
        locks: the strongest lock on each.
        scanned: the strongest lock that each was held under as all its rows were read.
        rewritten: the tables that lie in another file than before.
    """

    locks: dict[str, int] = field(default_factory=dict)
    scanned: dict[str, int] = field(default_factory=dict)
    rewritten: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Outcome:
    """The catalogue before, after upgrade() and after downgrade(), and what the upgrade did."""

    before: Mapping[Fact, str]
    after: Mapping[Fact, str]
    back: Mapping[Fact, str]
    upgrade: Watched


class Runner:
    """One database, made anew for each history, and a second session that looks on."""

    def __init__(self, server: Server) -> None:
        self._server = server
        name = server.new_database()
        # One session for all: each new one has to build its caches.
        self._engine = sa.create_engine(
            server.url(name), poolclass=sa.pool.StaticPool, connect_args={"prepare_threshold": None}
        )
        self._looks = psycopg.connect(server.conninfo(name), autocommit=True)
        self._starts: dict[str, dict[Fact, str]] = {}

    def run(
        self, folder: Path, start: str, schema: Schema, *, head: str = "head", back: bool = True
    ) -> Outcome:
        """Make what there is at the first revision, upgrade to `head`, and with `back` go back again.

        Arguments:
            start: the SQL that does so; `ROWS` rows are in each table.
            schema: what the replay says of it.
        """
        self._looks.execute("DROP SCHEMA IF EXISTS log CASCADE; DROP SCHEMA public CASCADE")
        self._looks.execute("CREATE SCHEMA public; CREATE SCHEMA log")
        self._looks.execute(start.encode())
        before = self._starts.get(start) or self._starts.setdefault(start, self._catalogue())
        nodes: dict[str, Any] = dict(self._looks.execute(_NODES).fetchall())
        watched = Watched()
        self._alembic(folder, "upgrade", head, watched, schema, frozenset(nodes))
        after = self._catalogue()
        now: dict[str, Any] = dict(self._looks.execute(_NODES).fetchall())
        watched.rewritten = frozenset(name for name, node in nodes.items() if now.get(name, node) != node)
        if back:
            self._alembic(folder, "downgrade", "0001")
        return Outcome(before, after, self._catalogue(), watched)

    def close(self) -> None:
        """End the session and give up the engine."""
        self._looks.close()
        self._engine.dispose()

    def _catalogue(self) -> dict[Fact, str]:
        """The facts, and the rows of each table."""
        found = facts(self._looks)
        rows = [
            _ROWS.format(fact[1]) for fact, kind in found.items() if fact[0] == "table" and kind[0] in "rp"
        ]
        more = self._looks.execute(" UNION ALL ".join([_MORE, *rows]).encode())
        return found | {(sort, name): value for sort, name, value in more}

    def _alembic(
        self,
        folder: Path,
        name: str,
        revision: str,
        watched: Watched | None = None,
        schema: Schema | None = None,
        tables: frozenset[str] = frozenset(),
    ) -> None:
        config = Config()
        config.set_main_option("script_location", str(folder / "alembic"))
        config.set_main_option("path_separator", "os")
        bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        try:
            with self._engine.connect() as connection, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._as_new(connection)
                config.attributes["connection"] = connection
                if watched is not None and schema is not None:
                    self._watch(connection, watched, schema, tables)
                getattr(command, name)(config, revision)
        finally:
            sys.dont_write_bytecode = bytecode

    @staticmethod
    def _as_new(connection: sa.Connection) -> None:
        """Nothing is left of what an earlier run set in the session."""
        session: Any = connection.connection.driver_connection
        session.rollback()
        session.autocommit = True
        session.execute("DISCARD ALL")
        session.autocommit = False

    def _watch(
        self, connection: sa.Connection, watched: Watched, schema: Schema, tables: frozenset[str]
    ) -> None:
        read_before: dict[str, int] = {}

        def count(_: Any, cursor: Any, *__: Any) -> None:
            # In the statement's own transaction: what is pending from an earlier one is counted, too.
            session = cursor.connection
            if not session.autocommit and session.info.transaction_status is TransactionStatus.IDLE:
                with session.cursor() as own:
                    read_before.clear()
                    read_before.update(own.execute(_READ).fetchall())

        def look(_: Any, cursor: Any, statement: str, *__: Any) -> None:
            session = cursor.connection
            if session.autocommit:
                for name, rank, scans in _foretold(statement, schema, self._server.major):
                    if name in tables:
                        watched.locks[name] = max(watched.locks.get(name, 0), rank)
                        if scans:
                            watched.scanned[name] = max(watched.scanned.get(name, 0), rank)
                return
            held: dict[str, int] = {}
            for name, mode, _node in self._looks.execute(_HELD, (session.info.backend_pid,)):
                held[name] = max(held.get(name, 0), MODES.index(mode) + 1)
            with session.cursor() as own:
                counted = dict(own.execute(_READ).fetchall())
            for name in tables:
                rank = held.get(name, 0)
                watched.locks[name] = max(watched.locks.get(name, 0), rank)
                if counted.get(name, 0) - read_before.get(name, 0) >= ROWS:
                    watched.scanned[name] = max(watched.scanned.get(name, 0), rank)
            read_before.clear()
            read_before.update(counted)

        sa.event.listen(connection, "before_cursor_execute", count)
        sa.event.listen(connection, "after_cursor_execute", look)


def _foretold(sql: str, schema: Schema, major: int) -> list[tuple[str, int, bool]]:
    """What the lock model says of a statement that holds nothing any more when it is done."""
    operations = [each for each in read(sql) if isinstance(each, Operation)]
    effect = predict(operations, schema, major, revision="now")
    return [
        (
            f"{name.schema or 'public'}.{name.name}",
            _NAMES[str(mode).replace(" ", "").lower()],
            name in effect.scans,
        )
        for name, mode in effect.locks.items()
    ]
