"""What others meet while a mended revision runs: no default that comes too late, no wait without an end."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.fix import Mended, mend
from runcrew_lint.engine.run import Request
from tests.mends.two_revisions import lay_out, revision

START = '''"""start"""
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE crews (id bigint PRIMARY KEY)")
    op.execute("CREATE TABLE runs (id bigint PRIMARY KEY, pace int, note text)")
    op.execute("ALTER TABLE runs ADD COLUMN crew bigint REFERENCES crews, ADD UNIQUE (note)")
    op.execute("CREATE INDEX ix ON runs (pace)")
    op.execute("CREATE UNIQUE INDEX one ON runs (pace, note)")


def downgrade():
    op.execute("DROP TABLE runs; DROP TABLE crews")
'''
ENV = "from alembic import context\n\ncontext.configure(target_metadata=None)\ncontext.run_migrations()\n"
REQUIRED = 'op.alter_column("runs", "pace", nullable=False)\n'
DEFAULT = 'op.alter_column("runs", "pace", server_default="0")\n'
BACK = 'op.alter_column("runs", "pace", nullable=True)\n'


def mended(folder: Path, rules: tuple[str, ...], upgrade: str, downgrade: str) -> Mended:
    lay_out(folder, START, revision(upgrade, downgrade), ENV)
    return mend(Request(folder, policy="runcrew", select=rules, cache=folder / "cache"), unsafe=True)


@pytest.mark.parametrize(
    ("upgrade", "moves"),
    [
        (REQUIRED, False),
        (REQUIRED.replace("nullable", "server_default='0', nullable"), True),
        (REQUIRED + DEFAULT, True),
        (DEFAULT + REQUIRED, False),  # it is there when the CHECK comes
        (REQUIRED + DEFAULT.replace("pace", "note"), False),
        (REQUIRED + DEFAULT.replace("runs", "crews"), False),
        (REQUIRED.replace("nullable", "server_default=None, nullable"), False),
    ],
)
def test_no_row_needs_a_value_before_it_has_a_default(tmp_path: Path, upgrade: str, moves: bool) -> None:
    made = mended(tmp_path, ("set-not-null",), upgrade, BACK)
    new = made.contents.keys() - made.originals.keys()
    assert len(new) == moves
    old = made.contents["alembic/versions/0002_change.py"].decode()
    assert old.count("CHECK (pace IS NOT NULL) NOT VALID") == 1
    assert ("VALIDATE" in old) is not moves


def test_one_statement_of_both_stays(tmp_path: Path) -> None:
    both = 'op.execute("ALTER TABLE runs ALTER pace SET DEFAULT 0, ALTER pace SET NOT NULL")'
    assert not mended(tmp_path, ("set-not-null",), both, BACK).contents


ONE_FOR_ALL = """op.drop_index("one", table_name="runs")
op.create_unique_constraint("all", "runs", ["pace", "note"])
"""


@pytest.mark.parametrize(
    ("upgrade", "comes_first"),
    [
        ('op.drop_index("ix", table_name="runs")\n' + REQUIRED, False),  # it is to be dropped CONCURRENTLY
        (ONE_FOR_ALL, True),  # it makes way for a key: both in one transaction
        ('op.create_index("more", "runs", ["note"])\n' + REQUIRED, False),
    ],
)
def test_what_stays_waits_with_an_end(tmp_path: Path, upgrade: str, comes_first: bool) -> None:
    made = mended(tmp_path, ("lock-timeout-missing",), upgrade, "pass")
    old = made.contents["alembic/versions/0002_change.py"].decode()
    body = old.partition("def upgrade():\n    ")[2]
    assert body.startswith("op.execute(\"SET LOCAL lock_timeout = '4s'\")") is comes_first
    assert "SET LOCAL" in body


KEY = 'op.create_foreign_key(None, "runs", "crews", ["crew"], ["id"])\n'
UNIQUE = 'op.create_unique_constraint(None, "runs", ["note"])\n'


@pytest.mark.parametrize(
    ("rule", "upgrade", "named"),
    [
        ("foreign-key-without-not-valid", KEY, False),
        ("foreign-key-without-not-valid", 'op.drop_constraint("runs_crew_fkey", "runs")\n' + KEY, True),
        ("foreign-key-without-not-valid", KEY.replace("None", '"again"'), True),
        ("foreign-key-without-not-valid", KEY.replace('["crew"]', '["id"]'), True),
        ("unique-builds-index", UNIQUE, False),
        ("unique-builds-index", UNIQUE.replace("None", '"again"'), True),
        ("unique-builds-index", UNIQUE.replace("note", "pace"), True),
        ("unique-builds-index", UNIQUE.replace("note", "id"), True),  # a key of another kind
    ],
)
def test_what_the_history_has_already_is_not_named(
    tmp_path: Path, rule: str, upgrade: str, named: bool
) -> None:
    made = mended(tmp_path, (rule,), upgrade, "pass")
    assert bool(made.contents) is named


@pytest.mark.parametrize(
    ("drop", "named"), [("", False), ('op.drop_constraint("runs_crew_fkey", "runs")\n', True)]
)
def test_nor_is_what_downgrade_drops_of_it(tmp_path: Path, drop: str, named: bool) -> None:
    back = 'op.drop_constraint(None, "runs", type_="foreignkey")\n'
    made = mended(tmp_path, ("downgrade-mismatch",), drop + KEY, back)
    assert bool(made.contents) is named


@pytest.mark.parametrize(
    ("change", "moves"),
    [
        ('op.drop_column("runs", "pace")', False),
        ('op.drop_column("runs", "note")', False),
        ('op.drop_column("runs", "crew")', True),
        ('op.alter_column("runs", "pace", server_default="0")', True),
    ],
)
def test_no_index_goes_before_the_new_one_comes(tmp_path: Path, change: str, moves: bool) -> None:
    column = 'op.add_column("runs", sa.Column("level", sa.Integer()))'
    upgrade = f'{column}\n{change}\nop.create_index("ix_level", "runs", ["level"])'
    made = mended(tmp_path, ("index-not-concurrent",), upgrade, "pass")
    assert bool(made.contents.keys() - made.originals.keys()) is moves
