"""Keys that hang on a new column, or take another one's place: what is not mended by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request
from tests.mends.test_fills import revision

START = 'op.execute("CREATE TABLE runs (id bigint CONSTRAINT runs_pkey PRIMARY KEY, crew_id bigint)")'
START += '\nop.execute("CREATE TABLE laps (id bigint)")'
COLUMN = 'op.add_column("runs", sa.Column("pace", sa.Integer(), nullable=False))\n'
MORE = 'op.add_column("runs", sa.Column("more", sa.Integer()))\n'
GONE = 'op.drop_constraint("runs_pkey", "runs")\n'


def titles(folder: Path, rule: str, upgrade: str) -> list[str]:
    """What the fixes of a rule say that they do."""
    versions = folder / "alembic/versions"
    versions.mkdir(parents=True)
    (versions / "0001_start.py").write_text(revision("0001", None, START))
    (versions / "0002_change.py").write_text(revision("0002", "0001", upgrade))
    made = mend(Request(folder, policy="runcrew", select=(rule,), cache=folder / "cache"), unsafe=True)
    return [each.title for each in made.fixes]


@pytest.mark.parametrize(
    ("key", "mended"),
    [
        ("", True),
        ('op.create_unique_constraint("key", "runs", ["pace", "crew_id"])', True),
        ('op.create_index("ix", "runs", ["pace"])', True),
        ('op.create_unique_constraint("key", "runs", ["pace"])', False),
        (f'{MORE}op.create_unique_constraint("key", "runs", ["pace", "more"])', False),
        ('op.create_index("ix", "runs", ["pace"], unique=True)', False),
        (f'{GONE}op.create_primary_key("runs_pkey", "runs", ["pace"])', False),
    ],
)
def test_a_key_has_no_value_for_all_rows(tmp_path: Path, key: str, mended: bool) -> None:
    assert bool(titles(tmp_path, "not-null-without-default", COLUMN + key)) is mended


@pytest.mark.parametrize(
    ("table", "before", "moved"),
    [
        ("laps", "", True),
        ("runs", GONE, False),
    ],
)
def test_a_primary_key_does_not_leave_the_one_that_it_replaces(
    tmp_path: Path, table: str, before: str, moved: bool
) -> None:
    more = MORE.replace("runs", table).replace("Integer()", "Integer(), nullable=False")
    key = f'{more}op.create_primary_key("key", "{table}", ["more"])'
    found = titles(tmp_path, "primary-key-builds-index", before + key)
    assert any("new revision" in each for each in found) is moved
