"""Indexes and keys that are said to be refused, and some that look alike, asked of live servers."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from runcrew_lint.engine.run import Request, run
from tests.components.postgres import Server
from tests.fixtures_git import repository_from

_RULES = {"index-not-concurrent", "unique-builds-index", "primary-key-builds-index", "exclusion-constraint"}
_BASE = [
    "CREATE TABLE runs (id bigint, at timestamptz, day timestamp, name text, tags text[], born date)",
    "CREATE TABLE legs (id bigint, at timestamptz, name text) PARTITION BY RANGE (at)",
    "CREATE TABLE marks (id bigint, name text) PARTITION BY LIST (lower(name))",
    'CREATE TABLE parts (id bigint, "At" timestamptz, name text) PARTITION BY RANGE ("At", id)',
    'CREATE UNIQUE INDEX parts_ready ON parts ("At", id)',
]
_ASKED = [
    "CREATE INDEX asked_{} ON runs (id) WHERE at > now()",
    "CREATE INDEX asked_{} ON runs (id) WHERE at > '2026-01-01'",
    "CREATE INDEX asked_{} ON runs (id) WHERE name = 'now()'",
    "CREATE INDEX asked_{} ON runs (id) WHERE born >= CURRENT_DATE - 7",
    "CREATE INDEX asked_{} ON runs (id) WHERE day > localtimestamp",
    "CREATE INDEX asked_{} ON runs (id) WHERE name = current_user",
    "CREATE INDEX asked_{} ON runs (date(at))",
    "CREATE INDEX asked_{} ON runs (date(day))",
    "CREATE INDEX asked_{} ON runs ((at::date))",
    "CREATE INDEX asked_{} ON runs ((day::date))",
    "CREATE INDEX asked_{} ON runs (((at AT TIME ZONE 'UTC')::date))",
    "CREATE INDEX asked_{} ON runs (date_trunc('day', at))",
    "CREATE INDEX asked_{} ON runs (date_trunc('day', at AT TIME ZONE 'UTC'))",
    "CREATE INDEX asked_{} ON runs (cast(at AS date))",
    "CREATE INDEX asked_{} ON runs (concat(name, 'x'))",
    "CREATE INDEX asked_{} ON runs (array_to_string(tags, ','))",
    "CREATE INDEX asked_{} ON runs (to_char(day, 'YYYY'))",
    "CREATE INDEX asked_{} ON runs (lower(name), md5(name))",
    "CREATE UNIQUE INDEX asked_{} ON legs (id)",
    "CREATE UNIQUE INDEX asked_{} ON ONLY legs (name)",
    "CREATE UNIQUE INDEX asked_{} ON legs (at, name)",
    "CREATE INDEX asked_{} ON legs (id)",
    "CREATE UNIQUE INDEX asked_{} ON marks (id, name)",
    'CREATE UNIQUE INDEX asked_{} ON parts (id, "At")',
    "ALTER TABLE legs ADD PRIMARY KEY (id)",
    "ALTER TABLE legs ADD PRIMARY KEY (id, at)",
    "ALTER TABLE legs ADD CONSTRAINT asked_{} UNIQUE (name)",
    "ALTER TABLE legs ADD CONSTRAINT asked_{} UNIQUE (name, at)",
    "ALTER TABLE legs ADD CONSTRAINT asked_{} EXCLUDE USING btree (at WITH =)",
    "ALTER TABLE marks ADD PRIMARY KEY (id, name)",
    "ALTER TABLE legs ADD COLUMN asked_{} int UNIQUE",
    "CREATE TABLE IF NOT EXISTS legs (id bigint PRIMARY KEY, at date) PARTITION BY RANGE (at)",
    "ALTER TABLE parts ADD CONSTRAINT asked_{} UNIQUE USING INDEX parts_ready",
    "ALTER TABLE parts ADD CONSTRAINT asked_{} PRIMARY KEY USING INDEX parts_ready",
    "CREATE TABLE asked_{} (id bigint PRIMARY KEY, at date) PARTITION BY RANGE (at)",
    "CREATE TABLE asked_{} (id bigint, at date, PRIMARY KEY (at, id)) PARTITION BY RANGE (at)",
    "CREATE TABLE asked_{} (id bigint UNIQUE, at date) PARTITION BY HASH (id)",
    "CREATE TABLE asked_{} (id bigint, name text, UNIQUE (id)) PARTITION BY LIST (upper(name))",
]


def _refused(server: Server, asked: list[str]) -> dict[str, str]:
    """What the server answers to each, by its own."""
    answers = {}
    with server.database() as name, psycopg.connect(server.conninfo(name)) as connection:
        for each in _BASE:
            connection.execute(each)
        for sql in asked:
            answers[sql] = ""
            try:
                with connection.transaction(force_rollback=True):
                    connection.execute(sql)
            except psycopg.Error as error:
                answers[sql] = error.sqlstate or ""
    return answers


@pytest.mark.parametrize("fixture", ["postgres", "postgres_16"])
def test_what_is_said_to_be_refused_is(fixture: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    server: Server = request.getfixturevalue(fixture)
    asked = [each.format(at) for at, each in enumerate(_ASKED)]
    files = {
        f"db/migrations/{at:04}_a.sql": f"-- +goose Up\n{each};\n"
        for at, each in enumerate([";\n".join(_BASE), *asked])
    }
    root = repository_from(files, tmp_path / "repository")
    (tmp_path / "policy.yaml").write_text(f"extends: runcrew\npostgres: {server.major}\n")
    told = dict.fromkeys(asked, "")
    for each in run(Request(root, policy=tmp_path / "policy.yaml")).report.findings:
        for code in ("42P17", "0A000"):
            if each.rule in _RULES and f"({code})" in each.message:
                told[asked[int(each.path.rpartition("/")[2][:4]) - 1]] = code
    assert told == _refused(server, asked)
