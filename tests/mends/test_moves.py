"""What moves into a revision of its own, and what does not: upgrade() and downgrade() decide it together."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request
from tests.mends.two_revisions import lay_out, revision

START = '''"""start"""
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE runs (id bigint PRIMARY KEY, note text, UNIQUE (note))")


def downgrade():
    op.execute("DROP TABLE runs")
'''
COLUMN = 'op.add_column("runs", sa.Column("pace", sa.Integer()))\n'
INDEX = 'op.create_index("ix", "runs", ["pace"])\n'
NAMELESS = 'op.create_unique_constraint(None, "runs", ["pace"])\n'
UNIQUE = 'op.create_unique_constraint("key", "runs", ["pace"])\n'
BATCH = 'with op.batch_alter_table("runs") as batch:\n'
REQUIRED = 'op.alter_column("runs", "pace", nullable=False)\n'
LAPS = 'op.execute("CREATE TABLE laps (id bigint PRIMARY KEY, pace int REFERENCES runs (pace))")'
GONE = 'op.drop_column("runs", "pace")\n'


def moved(
    folder: Path, upgrade: str, downgrade: str, after: str = "", *, start: str = START, env: str = ""
) -> str | None:
    """The file that is made of the revision's moved step, None where nothing moves."""
    versions = lay_out(folder, start, revision(upgrade, downgrade), env)
    if after:
        (versions / "0003_after.py").write_text(after)
    rules = ("index-not-concurrent", "unique-builds-index", "set-not-null")
    made = mend(Request(folder, policy="runcrew", select=rules, cache=folder / "cache"), unsafe=True)
    new = [content.decode() for path, content in made.contents.items() if path not in made.originals]
    assert len(new) < 2
    return new[0] if new else None


@pytest.mark.parametrize(
    ("upgrade", "downgrade"),
    [
        (COLUMN + INDEX, GONE),
        (COLUMN + INDEX, 'op.drop_index("ix", table_name="runs")\n' + GONE),
        (COLUMN + UNIQUE, 'op.drop_constraint("key", "runs")\n' + GONE),
        (COLUMN + NAMELESS, GONE),
        (COLUMN + NAMELESS, 'op.drop_constraint("runs_pace_key", "runs", type_="unique")\n' + GONE),
        (COLUMN + NAMELESS, 'op.drop_constraint(None, "runs", type_="unique")\n' + GONE),
        (COLUMN + REQUIRED, GONE),
        (f"{BATCH}    batch.alter_column('note', nullable=False)", "pass"),
        (COLUMN + f"{BATCH}    batch.create_unique_constraint('key', ['pace'])", GONE),
        (COLUMN + REQUIRED, "pass"),
        (COLUMN + REQUIRED.replace("nullable", "server_default='3', nullable"), GONE),
        (COLUMN + REQUIRED.replace("nullable", "type_=sa.Text(), nullable"), GONE),
        (COLUMN + REQUIRED, 'raise NotImplementedError("there is no way back")'),
        (COLUMN + INDEX + 'op.execute("UPDATE runs SET pace = 3 WHERE pace IS NULL")', GONE),
        ("op.execute(said())\n" + COLUMN + INDEX, GONE),
        ("op.execute(said())\n" + COLUMN + UNIQUE, GONE),
        (COLUMN + UNIQUE + 'op.execute("CREATE TABLE laps (id bigint PRIMARY KEY)")', GONE),
        (COLUMN + 'op.drop_index("of_laps", table_name="laps")\n' + INDEX, GONE),
    ],
)
def test_it_moves(tmp_path: Path, upgrade: str, downgrade: str) -> None:
    assert moved(tmp_path, upgrade, downgrade) is not None


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "why"),
    [
        (COLUMN + UNIQUE + 'op.execute("INSERT INTO runs VALUES (1) ON CONFLICT DO NOTHING")', GONE, "rows"),
        (COLUMN + INDEX + 'op.execute("ALTER INDEX ix RENAME TO iy")', GONE, "its name"),
        (COLUMN + INDEX + 'op.alter_column("runs", "pace", new_column_name="speed")', GONE, "its column"),
        (COLUMN + INDEX + 'op.rename_table("runs", "laps")', GONE, "its table"),
        (COLUMN + INDEX + "op.execute(said())", GONE, "what can't be read"),
        (
            f"{BATCH}    batch.create_unique_constraint('key', ['id', 'note'])",
            "pass",
            "nothing is left behind",
        ),
        (
            "op.execute(\"SET LOCAL work_mem = '1GB'\")\n"
            f"{BATCH}    batch.create_unique_constraint('key', ['id', 'note'])",
            "pass",
            "nothing is left behind but a setting",
        ),
        (COLUMN + f"if given:\n    {INDEX}", GONE, "a condition"),
        (COLUMN + f"for _ in range(2):\n    {INDEX}", GONE, "a loop"),
        (COLUMN + INDEX, 'for name in ("ix", "ix"):\n    op.drop_index(name)\n' + GONE, "the way back"),
        (COLUMN + REQUIRED.replace("False", "False, new_column_name='x'"), GONE, "it gets another name"),
        (COLUMN + NAMELESS, 2 * 'op.drop_constraint(None, "runs")\n' + GONE, "either drop may be its own"),
        (COLUMN + NAMELESS, 'op.drop_constraint(None, "runs", "check")\n' + GONE, "the drop is another's"),
        (
            COLUMN + 'op.alter_column("runs", "note", nullable=False)',
            'op.alter_column("runs", "note", nullable=True, new_column_name="said")\n' + GONE,
            "it gets another name on the way back",
        ),
        (
            'op.execute("ALTER TABLE runs ADD COLUMN pace int; CREATE INDEX ix ON runs (pace)")',
            GONE,
            "its text does more",
        ),
        (COLUMN + 'op.execute("COMMIT")\n' + INDEX, GONE, "the transaction is over"),
        (
            COLUMN + 'op.create_index("ix", "runs", ["pace"], unique=True)\n'
            'op.execute("ALTER TABLE runs ADD CONSTRAINT key UNIQUE USING INDEX ix")',
            GONE,
            "it is handed over",
        ),
        (COLUMN + UNIQUE + LAPS, GONE, "another table's key points at it"),
        (
            UNIQUE.replace("pace", "id")
            + 'op.drop_index("of_note", "runs")\n'
            + INDEX.replace("pace", "note"),
            "pass",
            "the one whose place it takes goes",
        ),
        (COLUMN + INDEX + 'op.execute("DROP EXTENSION pg_trgm")', GONE, "what may need it"),
        ("op.execute(\"SET lock_timeout = '4s'\")\n" + COLUMN + INDEX, GONE, "a timeout for the session"),
        (
            'op.drop_constraint("runs_note_key", "runs", type_="unique")\n'
            + COLUMN
            + 'op.create_unique_constraint("key", "runs", ["note", "pace"])',
            GONE,
            "one key takes another's place",
        ),
        (
            COLUMN
            + 'op.create_unique_constraint("key", "runs", ["note", "pace"])\n'
            + 'op.drop_constraint("runs_note_key", "runs", type_="unique")',
            GONE,
            "the other key goes after it",
        ),
        (
            'op.drop_constraint("runs_note_key", "runs", type_="unique")\n'
            'op.alter_column("runs", "note", new_column_name="said")\n'
            'op.create_unique_constraint("key", "runs", ["said"])',
            "pass",
            "one key takes another's place, by another name",
        ),
        (
            'op.execute(said())\nop.alter_column("runs", "note", new_column_name="said")\n'
            'op.create_unique_constraint("key", "runs", ["said"])',
            "pass",
            "what can't be read may take the other key away",
        ),
    ],
)
def test_it_stays(tmp_path: Path, upgrade: str, downgrade: str, why: str) -> None:
    assert moved(tmp_path, upgrade, downgrade) is None, why


ENV = """from alembic import context

{before}context.configure(connection=connection)
with context.begin_transaction():
    context.run_migrations()
"""


@pytest.mark.parametrize(
    ("before", "moves"),
    [
        ("", True),
        ("connection.exec_driver_sql(\"SET lock_timeout = '4s'\")\nconnection.commit()\n", True),
        ("connection.exec_driver_sql(f\"SET lock_timeout = '{given}'\")\nconnection.commit()\n", False),
        ("transaction = connection.begin()\n", False),
    ],
)
def test_it_stays_where_env_py_holds_the_transaction_or_an_unknown_timeout(
    tmp_path: Path, before: str, moves: bool
) -> None:
    new = moved(
        tmp_path,
        COLUMN + INDEX,
        GONE,
        env=ENV.format(before=before) + "transaction.commit()\n" * ("begin" in before),
    )
    assert (new is not None) == moves


def test_a_not_null_moves_for_a_later_deploy_where_env_py_holds_the_transaction(tmp_path: Path) -> None:
    env = ENV.format(before="transaction = connection.begin()\n") + "transaction.commit()\n"
    new = moved(tmp_path, COLUMN + REQUIRED, GONE, env=env)
    assert new is not None
    assert "autocommit_block" not in new
    assert new.index("VALIDATE CONSTRAINT") < new.index("SET NOT NULL") < new.index("DROP CONSTRAINT")


@pytest.mark.parametrize(
    ("said", "asked", "index_asked"),
    [
        ('if op.get_bind().dialect.name == "sqlite":\n    op.execute("SELECT 1")\n', True, False),
        ('if op.get_bind().dialect.name == "postgresql":\n    op.execute("SELECT 1")\n', False, False),
        ('op.create_table("a", sa.Column("id", sa.Integer()), mysql_engine="InnoDB")\n', True, True),
    ],
)
def test_what_other_databases_run_too_moves_for_postgresql(
    tmp_path: Path, said: str, asked: bool, index_asked: bool
) -> None:
    for step, expected in ((REQUIRED, asked), (INDEX, index_asked)):
        new = moved(tmp_path / step[3:8], said + COLUMN + step, GONE)
        assert new is not None
        bodies = [each.partition("\n")[2].strip() for each in new.split("grade():")[1:]]
        assert [each.startswith("if op.get_context()") for each in bodies] == [expected] * 2


def test_what_env_py_says_of_another_database_counts_for_all(tmp_path: Path) -> None:
    env = ENV.format(before="ENGINE = 'mysql_engine'\n")
    new = moved(tmp_path, COLUMN + INDEX, GONE, env=env)
    assert new is not None and 'dialect.name == "postgresql"' in new


def test_a_script_of_another_tool_has_no_revisions(tmp_path: Path) -> None:
    scripts = {
        "0001_start": "CREATE TABLE runs (id bigint PRIMARY KEY, at timestamptz);",
        "0002_change": "ALTER TABLE runs ADD COLUMN pace int;\nCREATE INDEX ix ON runs (pace);",
    }
    for name, text in scripts.items():
        path = tmp_path / f"db/migrations/{name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"-- migrate:up\n{text}\n\n-- migrate:down\n")
    request = Request(tmp_path, policy="runcrew", select=("index-not-concurrent",), cache=None)
    made = mend(request, unsafe=True)
    assert [each.rule for each in made.outcome.report.findings] and not made.fixes


@pytest.mark.parametrize("words", ["PARTITION BY RANGE (id)", ""])
def test_it_stays_on_a_partitioned_table(tmp_path: Path, words: str) -> None:
    start = START.replace(", UNIQUE (note))", f") {words}")
    assert (moved(tmp_path, COLUMN + INDEX, GONE, start=start) is None) == bool(words)


def test_it_stays_where_a_child_does_not_name_its_parent(tmp_path: Path) -> None:
    after = 'revision = "0003"\nPARENT = "0002"\ndown_revision = PARENT\n\n\ndef upgrade():\n    pass\n'
    assert moved(tmp_path, COLUMN + INDEX, GONE, after) is None
    assert moved(tmp_path / "named", COLUMN + INDEX, GONE, after.replace("= PARENT", '= "0002"')) is not None


@pytest.mark.parametrize(("elsewhere", "moves"), [("plugins:versions", False), ("alembic/versions", True)])
def test_it_stays_where_revisions_may_lie_elsewhere(tmp_path: Path, elsewhere: str, moves: bool) -> None:
    ini = f"[alembic]\nscript_location = alembic\nversion_locations = alembic/versions {elsewhere}\n"
    (tmp_path / "alembic.ini").write_text(ini)
    assert (moved(tmp_path, COLUMN + INDEX, GONE) is not None) is moves


def test_it_stays_where_two_histories_lie_in_one_folder(tmp_path: Path) -> None:
    other = 'revision = "b1"\ndown_revision = None\n\n\ndef upgrade():\n    pass\n'
    assert moved(tmp_path, COLUMN + INDEX, GONE, other) is None


def test_two_histories_that_are_merged_are_one(tmp_path: Path) -> None:
    head = "{}\n\n\ndef upgrade():\n    pass\n"
    other = head.format('revision = "b1"\ndown_revision = None')
    merged = head.format('revision = "m1"\ndown_revision = ("0002", "b1")')
    versions = lay_out(tmp_path, START, revision(COLUMN + INDEX, GONE))
    (versions / "b1_other.py").write_text(other)
    (versions / "m1_merged.py").write_text(merged)
    made = mend(
        Request(tmp_path, policy="runcrew", select=("index-not-concurrent",), cache=None), unsafe=True
    )
    (new,) = made.contents.keys() - made.originals.keys()
    name = new.rpartition("/")[2].partition("_")[0]
    assert f'down_revision = ("{name}", "b1")' in made.contents["alembic/versions/m1_merged.py"].decode()


def test_imports_and_comments_go_with_it(tmp_path: Path) -> None:
    index = INDEX.replace('["pace"]', '["pace"], postgresql_where=sa.text("pace > 3")')
    new = moved(tmp_path, COLUMN + "# for the board\n" + index, GONE)
    assert new is None  # the template has no place for the import of sa
    template = tmp_path / "with" / "alembic/script.py.mako"
    template.parent.mkdir(parents=True)
    template.write_text(
        '"""${message}"""\nfrom alembic import op\n${imports if imports else ""}\n\n'
        "revision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\n\n\n"
        'def upgrade():\n    ${upgrades if upgrades else "pass"}\n\n\n'
        'def downgrade():\n    ${downgrades if downgrades else "pass"}\n'
    )
    env = "from alembic import context\n\ncontext.configure()\ncontext.run_migrations()\n"
    (template.parent / "env.py").write_text(env)
    new = moved(tmp_path / "with", COLUMN + "# for the board\n" + index, GONE)
    assert new is not None
    assert "import sqlalchemy as sa\n" in new and "# for the board\n" in new


@pytest.mark.parametrize(
    ("folder", "template", "new"),
    [
        ("2025/", "%%(year)d/%%(rev)s", "2026/"),
        ("2025/01/", "%%(year)d/%%(month).2d/%%(rev)s", "2026/03/"),
        ("old/", "%%(year)d/%%(rev)s", "old/2026/"),  # the template does not count from what is above it
        ("", "%%(year)d/%%(rev)s", "2026/"),
    ],
)
def test_a_folder_of_the_file_template_counts_from_the_folder_of_all(
    tmp_path: Path, folder: str, template: str, new: str
) -> None:
    versions = tmp_path / "alembic/versions" / folder
    versions.mkdir(parents=True)
    (versions / "0001_start.py").write_text(START)
    (versions / "0002_change.py").write_text(revision(COLUMN + INDEX, GONE))
    ini = f"[alembic]\nscript_location = alembic\nfile_template = {template}\n"
    (tmp_path / "alembic.ini").write_text(ini)
    (tmp_path / "alembic/env.py").write_text("from alembic import context\n\ncontext.run_migrations()\n")
    rules = ("index-not-concurrent",)
    request = Request(tmp_path, policy="runcrew", select=rules, today=date(2026, 3, 1), cache=tmp_path / "c")
    made = mend(request, unsafe=True)
    (path,) = made.contents.keys() - made.originals.keys()
    assert path.rpartition("/")[0] + "/" == f"alembic/versions/{new}"


@pytest.mark.parametrize(
    ("condition", "stays"),
    [
        ("skipped(op, __name__)", False),
        ("not (engine.dialect.name == 'mysql')", False),
        ("not index_exists('ix')", True),
        ("'ix' not in {each['name'] for each in inspector.get_indexes('runs')}", True),
        ("engine.dialect.name == 'mysql'", True),
    ],
)
def test_an_index_under_a_condition(tmp_path: Path, condition: str, stays: bool) -> None:
    versions = tmp_path / "alembic/versions"
    versions.mkdir(parents=True)
    (versions / "0001_start.py").write_text(START)
    index = f'if {condition}:\n    op.create_index("ix", "runs", ["note"])'
    (versions / "0002_change.py").write_text(revision(index, "pass"))
    made = mend(Request(tmp_path, policy="runcrew", select=("index-not-concurrent",)), unsafe=False)
    assert (not made.fixes) is stays
