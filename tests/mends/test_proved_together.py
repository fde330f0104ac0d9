"""Columns that are made NOT NULL right behind each other: one block proves them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request
from tests.mends.two_revisions import lay_out, revision

START = """from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE crews (id bigint PRIMARY KEY, size int)")
    op.execute("CREATE TABLE runs (id bigint PRIMARY KEY, pace int, note text)")


def downgrade():
    raise NotImplementedError
"""
SIZE = 'op.alter_column("crews", "size", existing_type=sa.Integer(), nullable=False)  # at last\n'
PACE = 'op.alter_column("runs", "pace", nullable=False)\n'
NOTE = 'op.execute("ALTER TABLE runs ALTER note SET NOT NULL")\n'
FILL = "op.execute(\"UPDATE runs SET note = '' WHERE note IS NULL\")\n"


def mended(folder: Path, upgrade: str) -> str:
    lay_out(folder, START, revision(upgrade, "pass"))
    made = mend(Request(folder, policy="runcrew", select=("set-not-null",)), unsafe=True)
    assert not made.outcome.report.findings
    text = made.contents["alembic/versions/0002_change.py"].decode()
    return text.partition("def upgrade():\n")[2].partition("\n\n\n")[0]


def test_they_are_proved_in_one_block(tmp_path: Path) -> None:
    assert (
        mended(tmp_path, SIZE + "# both\n" + PACE)
        == """\
    op.execute("ALTER TABLE crews DROP CONSTRAINT IF EXISTS crews_size_is_not_null")
    op.execute("ALTER TABLE crews ADD CONSTRAINT crews_size_is_not_null CHECK (size IS NOT NULL) NOT VALID")
    op.execute("ALTER TABLE runs DROP CONSTRAINT IF EXISTS runs_pace_is_not_null")
    op.execute("ALTER TABLE runs ADD CONSTRAINT runs_pace_is_not_null CHECK (pace IS NOT NULL) NOT VALID")
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE crews VALIDATE CONSTRAINT crews_size_is_not_null")
        op.execute("ALTER TABLE runs VALIDATE CONSTRAINT runs_pace_is_not_null")
    op.alter_column("crews", "size", existing_type=sa.Integer(), nullable=False)  # at last
    op.execute("ALTER TABLE crews DROP CONSTRAINT IF EXISTS crews_size_is_not_null")
    # both
    op.alter_column("runs", "pace", nullable=False)
    op.execute("ALTER TABLE runs DROP CONSTRAINT IF EXISTS runs_pace_is_not_null")"""
    )


@pytest.mark.parametrize(
    ("upgrade", "blocks"),
    [
        (SIZE + PACE + NOTE, 1),
        (SIZE + PACE + FILL + NOTE, 2),  # what is filled behind the others is proved behind that
        (SIZE + 'op.execute("SELECT 1")\n' + PACE, 2),
    ],
)
def test_what_stands_between_them_parts_them(tmp_path: Path, upgrade: str, blocks: int) -> None:
    assert mended(tmp_path, upgrade).count("autocommit_block") == blocks


def test_one_that_can_not_be_mended_leaves_the_others_theirs(tmp_path: Path) -> None:
    text = mended_where_it_can_be(tmp_path, SIZE + f"bind = {PACE}")
    assert text.count("VALIDATE") == 1
    assert "    bind = op.alter_column" in text


def mended_where_it_can_be(folder: Path, upgrade: str) -> str:
    lay_out(folder, START, revision(upgrade, "pass"))
    made = mend(Request(folder, policy="runcrew", select=("set-not-null",)), unsafe=True)
    return made.contents["alembic/versions/0002_change.py"].decode()
