"""What can't be read may be done twice by nobody, and may be what gives a table its key back."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request, run
from tests.mends.test_enums import ANEW, MADE, RENAMED, extended
from tests.mends.test_moves import COLUMN, GONE, START, moved
from tests.mends.test_moves import INDEX as NEW_INDEX
from tests.mends.two_revisions import lay_out, revision

HIDDEN = "op.execute(said())\n"
INDEX = 'op.create_index("ix", "runs", ["level"])\n'
KEY = 'op.create_unique_constraint("key", "runs", ["level"])\n'
REQUIRED = 'op.alter_column("runs", "level", nullable=False)\n'
DROP = 'op.drop_index("of_{}", table_name="runs")\n'
HELPER = "def change():\n    op.execute(said())\n\n\n"
BLOCK = "autocommit_block"


def mended(folder: Path, upgrade: str, *, downgrade: str = "pass", helper: str = "") -> str:
    """What becomes of the second revision, "" for nothing."""
    more = "CREATE INDEX of_level ON runs (level); CREATE UNIQUE INDEX of_all ON runs (id, note)"
    start = START.replace("UNIQUE (note))", f"level int, UNIQUE (note)); {more}")
    change = revision(upgrade, downgrade).replace("def upgrade", f"{helper}def upgrade")
    lay_out(folder, start, change)
    rules = ("unique-builds-index", "index-not-concurrent", "drop-index-not-concurrent", "set-not-null")
    made = mend(Request(folder, policy="runcrew", select=rules, cache=folder / "cache"), unsafe=True)
    return made.contents.get("alembic/versions/0002_change.py", b"").decode()


@pytest.mark.parametrize("step", [INDEX, KEY, REQUIRED])
def test_what_can_not_be_read_is_not_committed_on_the_way(tmp_path: Path, step: str) -> None:
    assert BLOCK in mended(tmp_path / "behind", step + HIDDEN)
    assert BLOCK not in mended(tmp_path / "before", HIDDEN + step)
    assert BLOCK in mended(tmp_path / "on the way back", step, downgrade=HIDDEN)


def test_a_condition_that_is_not_known_hides_nothing(tmp_path: Path) -> None:
    known = f"if said():\n    op.execute(\"COMMENT ON TABLE runs IS 'more'\")\n{INDEX}"
    assert BLOCK in mended(tmp_path, known)


def test_when_a_helper_runs_counts_and_not_where_it_stands(tmp_path: Path) -> None:
    assert BLOCK in mended(tmp_path / "behind", f"{INDEX}change()\n", helper=HELPER)
    assert BLOCK not in mended(tmp_path / "before", f"change()\n{INDEX}", helper=HELPER)
    assert BLOCK not in mended(tmp_path / "twice", f"change()\n{INDEX}change()\n", helper=HELPER)
    assert BLOCK not in mended(tmp_path / "key", f"{DROP.format('all')}change()\n", helper=HELPER)
    twice = f"change()\n{COLUMN}{NEW_INDEX}change()\n"
    assert moved(tmp_path / "stays", f"def change():\n    {HIDDEN}{twice}", GONE) is None
    assert moved(tmp_path / "moves", f"def change():\n    {HIDDEN}{twice[:-9]}", GONE) is not None


def test_what_is_behind_a_step_in_its_loop_comes_before_its_next_turn(tmp_path: Path) -> None:
    loop = 'for name in said():\n    op.create_index("ix", "runs", ["level"])\n'
    assert BLOCK in mended(tmp_path / "alone", loop)
    assert BLOCK not in mended(tmp_path / "beside", f"{loop}    {HIDDEN}")


@pytest.mark.parametrize(("name", "leaves"), [("level", True), ("all", False)])
def test_what_can_not_be_read_may_give_a_key_back(tmp_path: Path, name: str, leaves: bool) -> None:
    drop = DROP.format(name)
    assert BLOCK in mended(tmp_path / "alone", drop)
    assert (BLOCK in mended(tmp_path / "before", drop + HIDDEN)) is leaves


def test_an_enum_is_not_extended_around_what_can_not_be_read(tmp_path: Path) -> None:
    assert extended(tmp_path / "behind", ANEW + HIDDEN) is not None
    assert extended(tmp_path / "before", HIDDEN + ANEW) is None
    assert extended(tmp_path / "between", ANEW.replace(MADE, MADE + HIDDEN)) is None
    assert extended(tmp_path / "at first", ANEW.replace(RENAMED, RENAMED + HIDDEN)) is None


@pytest.mark.parametrize(("calls", "told"), [("change()\n{}", 0), ("{}change()\n", 1)])
@pytest.mark.parametrize("is_above", [True, False])
def test_a_table_of_an_unknown_history_may_be_made_by_what_ran_before(
    tmp_path: Path, calls: str, told: int, *, is_above: bool
) -> None:
    change = revision(calls.format(INDEX.replace("runs", "laps")), "pass")
    change = change.replace("def upgrade", f"{HELPER}def upgrade") if is_above else f"{change}\n\n{HELPER}"
    lay_out(tmp_path, START, change)
    report = run(Request(tmp_path, policy="runcrew", select=("index-not-concurrent",), cache=None)).report
    assert len(report.findings) == told


def test_what_is_too_long_to_follow_begins_where_it_is_left(tmp_path: Path) -> None:
    doubling = "".join(f"def h{at}():\n    h{at + 1}()\n    h{at + 1}()\n\n\n" for at in range(60))
    assert BLOCK in mended(tmp_path / "behind", f"{INDEX}h0()\n", helper=doubling)
    assert BLOCK not in mended(tmp_path / "before", f"h0()\n{INDEX}", helper=doubling)


def test_what_can_not_be_read_of_a_text_stays_with_the_rest_of_it(tmp_path: Path) -> None:
    text = 'op.execute("PERFORM more(); CREATE INDEX ix ON runs (pace)")\n'
    assert moved(tmp_path / "one", COLUMN + text, GONE) is None
    assert moved(tmp_path / "two", COLUMN + text.replace("; ", '")\nop.execute("'), GONE) is not None


LOSSES = [
    'op.execute("ALTER TABLE runs DROP COLUMN IF EXISTS pace")\n',
    'op.execute("DROP TABLE IF EXISTS laps")\n',
    'if given:\n    op.alter_column("runs", "pace", new_column_name="speed")\n',
    'if given:\n    op.rename_table("laps", "rounds")\n',
    'if given:\n    op.execute("ALTER TABLE laps SET SCHEMA old")\n',
]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("step", [INDEX, KEY])
def test_what_goes_is_not_committed_ahead_of_what_may_fail(tmp_path: Path, loss: str, step: str) -> None:
    assert BLOCK in mended(tmp_path / "behind", step + loss)
    first = loss.split("\n")[-2].strip()  # a block in front of it commits nothing
    assert BLOCK not in mended(tmp_path / "before", loss + step).rpartition(first)[2]
