"""What keeps a step in its revision: each of these is refused for one reason alone, or moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request
from tests.mends.test_moves import COLUMN, GONE, INDEX, REQUIRED, START, UNIQUE, moved
from tests.mends.two_revisions import lay_out, revision

UNDO = 'op.drop_constraint("key", "runs")\n'
INSIDE = f"    {UNDO}"


@pytest.mark.parametrize(
    ("downgrade", "why"),
    [
        ("op.execute(said())\n" + GONE, "what takes it back may be hidden"),
        (2 * UNDO + GONE, "two may take it back"),
        ('op.execute("ALTER TABLE runs DROP CONSTRAINT key, DROP COLUMN pace")', "more is in one statement"),
        (f"with op.get_context().autocommit_block():\n{INSIDE}{GONE}", "it has left the transaction"),
        (f"for _ in names:\n{INSIDE}{GONE}", "a loop"),
        (f"if given:\n{INSIDE}{GONE}", "a condition"),
        (f"def undo():\n{INSIDE}\nundo()\n{GONE}", "a helper"),
    ],
)
def test_what_can_not_be_taken_back_alone_stays(tmp_path: Path, downgrade: str, why: str) -> None:
    assert moved(tmp_path, COLUMN + UNIQUE, downgrade) is None, why
    assert moved(tmp_path / "plain", COLUMN + UNIQUE, UNDO + GONE) is not None


@pytest.mark.parametrize(
    ("upgrade", "moves"),
    [
        (COLUMN + INDEX + 'op.execute("ALTER INDEX runs_note_key RENAME TO ix")', False),
        (COLUMN + INDEX + 'op.execute("ALTER INDEX runs_note_key RENAME TO iy")', True),
        (COLUMN + INDEX + 'op.alter_column("runs", "note", type_=sa.String(9))', True),
        (COLUMN + INDEX + 'op.alter_column("runs", "pace", type_=sa.String(9))', False),
        (COLUMN + REQUIRED + 'op.create_primary_key("pk", "runs", ["pace"])', False),
        ("op.execute(\"SET LOCAL lock_timeout = '4s'\")\n" + COLUMN + INDEX, True),
        # A key of other columns, an index that is none, a CHECK: nothing that keeps doubles out of these.
        ('op.drop_constraint("runs_note_key", "runs")\n' + COLUMN + UNIQUE, True),
        ('op.drop_index("of_level")\n' + COLUMN + UNIQUE, True),
        ('op.drop_constraint("ck", "runs", type_="check")\n' + COLUMN + UNIQUE, True),
        # What is not known may be one.
        ('op.drop_constraint("unknown", "runs")\n' + COLUMN + UNIQUE, False),
        ('op.drop_constraint("unknown", "runs", type_="unique")\n' + COLUMN + UNIQUE, False),
        ('op.drop_constraint("unknown", "laps", type_="unique")\n' + COLUMN + UNIQUE, True),
        ('op.drop_index("unknown", table_name="runs")\n' + COLUMN + UNIQUE, False),
        ('op.drop_index("unknown", table_name="laps")\n' + COLUMN + UNIQUE, True),
    ],
)
def test_what_stands_beside_it(tmp_path: Path, upgrade: str, moves: bool) -> None:
    start = START.replace(
        "UNIQUE (note))", "level int, UNIQUE (note)); CREATE INDEX of_level ON runs (level)"
    )
    assert (moved(tmp_path, upgrade, GONE, start=start) is not None) is moves


@pytest.mark.parametrize(("gone", "moves"), [("note", False), ("beside", True)])
def test_a_key_that_goes_with_its_column_is_one_that_goes(tmp_path: Path, gone: str, moves: bool) -> None:
    start = START.replace("UNIQUE (note))", "beside int, level int, UNIQUE (note, level))")
    key = 'op.create_unique_constraint("key", "runs", ["level", "pace"])'
    upgrade = f'op.drop_column("runs", "{gone}")\n{COLUMN}{key}'
    assert (moved(tmp_path, upgrade, GONE, start=start) is not None) is moves


def test_a_partition_has_its_index_of_the_whole(tmp_path: Path) -> None:
    whole = "CREATE TABLE days (id bigint, note text) PARTITION BY RANGE (id)"
    part = "CREATE TABLE runs PARTITION OF days FOR VALUES FROM (1) TO (9)"
    start = START.replace(
        "CREATE TABLE runs (id bigint PRIMARY KEY, note text, UNIQUE (note))", f"{whole}; {part}"
    )
    assert moved(tmp_path, COLUMN + INDEX, GONE, start=start) is None


def test_a_revision_of_which_there_are_two_stays_as_it_is(tmp_path: Path) -> None:
    twin = 'revision = "0002"\ndown_revision = "0001"\n\n\ndef upgrade():\n    pass\n'
    assert moved(tmp_path, COLUMN + INDEX, GONE, twin) is None


BATCHED_INDEX = 'with op.batch_alter_table("runs") as batch:\n    batch.create_index("ix", ["pace"])\n'
COMMENT = 'op.execute("COMMENT ON TABLE runs IS NULL")\n'


@pytest.mark.parametrize(
    ("upgrade", "moves"),
    [
        (COLUMN + 'print("indexing")\n' + INDEX, False),
        (COLUMN + 'print("indexing")\n' + BATCHED_INDEX, False),
        (COLUMN + 'logger.info("indexing")\n' + INDEX + 'logger.info("done")', False),
        (COLUMN + 'log.debug("%s", f"indexing {1}")\n' + INDEX, False),
        ('print("adding and indexing")\n' + COLUMN + INDEX, True),
        (COLUMN + 'print("indexing and more")\n' + INDEX + COMMENT, True),
        ('print("adding")\n' + COLUMN + INDEX + 'print("done")', True),
        (COLUMN + "print(ready)\n" + INDEX, True),
        (COLUMN + "print()\n" + INDEX, True),
    ],
)
def test_nobody_says_what_is_not_done_there_any_more(tmp_path: Path, upgrade: str, moves: bool) -> None:
    assert (moved(tmp_path, upgrade, GONE) is not None) is moves


def test_a_text_that_does_more_stays(tmp_path: Path) -> None:
    required = "ALTER TABLE runs ALTER COLUMN pace SET NOT NULL"
    more = f"{COLUMN}op.execute(\"{required}; COMMENT ON TABLE runs IS 'x'\")"
    assert moved(tmp_path, more, GONE) is None
    assert moved(tmp_path / "alone", f'{COLUMN}op.execute("{required}")', GONE) is not None


def test_nothing_is_sent_where_op_has_no_name(tmp_path: Path) -> None:
    imports = "from alembic.op import add_column, alter_column, drop_column\n"
    change = revision(COLUMN + REQUIRED, GONE).replace("op.", "").replace("from alembic import op\n", imports)
    lay_out(tmp_path, START, change)
    request = Request(tmp_path, policy="runcrew", select=("set-not-null",), cache=None)
    assert not mend(request, unsafe=True).fixes


@pytest.mark.parametrize(
    ("stays", "goes"),
    [
        ('kept = op.create_index("iy", "runs", ["pace"])\n', INDEX),
        ('op.create_index("IY".lower(), "runs", ["pace"])\n', INDEX),
        ('kept = op.create_unique_constraint("other", "runs", ["pace"])\n', UNIQUE),
    ],
)
def test_what_can_not_move_stays_and_the_rest_goes(tmp_path: Path, stays: str, goes: str) -> None:
    lay_out(tmp_path, START, revision(COLUMN + stays + goes, GONE))
    rules = ("index-not-concurrent", "unique-builds-index")
    made = mend(Request(tmp_path, policy="runcrew", select=rules, cache=None), unsafe=True)
    assert [bool(each.fix) for each in made.before.report.findings] == [False, True]
    change = made.contents["alembic/versions/0002_change.py"].decode()
    assert stays in change and goes not in change


MYSQL = 'op.create_table("a", sa.Column("id", sa.Integer()), mysql_engine="InnoDB")\n'
COMMENTED = REQUIRED.replace("nullable", "comment='said', nullable")


@pytest.mark.parametrize(
    ("upgrade", "moves"),
    [
        (COLUMN + REQUIRED, True),
        (f"{COLUMN}if given:\n    {REQUIRED}", False),
        (f'{COLUMN}if op.get_bind().dialect.name == "postgresql":\n    {REQUIRED}', False),
        (COLUMN + COMMENTED, False),
        (
            f"{COLUMN}with op.batch_alter_table('runs') as b:\n    b.alter_column('pace', nullable=False)",
            True,
        ),
        (COLUMN + REQUIRED.replace("op.", "migration."), False),
    ],
)
def test_for_postgresql_alone_a_call_moves_as_a_whole(tmp_path: Path, upgrade: str, moves: bool) -> None:
    assert (moved(tmp_path, MYSQL + upgrade, GONE) is not None) is moves


SINGLE = 'op.drop_index("ix", table_name="runs"); op.drop_column("runs", "pace")'
ODD = COLUMN.replace("pace", "pa:ce")
NOTE = 'op.alter_column("runs", "pace", comment="said", nullable=False)\n'


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "why"),
    [
        (COLUMN + INDEX, SINGLE, "what takes it back shares its line"),
        (ODD + REQUIRED.replace("pace", "pa:ce"), "pass", "a colon in a text asks for a value"),
        (ODD + UNIQUE.replace("pace", "pa:ce"), "pass", "so it does where nothing is put in its place"),
        (COLUMN + f"kept = {NOTE}", GONE, "a call that stays has its value taken"),
        (COLUMN + f"{NOTE.strip()}; pass", GONE, "a call that stays shares its line"),
        (
            COLUMN + NOTE.replace("nullable=False", "**{'nullable': False}"),
            GONE,
            "the keyword is not written",
        ),
    ],
)
@pytest.mark.parametrize("elsewhere", ["", MYSQL])
def test_what_is_not_written_so_that_it_can_go_stays(
    tmp_path: Path, upgrade: str, downgrade: str, why: str, elsewhere: str
) -> None:
    assert moved(tmp_path, elsewhere + upgrade, downgrade) is None, why


ENV = "from alembic import context\n\ncontext.configure()\ncontext.run_migrations()\n"


def test_a_template_that_has_to_be_run_writes_nothing(tmp_path: Path) -> None:
    mako = tmp_path / "alembic/script.py.mako"
    mako.parent.mkdir()
    mako.write_text("<% import os %>\n")
    assert moved(tmp_path, COLUMN + INDEX, GONE, env=ENV) is None


def test_two_of_a_batch_go_behind_it_under_one_condition(tmp_path: Path) -> None:
    batch = "with op.batch_alter_table('runs') as b:\n"
    lines = [f"    b.alter_column('{name}', nullable=False)\n" for name in ("pace", "note")]
    lay_out(tmp_path, START, revision(MYSQL + COLUMN + batch + "".join(lines), GONE))
    made = mend(Request(tmp_path, policy="runcrew", select=("set-not-null",), cache=None), unsafe=True)
    change = made.contents["alembic/versions/0002_change.py"].decode()
    upgrade = change.partition("def upgrade")[2].partition("def downgrade")[0]
    assert upgrade.count('.name == "postgresql"') == 1 and upgrade.count("ADD CONSTRAINT") == 2


@pytest.mark.parametrize(("words", "mended"), [("bigint NOT NULL", True), ("bigint", False)])
def test_a_primary_key_is_built_first_where_its_columns_are_required(
    tmp_path: Path, words: str, mended: bool
) -> None:
    start = START.replace('")\n\n\ndef down', f'; CREATE TABLE laps (id {words})")\n\n\ndef down')
    lay_out(tmp_path, start, revision(COLUMN + 'op.create_primary_key("pk", "laps", ["id"])', GONE))
    request = Request(tmp_path, policy="runcrew", select=("primary-key-builds-index",), cache=None)
    made = mend(request, unsafe=True)
    assert [each.rule for each in made.before.report.findings]
    assert bool(made.fixes) is mended


@pytest.mark.parametrize(("more", "moves"), [("type_=sa.Text(), ", True), ("comment='x', ", False)])
def test_a_column_that_changes_its_type_too_has_no_check_meanwhile(
    tmp_path: Path, more: str, moves: bool
) -> None:
    step = f'op.alter_column("runs", "note", {more}nullable=False)'
    assert (moved(tmp_path, step, 'op.alter_column("runs", "note", nullable=True)') is not None) is moves


def test_indexes_leave_a_batch_before_a_step_goes_from_it(tmp_path: Path) -> None:
    batch = "with op.batch_alter_table('runs') as b:\n    b.alter_column('pace', nullable=False)\n"
    index = "    b.create_index('ix', ['pace'])\n"
    lay_out(tmp_path, START, revision(MYSQL + COLUMN + batch + index, GONE))
    request = Request(tmp_path, policy="runcrew", select=("set-not-null", "index-not-concurrent"), cache=None)
    made = mend(request, unsafe=True)
    assert sorted(bool(each.fix) for each in made.before.report.findings) == [False, True]
    assert not [each for each in made.outcome.report.findings if each.fix]


def test_a_batch_that_ends_its_file_without_a_line_break_stays(tmp_path: Path) -> None:
    tail = "with op.batch_alter_table('runs') as b:\n    b.alter_column('pace', nullable=True)"
    step = "with op.batch_alter_table('runs') as b:\n    b.alter_column('pace', nullable=False)"
    versions = lay_out(tmp_path, START, revision(MYSQL + COLUMN + step, tail).rstrip("\n"))
    request = Request(tmp_path, policy="runcrew", select=("set-not-null",), cache=None)
    assert not mend(request, unsafe=True).fixes
    change = versions / "0002_change.py"
    change.write_text(change.read_text() + "\n")
    assert mend(request, unsafe=True).fixes


BATCHED = "with op.batch_alter_table('runs') as b:\n    b.create_index('ix', ['pace'])"


@pytest.mark.parametrize(
    ("step", "moves"), [(REQUIRED, True), (NOTE, True), (INDEX, False), (BATCHED, False)]
)
@pytest.mark.parametrize("elsewhere", ["", MYSQL])
def test_op_may_have_another_name_in_the_function(
    tmp_path: Path, step: str, moves: bool, elsewhere: str
) -> None:
    renamed = f"o = op\n{elsewhere}{COLUMN}{step.replace('op.', 'o.', 1)}"
    whole = not elsewhere or step != NOTE  # another database would need the call as it was
    assert (moved(tmp_path, renamed, GONE) is not None) is (moves and whole)


LEVEL = 'op.create_unique_constraint("key", "runs", ["level"])\n'
UNREAD = "op.execute(said())\n"


@pytest.mark.parametrize(
    ("key", "moves"),
    [
        ("UNIQUE (note))", True),
        ("UNIQUE (note)); CREATE INDEX of_level ON runs (level)", True),
        ("UNIQUE (note)); CREATE UNIQUE INDEX of_note ON runs (note)", True),
        ("UNIQUE (level))", False),
        ("UNIQUE (note, level))", False),
        ("UNIQUE (note)); CREATE UNIQUE INDEX of_level ON runs (abs(level))", False),
    ],
)
def test_what_can_not_be_read_may_take_a_key_of_the_columns_away(
    tmp_path: Path, key: str, moves: bool
) -> None:
    start = START.replace("UNIQUE (note))", f"level int, {key}")
    assert (moved(tmp_path, UNREAD + COLUMN + LEVEL, UNDO + GONE, start=start) is not None) is moves


@pytest.mark.parametrize(("unread", "moves"), [("", True), (UNREAD, False)])
def test_what_can_not_be_read_may_take_a_key_of_a_half_known_table_away(
    tmp_path: Path, unread: str, moves: bool
) -> None:
    start = START.replace("id bigint PRIMARY KEY, note text, UNIQUE (note)", "LIKE laps INCLUDING ALL")
    assert (moved(tmp_path, unread + COLUMN + UNIQUE, UNDO + GONE, start=start) is not None) is moves


def test_a_key_may_have_gone_before_its_table_got_its_name(tmp_path: Path) -> None:
    start = START.replace("TABLE runs", "TABLE trips").replace("UNIQUE", "CONSTRAINT of_note UNIQUE")
    unique = LEVEL.replace("level", "note")
    change = 'op.drop_constraint("of_note", "trips")\nop.rename_table("trips", "runs")\n' + unique
    assert moved(tmp_path, change, UNDO, start=start) is None
    other = 'op.rename_table("tours", "laps")\n' + unique
    assert moved(tmp_path / "other", other, UNDO) is not None


def test_a_key_may_have_gone_before_its_table_came_to_its_schema(tmp_path: Path) -> None:
    start = START.replace("TABLE runs", "TABLE log.runs").replace("UNIQUE", "CONSTRAINT of_note UNIQUE")
    unique = LEVEL.replace("level", "note").replace('"])', '"], schema="old")')
    undo = UNDO.replace('")', '", schema="old")')
    change = 'op.drop_constraint("of_note", "runs", schema="log")\n'
    change += 'op.execute("ALTER TABLE log.runs SET SCHEMA old")\n' + unique
    assert moved(tmp_path, change, undo, start=start) is None
    there = START.replace("TABLE runs", "TABLE old.runs")
    other = 'op.execute("ALTER TABLE log.laps SET SCHEMA old")\n' + unique
    assert moved(tmp_path / "other", other, undo, start=there) is not None


@pytest.mark.parametrize(
    ("names", "moves"),
    [
        ([("note", "said"), ("said", "told")], False),
        ([("note", "told")], False),
        ([("note", "said")], True),
    ],
)
def test_a_key_follows_the_names_of_its_column(
    tmp_path: Path, names: list[tuple[str, str]], moves: bool
) -> None:
    start = START.replace("UNIQUE (note))", "told text, CONSTRAINT of_note UNIQUE (note))")
    change = 'op.drop_constraint("of_note", "runs", type_="unique")\n'
    for was, now in names:
        change += f'op.alter_column("runs", "{was}", new_column_name="{now}")\n'
    unique = LEVEL.replace("level", "told")
    assert (moved(tmp_path, change + unique, UNDO, start=start) is not None) is moves


def test_a_column_of_another_table_has_names_of_its_own(tmp_path: Path) -> None:
    start = START.replace("note))", "note)); CREATE TABLE laps (note int)")
    change = 'op.drop_constraint("runs_note_key", "runs", type_="unique")\n'
    change += 'op.alter_column("laps", "note", new_column_name="pace")\n'
    assert moved(tmp_path, change + COLUMN + UNIQUE, GONE, start=start) is not None
