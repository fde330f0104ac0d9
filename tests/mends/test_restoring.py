"""How a downgrade() is completed by what the schema was, and where that would not lead back."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request
from tests.mends.two_revisions import lay_out, revision

START = '''"""start"""
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE crews (id bigint PRIMARY KEY)")
    op.execute(
        "CREATE TABLE runs (id bigint PRIMARY KEY, code text NOT NULL, pace int DEFAULT 3, crew_id bigint, "
        "CONSTRAINT key UNIQUE (code), CONSTRAINT slow CHECK (pace > 3), "
        "CONSTRAINT fk FOREIGN KEY (crew_id) REFERENCES crews (id) ON DELETE CASCADE)"
    )
    op.execute("CREATE INDEX ix ON runs (lower(code)) WHERE pace > 3")


def downgrade():
    op.execute("DROP TABLE runs")
    op.execute("DROP TABLE crews")
'''
ENV = """from alembic import context
from elsewhere import metadata

context.configure(target_metadata=metadata)
context.run_migrations()
"""


def completed(folder: Path, upgrade: str, downgrade: str, env: str = "") -> str | None:
    """What is added to downgrade(), None where nothing is."""
    text = revision(upgrade, downgrade)
    lay_out(folder, START, text, env)
    made = mend(Request(folder, policy="runcrew", select=("downgrade-mismatch",)), unsafe=True)
    changed = [content.decode() for path, content in made.contents.items() if path.endswith("_change.py")]
    if not changed:
        return None
    assert changed[0].startswith(text)
    return dedent(changed[0][len(text) :]).strip()


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "added"),
    [
        (
            'op.drop_constraint("fk", "runs")',
            'op.execute("SELECT 1")',
            'op.create_foreign_key(op.f("fk"), "runs", "crews", ["crew_id"], ["id"], ondelete="CASCADE")',
        ),
        (
            'op.drop_constraint("slow", "runs")',
            'op.execute("SELECT 1")',
            'op.execute("ALTER TABLE runs ADD CONSTRAINT slow CHECK (pace > 3)")',
        ),
        (
            'op.drop_index("ix", table_name="runs")',
            'op.execute("SELECT 1")',
            'op.execute("CREATE INDEX ix ON runs ((lower(code))) WHERE pace > 3")',
        ),
        (
            'op.alter_column("runs", "pace", server_default=None, type_=sa.BigInteger(), comment="why")',
            'op.execute("SELECT 1")',
            'op.execute("ALTER TABLE runs ALTER COLUMN pace SET DEFAULT 3")\n'
            'op.execute("ALTER TABLE runs ALTER COLUMN pace TYPE integer")\n'
            'op.execute("COMMENT ON COLUMN runs.pace IS NULL")',
        ),
        (
            'op.execute("ALTER TABLE crews DROP CONSTRAINT crews_pkey CASCADE"); '
            'op.execute("ALTER TABLE crews ADD COLUMN version int DEFAULT 1"); '
            'op.execute("ALTER TABLE crews ADD PRIMARY KEY (id, version)")',
            'op.execute("SELECT 1")',
            'op.drop_column("crews", "version")\n'
            'op.create_primary_key(op.f("crews_pkey"), "crews", ["id"])\n'
            'op.create_foreign_key(op.f("fk"), "runs", "crews", ["crew_id"], ["id"], ondelete="CASCADE")',
        ),
    ],
)
def test_it_is_completed(tmp_path: Path, upgrade: str, downgrade: str, added: str) -> None:
    assert completed(tmp_path, upgrade, downgrade) == added


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "why"),
    [
        (
            'op.drop_column("runs", "code")',
            'op.add_column("runs", sa.Column("code", sa.Text(), server_default="x"))',
            "a column that comes again has one value in each row, which a key refuses",
        ),
        (
            'op.execute("ALTER TABLE runs ALTER COLUMN code TYPE bytea USING code::bytea")',
            'op.execute("SELECT 1")',
            "what a value becomes is not known",
        ),
        (
            'op.execute("ALTER TABLE runs ADD COLUMN note text"); op.drop_table("crews")',
            'op.drop_column("runs", "note")',
            "the rows of a table are lost",
        ),
        (
            'op.alter_column("runs", "pace", nullable=True)',
            'op.alter_column("runs", "pace", nullable=False)',
            "it would take back what downgrade() does",
        ),
        (
            'op.alter_column("runs", "pace", nullable=True, new_column_name="speed")',
            'op.alter_column("runs", "speed", nullable=False, new_column_name="pace")',
            "so it would where the column has another name meanwhile",
        ),
        (
            'op.alter_column("laps", "a", new_column_name="b"); '
            'op.create_foreign_key("k", "laps", "crews", ["b"], ["id"])',
            'op.alter_column("laps", "b", new_column_name="a"); op.drop_column("laps", "b")',
            "a column that it drops has another name by then",
        ),
        (
            'op.execute("CREATE TYPE mood AS ENUM (\'a\')"); op.execute("DROP TYPE mood"); '
            "op.execute(\"CREATE TYPE mood AS ENUM ('a', 'b')\")",
            'op.execute("SELECT 1")',
            "a type that is made anew was there before",
        ),
        (
            'op.create_table("legs", sa.Column("id", sa.BigInteger(), primary_key=True)); '
            'op.add_column("runs", sa.Column("leg", sa.BigInteger(), sa.ForeignKey("legs.id")))',
            'op.drop_table("legs")',
            "another table refers to the one that is dropped",
        ),
        (
            'op.execute("ALTER TABLE runs ADD CHECK (crew_id > 0)"); '
            'op.execute("ALTER TABLE runs ADD CHECK (crew_id > 0)")',
            'op.drop_constraint("runs_crew_id_check", "runs"); '
            'op.drop_constraint("runs_crew_id_check", "runs")',
            "the second of one name is not there: the server has called it otherwise",
        ),
        (
            'op.create_table("legs", sa.Column("id", sa.BigInteger(), primary_key=True), schema=op.SCHEMA)',
            'op.execute("SELECT 1")',
            "the schema of a table is worked out as the revision runs",
        ),
        (
            'op.alter_column("runs", "pace", new_column_name="speed")',
            'op.alter_column("run", "speed", new_column_name="pace")',
            "it is about a table that nobody has made",
        ),
        (
            'op.execute(f"CREATE SEQUENCE {op.SCHEMA}.counted")',
            'op.execute("SELECT 1")',
            "so is that of a sequence",
        ),
    ],
)
def test_it_is_left(tmp_path: Path, upgrade: str, downgrade: str, why: str) -> None:
    assert completed(tmp_path, upgrade, downgrade) is None, why


def test_a_column_that_it_renames_and_keeps_is_no_hindrance(tmp_path: Path) -> None:
    upgrade = (
        'op.alter_column("laps", "a", new_column_name="b"); '
        'op.add_column("laps", sa.Column("c", sa.Text())); '
        'op.create_foreign_key("k", "laps", "crews", ["b"], ["id"])'
    )
    downgrade = 'op.alter_column("laps", "b", new_column_name="a"); op.drop_column("laps", "c")'
    assert completed(tmp_path, upgrade, downgrade) is not None


OLD = 'op.alter_column("laps", "pace", new_column_name="tempo")\n'
ADD, DROPPED = 'op.add_column("{}", sa.Column("{}", sa.Integer()))', 'op.drop_column("{}", "{}")'
RENAMED = 'op.alter_column("laps", "tempo", new_column_name="pace")'


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "added"),
    [
        (OLD, DROPPED.format("laps", "tempo"), None),  # it is gone when it would be renamed
        (OLD + ADD.format("laps", "other"), DROPPED.format("laps", "other"), RENAMED),
        (OLD + ADD.format("runs", "tempo"), DROPPED.format("runs", "tempo"), RENAMED),
    ],
)
def test_what_it_drops_is_not_renamed_behind_that(
    tmp_path: Path, upgrade: str, downgrade: str, added: str | None
) -> None:
    assert completed(tmp_path, upgrade, downgrade) == added


@pytest.mark.parametrize(("drop", "is_completed"), [("fk", True), ("slow", False)], ids=["a key", "a check"])
def test_a_check_may_have_another_name(tmp_path: Path, drop: str, is_completed: bool) -> None:
    made = completed(tmp_path, f'op.drop_constraint("{drop}", "runs")', 'op.execute("SELECT 1")', ENV)
    assert (made is not None) is is_completed


@pytest.mark.parametrize(
    ("upgrade", "downgrade"),
    [
        (
            'op.drop_index("ix", table_name="runs")',
            'op.create_index("ix", "runs", ["code"])',
        ),
        (
            'op.drop_constraint("key", "runs")',
            'op.create_unique_constraint("key", "runs", ["code", "pace"])',
        ),
    ],
)
def test_what_downgrade_makes_wrongly_is_not_made_twice(tmp_path: Path, upgrade: str, downgrade: str) -> None:
    assert completed(tmp_path, upgrade, downgrade) is None
    assert completed(tmp_path / "nothing", upgrade, 'op.execute("SELECT 1")') is not None


@pytest.mark.parametrize("other", ["", "mysql"])
def test_no_column_is_altered_where_another_database_asks_for_its_type(tmp_path: Path, other: str) -> None:
    env = f"from alembic import context\n\nOTHERS = {other!r}\ncontext.run_migrations()\n"
    upgrade = (
        'op.alter_column("runs", "code", nullable=True)\nop.add_column("runs", sa.Column("b", sa.Text()))'
    )
    made = completed(tmp_path, upgrade, 'op.drop_column("runs", "b")', env)
    assert (made is None) is bool(other)


@pytest.mark.parametrize(
    ("crews", "refers", "completed"),
    [
        ("CREATE TABLE crews (id bigint PRIMARY KEY)", "(id)", True),
        ("CREATE TABLE crews (id bigint PRIMARY KEY)", "", True),
        ("CREATE TABLE crews (id bigint UNIQUE)", "(id)", True),
        ("CREATE TABLE crews (id bigint); CREATE UNIQUE INDEX of_id ON crews (id)", "(id)", True),
        ("CREATE TABLE crews (id bigint); CREATE INDEX of_id ON crews (id)", "(id)", False),
        (
            "CREATE TABLE crews (id bigint); CREATE UNIQUE INDEX of_id ON crews (id) WHERE id > 0",
            "(id)",
            False,
        ),
        ("ALTER TABLE crews ADD COLUMN name text", "(id)", True),
        ("SELECT 1", "(id)", True),
    ],
)
def test_a_foreign_key_comes_back_where_it_can_refer(
    tmp_path: Path, crews: str, refers: str, completed: bool
) -> None:
    start = START.replace("CREATE TABLE crews (id bigint PRIMARY KEY)", crews).replace(
        "crews (id) ON", f"crews {refers} ON"
    )
    lay_out(tmp_path, start, revision('op.drop_constraint("fk", "runs")', 'op.execute("SELECT 1")'))
    made = mend(Request(tmp_path, policy="runcrew", select=("downgrade-mismatch",), cache=None), unsafe=True)
    assert made.before.report.findings
    assert bool(made.fixes) is completed


@pytest.mark.parametrize(
    ("more", "told"), [("", False), ('op.drop_constraint("crews_pkey", "crews")\n', True)]
)
def test_a_foreign_key_rests_on_another_key_of_its_columns(tmp_path: Path, more: str, told: bool) -> None:
    upgrade = 'op.create_unique_constraint("again", "crews", ["id"])'
    lay_out(tmp_path, START, revision(upgrade, f'{more}op.drop_constraint("again", "crews")'))
    made = mend(Request(tmp_path, policy="runcrew", select=("downgrade-mismatch",), cache=None), unsafe=True)
    found = [f"{each.message} {each.notes}" for each in made.before.report.findings]
    assert ["foreign key fk of runs is gone" in each for each in found] == [True] * told
