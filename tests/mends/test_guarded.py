"""What is mended for PostgreSQL where another database runs the revision, too: there nothing changes."""

# ruff: noqa: E501 - a mended call is one line
from __future__ import annotations

import io
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request
from tests.mends.two_revisions import lay_out, revision

START = '''"""start"""
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    columns = [sa.Column("a", sa.Integer(), nullable=False), sa.Column("b", sa.Integer())]
    op.create_table("runs", sa.Column("id", sa.Integer(), primary_key=True), *columns, mysql_engine="InnoDB")


def downgrade():
    op.drop_table("runs")
'''
RULES = ("index-not-concurrent", "drop-index-not-concurrent", "unique-builds-index", "set-not-null")
CASES = {
    "indexes in a row, a comment between": (
        """
        op.create_index("ix_a", "runs", ["a"])  # first
        # the feed's
        op.create_index(
            "ix_b",
            "runs",
            ["b"],
        )
        """,
        """
        if op.get_context().dialect.name == "postgresql":
            with op.get_context().autocommit_block():
                op.drop_index("ix_a", table_name="runs", postgresql_concurrently=True, if_exists=True)
                op.create_index("ix_a", "runs", ["a"], postgresql_concurrently=True, if_not_exists=True)  # first
                # the feed's
                op.drop_index(
                    "ix_b",
                    table_name="runs",
                    postgresql_concurrently=True,
                    if_exists=True,
                )
                op.create_index(
                    "ix_b",
                    "runs",
                    ["b"],
                    postgresql_concurrently=True,
                    if_not_exists=True,
                )
        else:
            op.create_index("ix_a", "runs", ["a"])
            op.create_index(
                "ix_b",
                "runs",
                ["b"],
            )
        """,
    ),
    "an index that is asked for there alone": (
        """
        if op.get_context().dialect.name == "postgresql":
            op.create_index("ix_a", "runs", ["a"])
        """,
        """
        if op.get_context().dialect.name == "postgresql":
            with op.get_context().autocommit_block():
                op.drop_index("ix_a", table_name="runs", postgresql_concurrently=True, if_exists=True)
                op.create_index("ix_a", "runs", ["a"], postgresql_concurrently=True, if_not_exists=True)
        """,
    ),
    "a batch of indexes": (
        """
        with op.batch_alter_table("runs", schema=None) as batch_op:
            # the feed's
            batch_op.create_index(batch_op.f("ix_a"), ["a"])  # why
            batch_op.create_index("ix_b", ["b"])
        """,
        """
        if op.get_context().dialect.name == "postgresql":
            with op.get_context().autocommit_block():
                # the feed's
                op.drop_index(op.f("ix_a"), table_name="runs", postgresql_concurrently=True, if_exists=True)
                op.create_index(op.f("ix_a"), "runs", ["a"], postgresql_concurrently=True, if_not_exists=True)  # why
                op.drop_index("ix_b", table_name="runs", postgresql_concurrently=True, if_exists=True)
                op.create_index("ix_b", "runs", ["b"], postgresql_concurrently=True, if_not_exists=True)
        else:
            with op.batch_alter_table("runs", schema=None) as batch_op:
                batch_op.create_index(batch_op.f("ix_a"), ["a"])
                batch_op.create_index("ix_b", ["b"])
        """,
    ),
    "a key": (
        """
        op.create_unique_constraint("key", "runs", ["a"])
        """,
        """
        if op.get_context().dialect.name == "postgresql":
            with op.get_context().autocommit_block():
                op.execute("DROP INDEX CONCURRENTLY IF EXISTS key")
                op.execute("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS key ON runs (a)")
            op.execute("ALTER TABLE runs ADD CONSTRAINT key UNIQUE USING INDEX key")
        else:
            op.create_unique_constraint("key", "runs", ["a"])
        """,
    ),
    "a column that is required": (
        """
        op.alter_column(
            "runs", "b", existing_type=sa.Integer(), nullable=False
        )
        """,
        """
        if op.get_context().dialect.name == "postgresql":
            op.execute("ALTER TABLE runs DROP CONSTRAINT IF EXISTS runs_b_is_not_null")
            op.execute("ALTER TABLE runs ADD CONSTRAINT runs_b_is_not_null CHECK (b IS NOT NULL) NOT VALID")
            with op.get_context().autocommit_block():
                op.execute("ALTER TABLE runs VALIDATE CONSTRAINT runs_b_is_not_null")
            op.alter_column(
                "runs", "b", existing_type=sa.Integer(), nullable=False
            )
            op.execute("ALTER TABLE runs DROP CONSTRAINT IF EXISTS runs_b_is_not_null")
        else:
            op.alter_column(
                "runs", "b", existing_type=sa.Integer(), nullable=False
            )
        """,
    ),
}


def mended(folder: Path, upgrade: str) -> tuple[str, str]:
    """The revision before and after."""
    change = revision(upgrade, "pass")
    lay_out(folder, START, change)
    made = mend(Request(folder, policy="runcrew", select=RULES, cache=None), unsafe=True)
    again = [each.rule for each in made.outcome.report.findings if each.fix]
    assert not again, "a second --fix would change something"
    return change, made.contents.get("alembic/versions/0002_change.py", change.encode()).decode()


def _sent(text: str, dialect: str, way: str = "upgrade") -> str:
    """What a revision's upgrade() or downgrade() sends to a database of a dialect."""
    sent = io.StringIO()
    context = MigrationContext.configure(
        dialect_name=dialect, opts={"as_sql": True, "output_buffer": sent, "literal_binds": True}
    )
    with Operations.context(context):
        names: dict[str, Any] = {}
        exec(compile(text, "0002_change.py", "exec"), names)  # the text of a case above
        names[way]()
    return sent.getvalue()


@pytest.mark.parametrize("name", CASES)
def test_it_is_mended_for_postgresql_alone(tmp_path: Path, name: str) -> None:
    before, after = CASES[name]
    change, text = mended(tmp_path, before)
    assert text == revision(dedent(after), "pass")
    for dialect in ("mysql", "mssql", "oracle"):
        assert _sent(text, dialect) == _sent(change, dialect)
    assert _sent(text, "postgresql") != _sent(change, "postgresql")


COLUMN = 'op.add_column("runs", sa.Column("c", sa.Integer()))'
GONE = 'op.drop_column("runs", "c")'
BATCH = """
with op.batch_alter_table("runs") as batch_op:
    batch_op.add_column(sa.Column("c", sa.Integer()))
    # the feed's
    batch_op.create_index("ix", ["c"])
    batch_op.alter_column("b", existing_type=sa.Integer(), nullable=False)
"""
BACK = """
with op.batch_alter_table("runs") as batch_op:
    batch_op.alter_column("b", existing_type=sa.Integer(), nullable=True)
    batch_op.drop_index("ix")
    batch_op.drop_column("c")
"""
ADDED = 'op.execute("ALTER TABLE runs ADD CONSTRAINT runs_b_is_not_null CHECK (b IS NOT NULL) NOT VALID")'
DROPPED = 'op.execute("ALTER TABLE runs DROP CONSTRAINT IF EXISTS runs_b_is_not_null")'
MOVED = {
    "an index": (
        f'{COLUMN}\nop.create_index("ix", "runs", ["c"])',
        f'op.drop_index("ix", table_name="runs")\n{GONE}',
        f"""
{COLUMN}
if op.get_context().dialect.name != "postgresql":
    op.create_index("ix", "runs", ["c"])
""",
        f"""
if op.get_context().dialect.name != "postgresql":
    op.drop_index("ix", table_name="runs")
{GONE}
""",
    ),
    "out of a batch": (
        BATCH,
        BACK,
        f"""
with op.batch_alter_table("runs") as batch_op:
    batch_op.add_column(sa.Column("c", sa.Integer()))
    # the feed's
    if op.get_context().dialect.name != "postgresql":
        batch_op.create_index("ix", ["c"])
    if op.get_context().dialect.name != "postgresql":
        batch_op.alter_column("b", existing_type=sa.Integer(), nullable=False)
if op.get_context().dialect.name == "postgresql":
    {ADDED}
""",
        f"""
if op.get_context().dialect.name == "postgresql":
    {DROPPED}
with op.batch_alter_table("runs") as batch_op:
    if op.get_context().dialect.name != "postgresql":
        batch_op.alter_column("b", existing_type=sa.Integer(), nullable=True)
    if op.get_context().dialect.name != "postgresql":
        batch_op.drop_index("ix")
    batch_op.drop_column("c")
""",
    ),
    "a NOT NULL": (
        f'{COLUMN}\nop.alter_column("runs", "b", existing_type=sa.Integer(), nullable=False)',
        f'op.alter_column("runs", "b", existing_type=sa.Integer(), nullable=True)\n{GONE}',
        f"""
{COLUMN}
if op.get_context().dialect.name == "postgresql":
    {ADDED}
else:
    op.alter_column("runs", "b", existing_type=sa.Integer(), nullable=False)
""",
        f"""
if op.get_context().dialect.name == "postgresql":
    {DROPPED}
else:
    op.alter_column("runs", "b", existing_type=sa.Integer(), nullable=True)
{GONE}
""",
    ),
}


@pytest.mark.parametrize("name", MOVED)
def test_it_moves_for_postgresql_alone(tmp_path: Path, name: str) -> None:
    upgrade, downgrade, up, down = MOVED[name]
    change = revision(upgrade, downgrade)
    lay_out(tmp_path, START, change)
    made = mend(Request(tmp_path, policy="runcrew", select=RULES, cache=None), unsafe=True)
    texts = {path: content.decode() for path, content in made.contents.items()}
    text = texts.pop("alembic/versions/0002_change.py")
    assert text == revision(up, down)
    assert texts
    for dialect in ("mysql", "mssql", "oracle"):
        for way in ("upgrade", "downgrade"):
            assert _sent(text, dialect, way) == _sent(change, dialect, way)
            assert not any(_sent(each, dialect, way) for each in texts.values())
    assert not [each.rule for each in made.outcome.report.findings if each.fix]


TIMED = """from alembic import context

with engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        connection.execute("PRAGMA foreign_keys=OFF")
    else:
        connection.execute("SET lock_timeout = '4s'")
    connection.commit()
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "count"),
    [
        ('op.create_index("ix", "runs", ["a"])', 'op.drop_index("ix", table_name="runs")', 2),
        (BATCH, BACK, 6),
        (
            'with op.batch_alter_table("runs") as batch:\n    batch.create_index("ix", ["a"])',
            'op.drop_index("ix", table_name="runs")',
            2,
        ),
        (f'{COLUMN}\nop.create_index("ix", "runs", ["c"])', f'op.drop_index("ix")\n{GONE}', 4),
        ('op.create_index("ix", "runs", ["a"], postgresql_concurrently=True)', "pass", 0),
        ('op.create_index("ix", "runs", ["a"])', "pass", 2),
        ("op.execute('COMMIT')\nop.execute('CREATE INDEX CONCURRENTLY ix ON runs (a)')", "pass", 0),
    ],
)
def test_a_timeout_is_set_for_postgresql_alone(
    tmp_path: Path, upgrade: str, downgrade: str, count: int
) -> None:
    """Another database knows no lock_timeout."""
    change = revision(upgrade, downgrade)
    lay_out(tmp_path, START.replace(', mysql_engine="InnoDB"', ""), change, TIMED)
    rules = (
        *RULES,
        "concurrently-in-transaction",
        "nested-transaction",
        "empty-downgrade",
        "downgrade-mismatch",
    )
    made = mend(Request(tmp_path, policy="runcrew", select=rules, cache=None), unsafe=True)
    texts = [change, *(each.decode() for each in made.contents.values())]
    assert sum(each.count("SET lock_timeout") for each in texts) == count
    for text in texts:
        for way in ("upgrade", "downgrade"):
            assert "lock_timeout" not in _sent(text, "mysql", way)


SQL = 'op.execute("CREATE INDEX ix ON runs (a)")'


@pytest.mark.parametrize(
    ("upgrade", "asks"),
    [
        (SQL, 1),
        ('op.execute("DROP INDEX ix_b")', 1),
        (f'if op.get_bind().dialect.name == "postgresql":\n    {SQL}', 0),
        (f'if op.get_bind().dialect.name != "postgresql":\n    pass\nelse:\n    {SQL}', 0),
        (f"if is_postgres:\n    {SQL}", 0),
        (f"if not is_postgres:\n    {SQL}", 1),
        (f'if op.get_bind().dialect.name != "postgresql":\n    return\n{SQL}', 0),
        (f'if op.get_bind().dialect.name != "postgresql" or done:\n    return\n{SQL}', 0),
        (f'if op.get_bind().dialect.name != "postgresql":\n    pass\n{SQL}', 1),
        (f'if op.get_bind().dialect.name != "postgresql" and done:\n    return\n{SQL}', 1),
        (f'if ready:\n    if op.get_bind().dialect.name != "postgresql":\n        return\n{SQL}', 1),
        (f'{SQL}\nif op.get_bind().dialect.name != "postgresql":\n    return', 1),
        (
            "with op.get_context().autocommit_block():\n"
            '    op.execute("CREATE INDEX CONCURRENTLY ix ON runs (a)")',
            0,
        ),
        (f"{COLUMN}\n" + SQL.replace("(a)", "(c)"), 3),
    ],
)
def test_sql_says_concurrently_to_postgresql_alone(tmp_path: Path, upgrade: str, asks: int) -> None:
    env = TIMED.replace("SET lock_timeout = '4s'", "SELECT 1")
    start = START.replace(', mysql_engine="InnoDB"', "").replace(
        "\n\ndef downgrade", '    op.create_index("ix_b", "runs", ["b"])\n\n\ndef downgrade'
    )
    lay_out(tmp_path, start, revision(upgrade, GONE if COLUMN in upgrade else "pass"), env)
    rules = ("index-not-concurrent", "drop-index-not-concurrent", "concurrent-index-not-retryable")
    made = mend(Request(tmp_path, policy="runcrew", select=rules, cache=None), unsafe=True)
    text = "".join(each.decode() for each in made.contents.values())
    assert "CONCURRENTLY" in text
    assert text.count("if op.get_context().dialect.name") == asks


def test_what_is_announced_is_still_done_elsewhere(tmp_path: Path) -> None:
    change = revision(f'{COLUMN}\nprint("indexing")\nop.create_index("ix", "runs", ["c"])', GONE)
    lay_out(tmp_path, START, change)
    made = mend(Request(tmp_path, policy="runcrew", select=RULES, cache=None), unsafe=True)
    text = made.contents["alembic/versions/0002_change.py"].decode()
    assert 'print("indexing")\n    if op.get_context().dialect.name != "postgresql":' in text


def test_a_session_is_not_asked_for_its_database(tmp_path: Path) -> None:
    session = "session = sa.orm.Session(bind=op.get_bind())"
    sent = 'session.execute(sa.text("ALTER TABLE runs ALTER COLUMN b SET NOT NULL"))'
    down = 'op.execute("ALTER TABLE runs ALTER COLUMN b DROP NOT NULL")'
    lay_out(tmp_path, START, revision(f"{session}\n{COLUMN}\n{sent}", f"{down}\n{GONE}"))
    made = mend(Request(tmp_path, policy="runcrew", select=RULES, cache=None), unsafe=True)
    asked = 'if op.get_context().dialect.name == "postgresql":\n'
    up = f"{session}\n{COLUMN}\n{asked}    {ADDED}\nelse:\n    {sent}"
    back = f"{asked}    {DROPPED}\nelse:\n    {down}\n{GONE}"
    assert made.contents["alembic/versions/0002_change.py"].decode() == revision(up, back)


@pytest.mark.parametrize(
    ("upgrade", "kept"),
    [
        ('if op.get_context().dialect.name == "postgresql":\n    {}', False),
        ("if op.get_context().dialect.name == 'postgresql':\n    {}", False),
        ("{}", False),
        ("if ready:\n    {}", True),
        ('if ready:\n    if op.get_context().dialect.name == "postgresql":\n        {}', True),
        ('if op.get_context().dialect.name == "postgresql":\n    pass\n    {}', True),
    ],
)
def test_a_timeout_that_a_block_would_end_goes_with_its_question(
    tmp_path: Path, upgrade: str, kept: bool
) -> None:
    timeout = upgrade.format("op.execute(\"SET LOCAL lock_timeout = '4s'\")")
    _, text = mended(tmp_path, f"{timeout}\n{CASES['a key'][0].strip()}")
    before = timeout + "\n" if kept else ""
    assert text == revision(f"{before}{dedent(CASES['a key'][1]).strip()}", "pass")


@pytest.mark.parametrize(
    "upgrade",
    [
        'with op.get_context().autocommit_block():\n    op.create_index("ix", "runs", ["a"])',
        'with op.batch_alter_table(\n    "runs"\n) as batch_op:\n    batch_op.create_index("ix", ["a"])',
        'with op.batch_alter_table("runs") as batch_op:  # why\n    batch_op.create_index("ix", ["a"])',
        'with op.batch_alter_table("runs") as batch_op:\n    batch_op.create_index("ix", ["a"])\n\n    # and\n\n    batch_op.create_index("iy", ["b"])',
    ],
)
def test_what_can_not_be_parted_stays(tmp_path: Path, upgrade: str) -> None:
    change, text = mended(tmp_path, upgrade)
    assert text == change


@pytest.mark.parametrize(("engine", "named"), [(', mysql_engine="InnoDB"', False), ("", True)])
def test_no_key_is_named_as_postgresql_would_where_another_database_names_it(
    tmp_path: Path, engine: str, named: bool
) -> None:
    start = START.replace(', mysql_engine="InnoDB"', engine)
    lay_out(tmp_path, start, revision('op.create_unique_constraint(None, "runs", ["a"])', "pass"))
    request = Request(tmp_path, policy="runcrew", select=("constraint-unnamed",), cache=None)
    assert bool(mend(request, unsafe=True).fixes) is named
