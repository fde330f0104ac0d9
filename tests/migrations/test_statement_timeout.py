"""statement-timeout-missing: where a lock is kept while rows are gone through, and nothing ends that."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.mends.two_revisions import lay_out, revision

START = '''"""start"""
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE runs (id bigint PRIMARY KEY, note text)")
    op.execute("CREATE TABLE laps (id bigint PRIMARY KEY, pace int)")


def downgrade():
    op.execute("DROP TABLE laps; DROP TABLE runs")
'''
ENV = "from alembic import context\n\ncontext.configure()\ncontext.run_migrations()\n"
COLUMN = 'op.add_column("runs", sa.Column("pace", sa.BigInteger()))\n'
SLOW = 'op.execute("UPDATE laps SET pace = 0")\n'
TIMEOUT = "op.execute(\"SET LOCAL statement_timeout = '60s'\")\n"
BLOCK = "with op.get_context().autocommit_block():\n    "
TYPE = 'op.alter_column("runs", "note", type_=sa.Integer(), postgresql_using="note::int")\n'
NEW = 'op.create_table("news", sa.Column("id", sa.BigInteger()))\n'
OF_NEWS = 'op.create_index("ix", "news", ["id"])'


@pytest.mark.parametrize(
    ("upgrade", "told"),
    [
        (COLUMN, ""),
        (TYPE, "for as long as it takes"),
        (COLUMN + TYPE, "for as long as what follows takes"),
        (COLUMN + SLOW, "for as long as what follows takes"),
        (SLOW + COLUMN, ""),  # there is no lock yet
        (COLUMN + BLOCK + SLOW, ""),  # there is none any more
        (BLOCK + COLUMN + SLOW, ""),
        (BLOCK + TYPE, "for as long as it takes"),
        (COLUMN + TIMEOUT + SLOW, ""),
        (TIMEOUT + TYPE, ""),
        (COLUMN + SLOW + TIMEOUT, "for as long as what follows takes"),
        (COLUMN + NEW + 'op.execute("UPDATE news SET id = 0")', ""),
        (COLUMN + 'op.execute("UPDATE laps SET pace = 0 WHERE id = 3")', ""),
        (COLUMN + 'op.create_index("ix", "laps", ["pace"])', "for as long as what follows takes"),
        (COLUMN + NEW + OF_NEWS, ""),
        (COLUMN + NEW + 'op.execute("INSERT INTO news VALUES (1)")\n' + OF_NEWS, ""),
        ('op.execute("REINDEX INDEX laps_pkey")', "for as long as it takes"),
        ('op.execute("ALTER TABLE laps SET TABLESPACE fast")', "for as long as it takes"),
        ('op.execute("TRUNCATE laps")', ""),
        ('op.drop_constraint("of_whatever_kind", "others")', ""),
        ('op.alter_column("others", "note", type_=sa.Integer())', "for as long as it takes"),
        (COLUMN + 'op.execute("UPDATE unknown_view SET pace = 0")', "for as long as what follows takes"),
    ],
)
def test_it_speaks_where_a_lock_is_kept_meanwhile(tmp_path: Path, upgrade: str, told: str) -> None:
    lay_out(tmp_path, START, revision(upgrade, "pass"), ENV)
    request = Request(tmp_path, policy="runcrew", select=("statement-timeout-missing",), cache=None)
    found = [each for each in run(request).report.findings if each.rule == "statement-timeout-missing"]
    assert [told in each.message for each in found] == [True] * bool(told)
    assert [bool(each.related) for each in found] == ["what follows" in told] * len(found)


def test_a_small_table_is_soon_gone_through(tmp_path: Path) -> None:
    lay_out(tmp_path, START, revision(COLUMN + SLOW, "pass"), ENV)
    (tmp_path / ".runcrew-lint.yaml").write_text(
        "extends: runcrew\nrules: {select: [statement-timeout-missing]}\nmigrations: {small_tables: [laps]}\n"
    )
    found = run(Request(tmp_path, cache=None)).report.findings
    assert "backfill-with-ddl" not in {each.rule for each in found}
    assert "statement-timeout-missing" not in {each.rule for each in found}
    assert "lock-timeout-missing" in {each.rule for each in found}
