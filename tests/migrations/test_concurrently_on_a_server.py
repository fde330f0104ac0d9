"""concurrently-in-transaction and a real server: it speaks just where the server answers 25001."""

from __future__ import annotations

import psycopg
import pytest

from tests.components.postgres import Server
from tests.migrations.test_checks import faults

ACTIVE_SQL_TRANSACTION = "25001"
SETUP = """
CREATE TABLE runs (a int, b int);
CREATE INDEX ix ON runs (a);
CREATE TABLE points (a int) PARTITION BY RANGE (a);
CREATE TABLE points_1 PARTITION OF points FOR VALUES FROM (1) TO (2);
CREATE MATERIALIZED VIEW best AS SELECT 1 AS a;
CREATE UNIQUE INDEX ON best (a);
"""
STATEMENTS = [
    "CREATE INDEX CONCURRENTLY iy ON runs (b)",
    "CREATE INDEX iy ON runs (b)",
    "DROP INDEX CONCURRENTLY IF EXISTS nowhere",
    "DROP INDEX CONCURRENTLY ix;",
    "DROP INDEX ix",
    "REINDEX TABLE CONCURRENTLY runs",
    "REINDEX (CONCURRENTLY) INDEX ix",
    "REINDEX (CONCURRENTLY false) INDEX ix",
    "REINDEX TABLE runs",
    "ALTER TABLE points DETACH PARTITION points_1 CONCURRENTLY",
    "ALTER TABLE points DETACH PARTITION points_1",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY best",
    "SET lock_timeout = 0; CREATE INDEX CONCURRENTLY iy ON runs (b)",
    "DROP INDEX CONCURRENTLY ix; SELECT 1",
    "SELECT 1; DROP INDEX ix",
]


def _refused(server: Server, sql: str, *, transaction: bool) -> bool:
    with psycopg.connect(server.conninfo(server.new_database()), autocommit=True) as connection:
        connection.execute(SETUP)
        if transaction:
            connection.execute("BEGIN")
        try:
            connection.execute(sql.encode())
        except psycopg.Error as error:
            assert error.sqlstate == ACTIVE_SQL_TRANSACTION
            return True
        return False


@pytest.mark.parametrize("sql", STATEMENTS)
def test_the_servers_answer_is_foretold(postgres: Server, sql: str) -> None:
    call = f"op.execute({sql!r})"
    inside = faults("concurrently-in-transaction", call)
    assert bool(inside) is _refused(postgres, sql, transaction=True)
    alone = faults("concurrently-in-transaction", f"with op.get_context().autocommit_block():\n    {call}")
    assert bool(alone) is _refused(postgres, sql, transaction=False)
