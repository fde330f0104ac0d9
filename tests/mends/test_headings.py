"""A comment goes where its statement goes, and one that heads several stays with those that stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request
from tests.mends.test_moves import COLUMN, GONE, INDEX, START
from tests.mends.two_revisions import lay_out, revision

DROP = 'op.drop_index("ix", table_name="runs")\n'
ENV = "from alembic import context\n\ncontext.configure()\ncontext.run_migrations()\n"
BATCH = 'with op.batch_alter_table("runs") as batch:\n'


def parts(folder: Path, upgrade: str, downgrade: str) -> tuple[str, str]:
    """What becomes of the revision, and the new one behind it."""
    lay_out(folder, START, revision(upgrade, downgrade))
    rules = ("index-not-concurrent", "unique-builds-index")
    made = mend(Request(folder, policy="runcrew", select=rules, cache=folder / "cache"), unsafe=True)
    (new,) = made.contents.keys() - made.originals.keys()
    return made.contents["alembic/versions/0002_change.py"].decode(), made.contents[new].decode()


@pytest.mark.parametrize(
    ("comment", "stays"),
    [
        ("# runs", True),
        ("# Runs: pace", True),
        ("# the index of runs", False),
        ("# indexes of runs", False),
        ("# so that the board is quick", False),
        ("# ix", False),
    ],
)
def test_a_heading_of_what_stays_stays(tmp_path: Path, comment: str, stays: bool) -> None:
    old, new = parts(tmp_path, COLUMN + INDEX, f"{comment}\n{DROP}{GONE}")
    assert (f"    {comment}\n    {GONE}" in old) is stays
    assert (comment in new.partition("def downgrade")[2]) is not stays
    assert (old + new).count(comment) == 1


@pytest.mark.parametrize(
    ("downgrade", "stays"),
    [
        (f"# runs\n{DROP}\n{GONE}", False),  # a blank line ends what it heads
        (f"# runs\n{DROP}# and its column\n{GONE}", True),
        (f"op.execute('SELECT 1')\n# runs\n{DROP}{GONE}", True),
    ],
)
def test_what_a_heading_heads(tmp_path: Path, downgrade: str, stays: bool) -> None:
    old, new = parts(tmp_path, COLUMN + INDEX, downgrade)
    assert ("# runs\n" in old, "# runs\n" in new) == (stays, not stays)
    assert "# and its column" in old or "column" not in downgrade.partition("drop_column")[0]


def test_a_heading_in_upgrade_stays_too(tmp_path: Path) -> None:
    note = 'op.execute("UPDATE runs SET note = 1 WHERE id = 1")\n'
    old, new = parts(tmp_path, f"{COLUMN}\n# runs\n{INDEX}{note}", DROP + GONE)
    assert "    # runs\n    op.execute(" in old and "# runs" not in new


def test_one_of_several_that_go_goes_once(tmp_path: Path) -> None:
    more = 'op.create_index("more", "runs", ["pace", "id"])\n'
    back = '# runs\nop.drop_index("more", table_name="runs")\n' + DROP
    old, new = parts(tmp_path, COLUMN + INDEX + more, back + "\n" + GONE)
    assert "# runs" not in old
    assert new.partition("def downgrade")[2].count("# runs\n") == 1


def test_in_a_batch_it_stays_likewise(tmp_path: Path) -> None:
    up = f"{COLUMN}{BATCH}    batch.create_unique_constraint('key', ['pace'])\n"
    drop = "    batch.drop_constraint('key', type_='unique')\n"
    back = f"{BATCH}    # pace\n{drop}    batch.drop_column('pace')"
    old, new = parts(tmp_path, up, back)
    assert "        # pace\n        batch.drop_column('pace')" in old and "# pace" not in new


def test_no_timeout_is_left_above_nothing(tmp_path: Path) -> None:
    lay_out(tmp_path, START, revision(COLUMN + INDEX, DROP), ENV)
    rules = ("index-not-concurrent", "lock-timeout-missing")
    made = mend(Request(tmp_path, policy="runcrew", select=rules, cache=tmp_path / "cache"), unsafe=True)
    old = made.contents["alembic/versions/0002_change.py"].decode()
    assert old.count("SET LOCAL") == 1 and old.endswith("def downgrade():\n    pass\n")


def test_a_heading_of_both_goes_and_stays(tmp_path: Path) -> None:
    comment = "# the index and the column"
    old, new = parts(tmp_path, COLUMN + INDEX, f"{comment}\n{DROP}{GONE}")
    assert f"    {comment}\n    {GONE}" in old and comment in new.partition("def downgrade")[2]
