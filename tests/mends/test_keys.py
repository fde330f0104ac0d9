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
TWICE = 'op.add_column("runs", sa.Column("twice", sa.Integer(), sa.Computed("pace * 2")))\n'
GONE = 'op.drop_constraint("runs_pkey", "runs")\n'


def titles(folder: Path, rule: str, upgrade: str, start: str = START) -> list[str]:
    """What the fixes of a rule say that they do."""
    versions = folder / "alembic/versions"
    versions.mkdir(parents=True)
    (versions / "0001_start.py").write_text(revision("0001", None, start))
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
        (f'{TWICE}op.create_unique_constraint("key", "runs", ["crew_id", "twice"])', False),
        (f'{TWICE}op.create_index("ix", "runs", ["twice"])', True),
    ],
)
def test_a_key_has_no_value_for_all_rows(tmp_path: Path, key: str, mended: bool) -> None:
    assert bool(titles(tmp_path, "not-null-without-default", COLUMN + key)) is mended


@pytest.mark.parametrize("name", ["error_code", "type", "crew_id", "STATUS"])
def test_what_names_one_of_several_has_no_neutral_value(tmp_path: Path, name: str) -> None:
    assert titles(tmp_path / "one", "not-null-without-default", COLUMN.replace("pace", name)) == []
    assert titles(tmp_path / "other", "not-null-without-default", COLUMN.replace("pace", f"{name}s"))


@pytest.mark.parametrize(
    ("column", "mended"),
    [
        ('"secret_name", sa.String()', False),
        ('"URL", sa.Text()', False),
        ('"value", sa.String(40)', False),
        ('"value", sa.Integer()', True),
        ('"description", sa.Text()', True),
        ('"TEXT", sa.Text()', True),
        ('"time_frame", sa.Text()', False),
        ('"reasonable", sa.Text()', False),
        ('"payload", sa.LargeBinary()', False),
    ],
)
def test_an_empty_text_is_nothing_but_prose(tmp_path: Path, column: str, mended: bool) -> None:
    added = f'op.add_column("runs", sa.Column({column}, nullable=False))\n'
    assert bool(titles(tmp_path, "not-null-without-default", added)) is mended


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


PARTED = 'op.execute("CREATE TABLE log.teams (id bigint, pace int) PARTITION BY HASH (id)")\n'


@pytest.mark.parametrize(
    ("rule", "upgrade", "mended"),
    [
        ("unique-builds-index", 'op.create_unique_constraint("key", "teams", ["pace"])', True),
        ("unique-builds-index", f'{MORE}op.create_unique_constraint("key", "teams", ["pace"])', True),
        ("unique-builds-index", 'op.create_unique_constraint(None, "teams", ["pace"])', False),
        # Its columns may hold a NULL.
        ("primary-key-builds-index", 'op.create_primary_key("key", "teams", ["pace"])', False),
        # The old key may be of any columns.
        (
            "unique-builds-index",
            'op.drop_constraint("old", "teams", type_="unique")\n'
            'op.create_unique_constraint("key", "teams", ["pace"])',
            False,
        ),
    ],
)
@pytest.mark.parametrize("parted", [False, True])
def test_a_key_of_a_table_that_the_history_does_not_make(
    tmp_path: Path, rule: str, upgrade: str, mended: bool, parted: bool
) -> None:
    found = titles(tmp_path, rule, upgrade, PARTED * parted + START)
    assert bool(found) is (mended and not parted)
