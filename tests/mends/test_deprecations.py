"""A drop of a column becomes its deprecation, where the column may stay beside all that comes."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request
from tests.mends.test_fills import revision

START = """
    op.execute("CREATE TABLE crews (id bigint CONSTRAINT crews_pkey PRIMARY KEY)")
    op.execute("CREATE TABLE runs (id bigint CONSTRAINT runs_pkey PRIMARY KEY, crew_id bigint, pace integer)")
"""
DROP = 'op.drop_column("runs", "pace")\n'
VIEW = 'op.execute("CREATE VIEW seen AS SELECT {} FROM runs")'
FOREIGN_KEY = 'op.create_foreign_key("fk", "runs", "crews", ["pace"], ["id"])'
UNIQUE = 'op.create_unique_constraint("key", "runs", ["pace"])'
UNIQUE_INDEX = 'op.create_index("ix_pace", "runs", ["pace"], unique=True)'
MOOD = """    op.execute("CREATE TYPE mood AS ENUM ('fine')")
    op.execute("ALTER TABLE runs DROP pace, ADD pace mood[]")"""


def is_mended(
    folder: Path,
    start: str,
    upgrade: str = DROP,
    column: str = "pace",
    later: str = "",
    again: str = "",
    undo: str = "pass",
) -> bool:
    """Whether the drop of a column is mended in the second revision."""
    versions = folder / "alembic/versions"
    versions.mkdir(parents=True)
    back = f'op.add_column("runs", sa.Column("{column}", sa.Integer()))\n{again}'
    (versions / "0001_start.py").write_text(revision("0001", None, START + start))
    (versions / "0002_change.py").write_text(revision("0002", "0001", upgrade, back))
    if later:
        (versions / "0003_later.py").write_text(revision("0003", "0002", later, undo))
    request = Request(folder, policy="runcrew", select=("drop-column",), cache=folder / "cache")
    made = mend(request, unsafe=True)
    assert all("deprecated: " in content.decode() for content in made.contents.values())
    return bool(made.fixes)


@pytest.mark.parametrize(
    ("other", "fixes"),
    [
        ('op.drop_column("runs", "crew_id")', 2),
        ('op.drop_column("runs", "id")', 0),
        ('op.drop_column("laps", "id")', 0),
        ('op.drop_table("laps")', 1),
    ],
)
def test_of_a_revision_all_columns_stay_or_none(tmp_path: Path, other: str, fixes: int) -> None:
    versions = tmp_path / "alembic/versions"
    versions.mkdir(parents=True)
    start = START + '    op.execute("CREATE TABLE laps (id bigint PRIMARY KEY)")'
    (versions / "0001_start.py").write_text(revision("0001", None, start))
    back = [f'op.add_column("runs", sa.Column("{each}", sa.Integer()))' for each in ("pace", "crew_id")]
    (versions / "0002_change.py").write_text(revision("0002", "0001", f"{DROP}{other}", "\n".join(back)))
    made = mend(Request(tmp_path, policy="runcrew", select=("drop-column",), cache=None), unsafe=True)
    assert len(made.fixes) == fixes


@pytest.mark.parametrize(
    ("start", "more"),
    [
        ("", {}),
        ('    op.create_unique_constraint("key", "runs", ["crew_id", "pace"])', {}),
        ('    op.create_foreign_key("fk", "runs", "crews", ["pace"], ["id"])', {}),
        # The key is another one's, or is gone before.
        ('    op.execute("ALTER TABLE runs ALTER pace SET DEFAULT 1")', {}),
        (
            "",
            {
                "upgrade": 'op.drop_constraint("runs_pkey", "runs")\nop.drop_column("runs", "id")',
                "column": "id",
            },
        ),
        ("", {"later": 'op.create_index("ix_pace", "runs", ["crew_id"])'}),
        ("", {"later": VIEW.format("id")}),
        ("", {"later": VIEW.format("*").replace("FROM runs", "FROM crews")}),
        ("", {"upgrade": VIEW.format("*") + f"\n{DROP}"}),
        (MOOD, {}),
        (MOOD, {"later": 'op.execute("DROP TYPE other_mood")'}),
        ("", {"later": 'op.execute("DROP TYPE mood")'}),
        ("", {"later": "pass", "undo": 'op.execute("DROP TYPE mood")'}),
        (MOOD, {"later": "pass", "undo": 'op.execute("DROP TYPE other_mood")'}),
        (MOOD, {"again": 'op.execute("DROP TYPE mood")'}),  # it has the column either way
        (
            '    op.create_index("ix_pace", "runs", ["pace"])',
            {
                "upgrade": f'op.drop_index("ix_pace")\n{DROP}',
                "again": 'op.create_index("ix_pace", "runs", ["pace"])',
            },
        ),
        (
            '    op.create_foreign_key("fk", "runs", "crews", ["pace"], ["id"])',
            {"upgrade": f'op.drop_constraint("fk", "runs")\n{DROP}op.drop_table("crews")'},
        ),
        (
            '    op.create_foreign_key("fk", "runs", "crews", ["crew_id"], ["id"])',
            {
                "upgrade": f'op.drop_constraint("fk", "runs")\n{DROP}',
                "again": FOREIGN_KEY.replace("pace", "crew_id"),
            },
        ),
    ],
)
def test_a_column_that_may_stay_is_deprecated(tmp_path: Path, start: str, more: dict[str, str]) -> None:
    assert is_mended(tmp_path, start, **more)


@pytest.mark.parametrize(
    ("start", "more"),
    [
        # A table has one key, and no row may leave it out.
        ("", {"upgrade": 'op.drop_column("runs", "id")', "column": "id"}),
        ('    op.create_check_constraint("ck", "runs", "pace > 0 OR crew_id IS NULL")', {}),
        (
            '    op.execute("ALTER TABLE runs ALTER pace SET DEFAULT 1")\n'
            '    op.create_unique_constraint("key", "runs", ["pace"])',
            {},
        ),
        # What would go with the column is made anew, or holds on to a table.
        (
            '    op.create_index("ix_pace", "runs", ["pace"])',
            {"again": 'op.create_index("ix_pace", "runs", ["pace"])'},
        ),
        (
            '    op.create_foreign_key("fk", "runs", "crews", ["pace"], ["id"])',
            {"again": 'op.create_foreign_key(None, "runs", "crews", ["pace"], ["id"])'},
        ),
        (
            '    op.create_foreign_key("fk", "runs", "crews", ["pace"], ["id"])',
            {"upgrade": f'{DROP}op.drop_table("crews")'},
        ),
        (
            '    op.create_foreign_key("fk", "runs", "crews", ["pace"], ["id"])',
            {"later": 'op.drop_table("crews")'},
        ),
        # What would go with the column bears the name still.
        (
            '    op.create_index("ix_pace", "runs", ["pace"])',
            {"later": 'op.create_index("ix_pace", "runs", ["crew_id"])'},
        ),
        (
            '    op.create_foreign_key("fk", "runs", "crews", ["pace"], ["id"])',
            {"later": 'op.create_foreign_key("fk", "runs", "crews", ["crew_id"], ["id"])'},
        ),
        (
            '    op.create_unique_constraint("key", "runs", ["crew_id", "pace"])',
            {"upgrade": DROP + 'op.create_unique_constraint("key", "runs", ["crew_id"])'},
        ),
        # Rows that it would hold are kept by nothing meanwhile.
        (
            '    op.create_foreign_key("fk", "runs", "crews", ["pace"], ["id"])',
            {"upgrade": f'op.drop_constraint("fk", "runs")\n{DROP}', "again": FOREIGN_KEY},
        ),
        (
            '    op.create_unique_constraint("key", "runs", ["pace"])',
            {"upgrade": f'op.drop_constraint("key", "runs")\n{DROP}', "again": UNIQUE},
        ),
        (
            '    op.create_index("ix_pace", "runs", ["pace"], unique=True)',
            {"upgrade": f'op.drop_index("ix_pace")\n{DROP}', "again": UNIQUE_INDEX},
        ),
        # The server keeps a type that a column has.
        (MOOD, {"upgrade": DROP + 'op.execute("DROP TYPE mood")'}),
        (MOOD, {"later": 'sa.Enum(name="mood").drop(op.get_bind())'}),
        (MOOD, {"later": 'op.execute("ALTER TYPE mood RENAME TO old_mood")'}),
        (MOOD, {"later": "pass", "undo": 'op.execute("DROP TYPE mood")'}),
        # A view takes it in, and lets no later drop through.
        ("", {"upgrade": f"{DROP}{VIEW.format('runs.*')}"}),
        ("", {"later": VIEW.format("*")}),
        # Another fix makes anew the index that downgrade() forgets, and here it would be there.
        ('    op.create_index("ix_pace", "runs", ["pace"])', {}),
        # It comes back under the name that it had before.
        (
            "",
            {
                "upgrade": 'op.alter_column("runs", "pace", new_column_name="old_pace")\n'
                'op.drop_column("runs", "old_pace")',
            },
        ),
    ],
)
def test_a_column_that_would_be_in_the_way_is_not(tmp_path: Path, start: str, more: dict[str, str]) -> None:
    assert not is_mended(tmp_path, start, **more)


def test_a_key_of_a_deprecated_column_goes_as_that_of_a_dropped_one(tmp_path: Path) -> None:
    versions = tmp_path / "alembic/versions"
    versions.mkdir(parents=True)
    start = START + '    op.create_foreign_key("fk", "runs", "crews", ["pace"], ["id"])'
    back = 'op.add_column("runs", sa.Column("pace", sa.Integer()))'
    (versions / "0001_start.py").write_text(revision("0001", None, start))
    (versions / "0002_change.py").write_text(
        revision("0002", "0001", 'op.drop_constraint("fk", "runs")\n' + DROP, back)
    )
    rules = ("drop-column", "drop-constraint")
    made = mend(Request(tmp_path, policy="runcrew", select=rules, cache=None), unsafe=True)
    assert made.fixes and not made.outcome.report.findings


@pytest.mark.parametrize(("column", "undo"), [("nullable=True", ""), ("nullable=False", ", nullable=False")])
def test_downgrade_requires_what_it_would_have_required(tmp_path: Path, column: str, undo: str) -> None:
    versions = tmp_path / "alembic/versions"
    versions.mkdir(parents=True)
    start = f'{START}    op.execute("ALTER TABLE runs ALTER pace SET NOT NULL")'
    back = f'op.add_column("runs", sa.Column("pace", sa.Integer(), {column}))'
    (versions / "0001_start.py").write_text(revision("0001", None, start))
    (versions / "0002_change.py").write_text(revision("0002", "0001", DROP, back))
    made = mend(Request(tmp_path, policy="runcrew", select=("drop-column",), cache=None), unsafe=True)
    (content,) = made.contents.values()
    up, _, down = content.decode().partition("def downgrade")
    assert 'op.alter_column("runs", "pace", nullable=True, comment="deprecated: ' in up
    assert f'op.alter_column("runs", "pace"{undo}, comment=None)' in down


@pytest.mark.parametrize(
    ("required", "back", "mended"),
    [
        ("NOT NULL", "sa.Integer(), nullable=False", True),
        ("NOT NULL", 'sa.Integer(), nullable=False, server_default="1"', False),
        ("NOT NULL", 'sa.Integer(), server_default="1"', False),
        ("NULL", 'sa.Integer(), server_default="1"', True),
    ],
)
def test_a_downgrade_that_fills_the_column_goes_on_to(
    tmp_path: Path, required: str, back: str, mended: bool
) -> None:
    versions = tmp_path / "alembic/versions"
    versions.mkdir(parents=True)
    start = f"{START}    op.execute('ALTER TABLE runs DROP pace, ADD pace integer {required}')"
    added = f'op.add_column("runs", sa.Column("pace", {back}))'
    (versions / "0001_start.py").write_text(revision("0001", None, start))
    (versions / "0002_change.py").write_text(revision("0002", "0001", DROP, added))
    made = mend(Request(tmp_path, policy="runcrew", select=("drop-column",), cache=None), unsafe=True)
    assert bool(made.fixes) is mended


@pytest.mark.parametrize(
    ("again", "mended"),
    [
        ("", True),
        ('op.execute("UPDATE runs SET pace = 1")', True),
        ('op.alter_column("runs", "pace", nullable=False)', True),
        (
            'op.execute("UPDATE runs SET pace = 1")\nop.alter_column("runs", "pace", nullable=False)',
            False,
        ),
    ],
)
def test_a_downgrade_that_fills_and_requires_the_column_goes_on_to(
    tmp_path: Path, again: str, mended: bool
) -> None:
    assert is_mended(tmp_path, "", again=again) is mended


@pytest.mark.parametrize(("back", "required"), [("nullable=True", False), ("nullable=False", True)])
def test_a_deprecated_column_may_stay_without_a_value(tmp_path: Path, back: str, required: bool) -> None:
    versions = tmp_path / "alembic/versions"
    versions.mkdir(parents=True)
    start = f'{START}    op.execute("ALTER TABLE runs ALTER pace SET NOT NULL")'
    again = f'op.add_column("runs", sa.Column("pace", sa.Integer(), {back}))'
    (versions / "0001_start.py").write_text(revision("0001", None, start))
    (versions / "0002_change.py").write_text(revision("0002", "0001", DROP, again))
    rules = ("drop-column", "downgrade-mismatch")
    made = mend(Request(tmp_path, policy="runcrew", select=rules, cache=None), unsafe=True)
    down = made.contents["alembic/versions/0002_change.py"].decode().partition("def downgrade")[2]
    assert ("nullable=False" in down) is required
    assert not made.outcome.report.findings
