"""What a finding in a SQL script says is to be done, in the words of its tool and never in Alembic's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runcrew_lint import lint
from runcrew_lint.catalogue.load import load

OF_ALEMBIC = re.compile(r"\bop\.|\bsa\.|autocommit_block|env\.py|postgresql_|server_default")
# They never speak in a script, or say there what to do themselves.
ELSEWHERE = {
    "application-import",
    "autocommit-without-concurrently",
    "concurrently-in-transaction",
    "dynamic-sql",
    "lock-timeout-ineffective",
    "nested-transaction",
}
TABLE = "CREATE TABLE runs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, crew bigint, pace int);\n"
WORK = "CREATE INDEX runs_crew ON runs (crew);\nDROP INDEX runs_pace;\nREINDEX TABLE runs;\n"
INDEXES = {"index-not-concurrent", "drop-index-not-concurrent", "reindex-not-concurrent"}


def test_what_speaks_alembics_language_has_words_for_a_script() -> None:
    rules = [each for each in load().rules.values() if each.family == "migrations"]
    assert {each.name for each in rules if OF_ALEMBIC.search(each.remedy) and not each.in_sql} == ELSEWHERE
    assert not [each.name for each in rules if OF_ALEMBIC.search(each.in_sql)]


@pytest.mark.parametrize(
    ("folder", "head", "said"),
    [
        ("db/migrations", "", "in a script that its tool sends without a transaction"),
        ("supabase/migrations", "", "its CLI sends that outside the transaction"),
        ("db/migrations", "-- +goose Up\n", "`-- +goose NO TRANSACTION`"),
        ("db/migrations", "-- migrate:up\n", "`-- migrate:up transaction:false`"),
    ],
)
def test_it_is_said_how_the_tool_sends_an_index(tmp_path: Path, folder: str, head: str, said: str) -> None:
    where = tmp_path / folder
    where.mkdir(parents=True)
    (where / "20260101000000_runs.sql").write_text(head + TABLE + "CREATE INDEX runs_pace ON runs (pace);\n")
    (where / "20260202000000_work.sql").write_text(head + WORK)
    found = {each.rule: each for each in lint(tmp_path).findings if each.rule in INDEXES}
    assert set(found) == INDEXES
    for each in found.values():
        assert each.help.startswith(("CREATE INDEX CONC", "DROP INDEX CONC", "REINDEX ... CONC"))
        assert said in each.help
