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


def made(folder: Path, upgrade: str) -> str:
    lay_out(folder, START, revision(upgrade, "pass"))
    done = mend(Request(folder, policy="runcrew", select=("set-not-null",)), unsafe=True)
    return done.contents["alembic/versions/0002_change.py"].decode()


def test_one_that_can_not_be_mended_leaves_the_others_theirs(tmp_path: Path) -> None:
    text = made(tmp_path, SIZE + f"bind = {PACE}")
    assert text.count("VALIDATE") == 1
    assert "    bind = op.alter_column" in text


def test_those_of_another_revision_are_its_own(tmp_path: Path) -> None:
    """Even where they stand at the same place of their file."""
    folder = lay_out(tmp_path, START, revision(PACE, "pass"))
    other = (
        revision(PACE.replace("pace", "note"), "pass").replace('"0002"', '"0003"').replace('"0001"', '"0002"')
    )
    (folder / "0003_other.py").write_text(other)
    done = mend(Request(tmp_path, policy="runcrew", select=("set-not-null",)), unsafe=True)
    texts = [content.decode() for content in done.contents.values()]
    assert [text.count("VALIDATE") for text in texts] == [1, 1]


def test_those_that_move_are_proved_where_they_go(tmp_path: Path) -> None:
    added = "".join(
        f'op.add_column("runs", sa.Column("{name}", sa.Integer()))\n'
        f'op.execute("UPDATE runs SET {name} = {value} WHERE pace = {value}")\n'
        for name, value in (("one", 1), ("two", 2))
    )
    required = "".join(f'op.alter_column("runs", "{name}", nullable=False)\n' for name in ("one", "two"))
    text = made(tmp_path, added + required)
    assert "autocommit_block" not in text and text.count("NOT VALID") == 2


def test_another_database_is_sent_what_it_was(tmp_path: Path) -> None:
    asks = 'if op.get_bind().dialect.name == "mysql":\n    op.execute("SELECT 1")\n'
    text = made(tmp_path, SIZE + PACE + asks)
    assert text.count("VALIDATE") == 2 and text.count("autocommit_block") == 1
    kept = '        op.alter_column("crews", "size", existing_type=sa.Integer(), nullable=False)'
    assert f"{kept}  # at last\n        op.execute(" in text and f"    else:\n{kept}\n" in text
    assert '    else:\n        op.alter_column("runs", "pace", nullable=False)\n' in text
