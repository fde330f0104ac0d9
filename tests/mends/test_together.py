"""A block commits what stands before it: not where only the transaction holds that together with the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request
from tests.mends.test_moves import COLUMN, START
from tests.mends.two_revisions import lay_out, revision

INDEX = 'op.create_index("ix", "runs", ["note"])\n'
SECOND = "alembic/versions/0002_change.py"


def sent(sql: str) -> str:
    """Statements, each in a call of its own."""
    return "".join(f"op.execute({each.strip()!r})\n" for each in sql.split(";") if each)


def in_place(folder: Path, before: str, behind: str, index: str = INDEX) -> bool:
    """Whether an index between some statements gets its block there."""
    lay_out(folder, START, revision(sent(before) + index + sent(behind), "pass"))
    request = Request(folder, policy="runcrew", select=("index-not-concurrent",))
    return b"autocommit_block" in mend(request, unsafe=True).contents.get(SECOND, b"")


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("SET LOCAL session_replication_role = replica", "UPDATE runs SET note = 'a' WHERE id = 1"),
        ("SET LOCAL ROLE owner", "GRANT SELECT ON runs TO reader"),
        ("SELECT set_config('search_path', 'archive', true)", ""),
        ("SET CONSTRAINTS ALL DEFERRED", "UPDATE runs SET note = 'a' WHERE id = 1"),
        ("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "UPDATE runs SET note = 'a' WHERE id = 1"),
        ("SAVEPOINT here", "RELEASE SAVEPOINT here"),
        ("LOCK TABLE runs IN SHARE MODE", "UPDATE runs SET note = 'a' WHERE id = 1"),
        ("SELECT pg_advisory_xact_lock(42)", ""),
        ("SELECT pg_try_advisory_xact_lock_shared(42)", ""),
        ("CREATE TEMP TABLE IF NOT EXISTS t ON COMMIT DROP AS SELECT 1", "SELECT * FROM t"),
        ("DROP VIEW IF EXISTS v", "CREATE VIEW v AS SELECT id FROM runs"),
        ("DROP TRIGGER IF EXISTS t ON runs", "CREATE TRIGGER u BEFORE INSERT ON runs EXECUTE FUNCTION f()"),
        ("DROP FUNCTION IF EXISTS f()", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
        ("DROP TYPE IF EXISTS t", "CREATE TYPE t AS ENUM ('a')"),
        ("DROP SEQUENCE IF EXISTS s", "CREATE SEQUENCE s"),
        ("ALTER TABLE runs ALTER note DROP DEFAULT", "ALTER TABLE runs ALTER note SET DEFAULT 'a'"),
        ("ALTER TABLE runs ALTER note DROP NOT NULL", "ALTER TABLE runs ALTER note SET NOT NULL"),
        ("ALTER TABLE runs DROP CONSTRAINT IF EXISTS c", "ALTER TABLE runs ADD CONSTRAINT c CHECK (id > 1)"),
        ("ALTER TABLE runs DISABLE TRIGGER ALL", "ALTER TABLE runs ENABLE ALWAYS TRIGGER ALL"),
        ("ALTER TABLE runs DISABLE RULE r", "ALTER TABLE runs ENABLE RULE r"),
        ("ALTER TABLE runs DISABLE ROW LEVEL SECURITY", "ALTER TABLE runs ENABLE ROW LEVEL SECURITY"),
        ("ALTER TABLE runs NO FORCE ROW LEVEL SECURITY", "ALTER TABLE runs FORCE ROW LEVEL SECURITY"),
        ("DROP POLICY IF EXISTS p ON runs", "CREATE POLICY q ON runs USING (true)"),
        ("DROP RULE IF EXISTS r ON runs", "CREATE RULE r AS ON INSERT TO runs DO NOTHING"),
        ("REVOKE INSERT ON runs FROM app", "GRANT INSERT ON runs TO app"),
        ("DELETE FROM runs WHERE id < 9", "INSERT INTO runs VALUES (1, 'a')"),
        ("TRUNCATE runs", "INSERT INTO runs VALUES (1, 'a')"),
    ],
)
def test_no_block_comes_between(tmp_path: Path, before: str, behind: str) -> None:
    assert not in_place(tmp_path, before, behind)


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT"),
        ("SET LOCAL lock_timeout = '1s'", "UPDATE runs SET note = 'a' WHERE id = 1"),
        ("SELECT pg_advisory_lock(42)", "SELECT pg_advisory_unlock(42)"),
        ("CREATE TEMP TABLE IF NOT EXISTS t AS SELECT 1", "SELECT * FROM t"),
        ("DROP VIEW IF EXISTS v", "CREATE VIEW w AS SELECT id FROM runs"),
        ("DROP FUNCTION IF EXISTS f()", "CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
        ("ALTER TABLE runs ALTER note DROP DEFAULT", "ALTER TABLE runs ALTER id SET DEFAULT 1"),
        ("ALTER TABLE runs DROP CONSTRAINT IF EXISTS c", "ALTER TABLE other ADD CONSTRAINT c CHECK (id > 1)"),
        ("ALTER TABLE runs DISABLE TRIGGER ALL; ALTER TABLE runs ENABLE TRIGGER ALL", "SELECT 1"),
        ("DROP POLICY IF EXISTS p ON runs", "CREATE POLICY p ON other USING (true)"),
        ("DELETE FROM runs WHERE id < 9", "DELETE FROM runs WHERE id < 10"),
    ],
)
def test_what_is_whole_is_committed(tmp_path: Path, before: str, behind: str) -> None:
    assert in_place(tmp_path, before, behind)


def test_a_constraint_is_known_by_what_it_is_said_to_be(tmp_path: Path) -> None:
    drop = 'op.drop_constraint("c", "runs", type_="foreignkey", if_exists=True)\n'
    assert in_place(tmp_path / "a", "", "ALTER TABLE runs ADD CONSTRAINT c CHECK (id > 1)", drop + INDEX)
    foreign = "ALTER TABLE runs ADD CONSTRAINT c FOREIGN KEY (id) REFERENCES other (id)"
    assert not in_place(tmp_path / "b", "", foreign, drop + INDEX)


def test_what_a_block_before_has_committed_is_not_torn_apart(tmp_path: Path) -> None:
    block = (
        "with op.get_context().autocommit_block():\n    op.execute('ALTER TABLE runs DISABLE TRIGGER ALL')\n"
    )
    versions = lay_out(
        tmp_path, START, revision(block + INDEX + sent("ALTER TABLE runs ENABLE TRIGGER ALL"), "pass")
    )
    request = Request(tmp_path, policy="runcrew", select=("index-not-concurrent",))
    made = mend(request, unsafe=True).contents[f"{versions.relative_to(tmp_path)}/0002_change.py"]
    assert made.count(b"postgresql_concurrently") == 2


@pytest.mark.parametrize(
    "setting",
    [
        "SET LOCAL search_path TO archive",
        "SET ROLE owner",
        "SET LOCAL SESSION AUTHORIZATION owner",
        "SET SESSION AUTHORIZATION owner",
    ],
)
def test_what_stands_under_a_setting_does_not_move_away_from_it(tmp_path: Path, setting: str) -> None:
    of_column = INDEX.replace("note", "pace")
    lay_out(tmp_path, START, revision(sent(setting) + COLUMN + of_column, "pass"))
    made = mend(Request(tmp_path, policy="runcrew", select=("index-not-concurrent",)), unsafe=True)
    assert not made.contents


def test_an_enum_does_not_grow_in_between(tmp_path: Path) -> None:
    start = START.replace("note text,", "note kind,").replace(
        'op.execute("CREATE TABLE', "op.execute(\"CREATE TYPE kind AS ENUM ('a'); CREATE TABLE"
    )
    grow = sent(
        "ALTER TYPE kind RENAME TO kind_old;CREATE TYPE kind AS ENUM ('a', 'b');"
        "ALTER TABLE runs ALTER note TYPE kind USING note::text::kind;DROP TYPE kind_old"
    )
    request = ("type-change-rewrites",)
    for before, count in (("SELECT 1", 1), ("SET LOCAL ROLE owner", 0)):
        folder = tmp_path / str(count)
        lay_out(folder, start, revision(sent(before) + grow, "pass"))
        made = mend(Request(folder, policy="runcrew", select=request), unsafe=True)
        assert made.contents.get(SECOND, b"").count(b"ADD VALUE") == count


RENAME = 'op.alter_column("runs", "note", new_column_name="memo")\n'
CALLED = 'op.rename_table("runs", "laps")\n'
GONE = 'op.drop_index("of_level", table_name="{}")\n'


@pytest.mark.parametrize(
    ("upgrade", "goes"),
    [
        (GONE.format("runs") + RENAME + 'op.create_index("of_more", "runs", ["memo"])\n', False),
        (RENAME + GONE.format("runs") + 'op.create_index("of_more", "runs", ["memo"])\n', False),
        (COLUMN + GONE.format("runs") + 'op.create_index("of_more", "runs", ["pace"])\n', False),
        (GONE.format("runs") + RENAME + 'op.create_index("of_more", "other", ["id"])\n', True),
        (GONE.format("runs") + 'op.create_index("of_more", "runs", ["id", "note"])\n', True),
        (INDEX + GONE.format("runs") + RENAME, True),
        (GONE.format("runs") + CALLED + 'op.create_index("of_more", "laps", ["id"], unique=True)\n', False),
    ],
)
def test_no_index_goes_ahead_of_the_one_that_takes_its_place(
    tmp_path: Path, upgrade: str, goes: bool
) -> None:
    more = "CREATE INDEX of_level ON runs (note); CREATE TABLE other (id int)"
    lay_out(tmp_path, START.replace("UNIQUE (note))", f"UNIQUE (note)); {more}"), revision(upgrade, "pass"))
    made = mend(Request(tmp_path, policy="runcrew", select=("drop-index-not-concurrent",)), unsafe=True)
    assert (b"CONCURRENTLY" in made.contents.get(SECOND, b"").upper()) is goes


def test_an_index_is_built_ahead_of_one_that_stays(tmp_path: Path) -> None:
    asks = 'if sa.inspect(op.get_bind()).has_index("runs", "i"):\n    op.create_index("i", "runs", ["id"])\n'
    assert in_place(tmp_path, "", "", INDEX + asks)


def test_no_index_moves_away_from_the_one_whose_place_it_takes(tmp_path: Path) -> None:
    more = "CREATE INDEX of_level ON runs (note); CREATE TABLE other (id int)"
    start = START.replace("UNIQUE (note))", f"UNIQUE (note)); {more}")
    build = 'op.create_index("of_more", "laps", ["note"])\n'
    for of, count in (("runs", 0), ("other", 1)):
        other = start.replace(
            "of_level ON runs (note); CREATE TABLE other (id int)", "of_level ON other (id)"
        )
        other = other.replace("CREATE INDEX", "CREATE TABLE other (id int); CREATE INDEX")
        folder = tmp_path / of
        lay_out(folder, start if of == "runs" else other, revision(GONE.format(of) + CALLED + build, "pass"))
        made = mend(Request(folder, policy="runcrew", select=("index-not-concurrent",)), unsafe=True)
        assert len(made.contents.keys() - made.originals.keys()) == count
