"""Which foreign keys live servers refuse for their types, held against what is said to be refused."""

from __future__ import annotations

import psycopg
import pytest

from runcrew_lint.checks.migrations._references import is_refused
from tests.components.postgres import Server

TYPES = [
    *("text", "character varying(10)", "character(4)", "name", "uuid", "boolean", "bytea", "jsonb", "json"),
    *("inet", "cidr", "date", "timestamp with time zone", "timestamp(3) without time zone"),
    *("smallint", "integer", "bigint", "numeric(8,2)", "numeric", "real", "double precision", "integer[]"),
]
KEYS = [each for each in TYPES if each != "json"]  # it has no order, so no key
UNSAID = {("name", "character(4)"), ("json", "jsonb")}  # refused, and not told of


def _refused(server: Server) -> set[tuple[str, str]]:
    found = set()
    with server.database() as name, psycopg.connect(server.conninfo(name), autocommit=True) as connection:
        for key in KEYS:
            connection.execute(f"CREATE TABLE keys (id {key} PRIMARY KEY)")
            for column in TYPES:
                try:
                    connection.execute(f"CREATE TABLE rows (id {column} REFERENCES keys)")
                    connection.execute("DROP TABLE rows")
                except psycopg.errors.DatatypeMismatch:
                    found.add((column, key))
            connection.execute("DROP TABLE keys")
    return found


@pytest.mark.parametrize("fixture", ["postgres", "postgres_16"])
def test_a_server_refuses_what_is_said_to_be_refused(fixture: str, request: pytest.FixtureRequest) -> None:
    refused = _refused(request.getfixturevalue(fixture))
    said = {(column, key) for key in KEYS for column in TYPES if is_refused(column, key)}
    assert said <= refused
    arrays = {pair for pair in refused if "integer[]" in pair}
    assert refused - said - arrays == UNSAID
