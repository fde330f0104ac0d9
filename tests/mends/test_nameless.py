"""Constraints that downgrade() drops by None: which of them get a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request, run

ENV = """import sqlalchemy as sa
from alembic import context

context.configure(connection=connection, target_metadata=sa.MetaData({convention}))
with context.begin_transaction():
    context.run_migrations()
"""
BASE = '''"""base"""
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE crews (id bigint PRIMARY KEY, run_id bigint)")
    op.execute("CREATE TABLE runs (id bigint PRIMARY KEY, a int, b int, CHECK (a > 0))")
'''
CHANGE = '''"""change"""
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def drop():
    op.drop_constraint(None, "runs")


def upgrade():
    {up}


def downgrade():
    {down}
'''
KEY = 'op.create_unique_constraint(None, "runs", ["a"])'
OTHER = 'op.create_unique_constraint(None, "runs", ["b"])'
NAMED = OTHER.replace("None", '"two"')
DROP = 'op.drop_constraint(None, "runs", type_="unique")'
NEW = 'op.create_foreign_key(None, "laps", "crews", ["crew_id"], ["id"])'
GONE = 'op.drop_constraint(None, "laps", type_="foreignkey")'


def mended(folder: Path, up: str, down: str, convention: str = "") -> list[str]:
    """What downgrade() drops by which names in the end; nothing where no fix was made."""
    versions = folder / "alembic/versions"
    versions.mkdir(parents=True)
    (folder / "alembic/env.py").write_text(ENV.format(convention=convention))
    (versions / "0001_base.py").write_text(BASE)
    texts = (each.replace("\n", "\n    ") for each in (up, down))
    (versions / "0002_change.py").write_text(CHANGE.format(**dict(zip(("up", "down"), texts, strict=True))))
    request = Request(folder, policy="runcrew", select=("downgrade-mismatch",), cache=None)
    made = mend(request, unsafe=True)
    assert any("is given no name" in each.message for each in made.before.report.findings)
    content = made.contents.get("alembic/versions/0002_change.py", b"").decode().partition("def downgrade")[2]
    return [line.split('"')[1] for line in content.splitlines() if "drop_constraint(" in line]


@pytest.mark.parametrize(
    ("up", "down", "names"),
    [
        (KEY, DROP, ["runs_a_key"]),
        (f"{KEY}\n{OTHER}", f"{DROP}\n{DROP}", ["runs_b_key", "runs_a_key"]),
        (KEY, 'op.drop_constraint(None, "runs")', ["runs_a_key"]),
        # Somebody has named it since; one that has a name all along is dropped by it.
        (KEY.replace("None", '"key"'), DROP, ["key"]),
        (f"{KEY}\n{NAMED}", DROP, ["runs_a_key", "two"]),
        # A table of which the history does not tell all: nothing else can have the name.
        (f'op.add_column("laps", sa.Column("crew_id", sa.Integer()))\n{NEW}', GONE, ["laps_crew_id_fkey"]),
        (f'op.drop_constraint("laps_crew_id_fkey", "laps")\n{NEW}', GONE, ["laps_crew_id_fkey"]),
    ],
)
def test_the_server_s_name_is_said(tmp_path: Path, up: str, down: str, names: list[str]) -> None:
    assert mended(tmp_path, up, down) == names


@pytest.mark.parametrize(
    ("up", "down", "convention"),
    [
        (f"{KEY}\n{OTHER}", DROP, ""),
        (KEY, f"{DROP}\n{DROP}", ""),
        (KEY, 'op.drop_constraint(None, "runs", type_="foreignkey")', ""),
        (KEY.replace("None", '"key"') + f"\n{NAMED}", DROP, ""),
        # An older key may have the name.
        (NEW, GONE, ""),
        # Another table's columns: nothing is known of it.
        ('op.create_check_constraint(None, "laps", "a > 0")', 'op.drop_constraint(None, "laps")', ""),
        (KEY, "drop()", ""),
        (KEY, 'for name in ("runs",):\n    op.drop_constraint(None, name)', ""),
        (f'{KEY}\nop.create_table("t", mysql_engine="InnoDB")', DROP, ""),
        (KEY, DROP, 'naming_convention={"uq": "uq_%(table_name)s_%(constraint_name)s"}'),
        # A column that goes takes its key along.
        (f"{KEY}\n{OTHER}", f'{DROP}\nop.drop_column("runs", "a")\n{DROP}', ""),
        (KEY.replace('"runs"', "'runs'"), "op.drop_constraint(None, 'it''s')", ""),
    ],
)
def test_what_is_not_sure_stays(tmp_path: Path, up: str, down: str, convention: str) -> None:
    assert mended(tmp_path, up, down, convention) == []


@pytest.mark.parametrize(
    ("convention", "name"),
    [
        ("", "ix_runs_a"),
        ('naming_convention={"ix": "on_%(table_name)s_%(column_0_name)s"}', "on_runs_a"),
        ("naming_convention=said()", "an index"),
    ],
)
def test_an_index_is_told_of_by_the_name_that_it_gets(tmp_path: Path, convention: str, name: str) -> None:
    versions = tmp_path / "alembic/versions"
    versions.mkdir(parents=True)
    (tmp_path / "alembic/env.py").write_text(ENV.format(convention=convention))
    (versions / "0001_base.py").write_text(BASE)
    text = 'from alembic import op\n\nrevision = "0002"\ndown_revision = "0001"\n\n\n'
    text += 'def upgrade():\n    op.create_index(None, "runs", ["a"])\n'
    (versions / "0002_change.py").write_text(text)
    request = Request(tmp_path, policy="runcrew", select=("index-not-concurrent",), cache=None)
    (found,) = run(request).report.findings
    assert found.message.startswith(f"building {name} blocks writes to runs")


BY_IX = ("runs_a_idx", "ix_runs_a")
ONES = 'op.create_index("runs_a_idx", "runs", ["a"])\n    op.create_index("runs_b_idx", "runs", ["b"])'


@pytest.mark.parametrize(
    ("convention", "others", "name"),
    [
        ("", "pass", "ix_crews_run_id"),
        ("", ONES, "crews_run_id_idx"),
        (
            "",
            ONES.replace("runs_a_idx", "idx_runs_a").replace("runs_b_idx", "idx_runs_b"),
            "idx_crews_run_id",
        ),
        (
            "",
            ONES.replace('["b"])', '["b"], unique=True)').replace("runs_a_idx", "ix_runs_a"),
            "ix_crews_run_id",
        ),
        ("", ONES.replace("runs_a_idx", "ix_runs_a"), "ix_crews_run_id"),
        ('naming_convention={"ix": "%(table_name)s_by_%(column_0_name)s"}', ONES, "crews_by_run_id"),
        ("naming_convention=said()", ONES, "crews_run_id_idx"),
    ],
)
def test_an_index_is_called_as_the_team_calls_them(
    tmp_path: Path, convention: str, others: str, name: str
) -> None:
    versions = tmp_path / "alembic/versions"
    versions.mkdir(parents=True)
    (tmp_path / "alembic/env.py").write_text(ENV.format(convention=convention))
    (versions / "0001_base.py").write_text(BASE)
    text = 'from alembic import op\n\nrevision = "0002"\ndown_revision = "0001"\n\n\n'
    key = 'op.create_foreign_key("fk", "crews", "runs", ["run_id"], ["id"])'
    text += f"def upgrade():\n    {others}\n    {key}\n"
    (versions / "0002_change.py").write_text(text)
    request = Request(tmp_path, policy="runcrew", select=("foreign-key-without-index",), cache=None)
    made = mend(request, unsafe=True)
    (new,) = made.contents.keys() - made.originals.keys()
    assert f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON crews (run_id)" in made.contents[new].decode()
