"""An UPDATE of new columns: their default takes its place, or nothing is offered."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request
from runcrew_lint.model.mend import Safety

START = """
    op.execute("CREATE TABLE crews (id bigint PRIMARY KEY)")
    op.execute("CREATE TABLE runs (id bigint PRIMARY KEY, crew bigint, old integer)")
"""
COLUMN = 'op.add_column("runs", sa.Column("pace", sa.Integer()))\n'
UPDATE = 'op.execute("UPDATE runs SET pace = 0")\n'
REQUIRED = 'op.alter_column("runs", "pace", nullable=False)\n'


def revision(own: str, parent: str | None, upgrade: str, downgrade: str = "pass") -> str:
    up, down = (indent(dedent(each).strip(), "    ") for each in (upgrade, downgrade))
    head = f'"""x"""\nimport sqlalchemy as sa\nfrom alembic import op\n\nrevision = "{own}"\n'
    return f"{head}down_revision = {parent!r}\n\n\ndef upgrade():\n{up}\n\n\ndef downgrade():\n{down}\n"


def mended(
    folder: Path, upgrade: str, downgrade: str = "pass", start: str = START
) -> tuple[str, Safety] | None:
    """What the fix leaves of the second revision's functions, and how safe it is; None for no fix."""
    versions = folder / "alembic/versions"
    versions.mkdir(parents=True)
    (versions / "0001_start.py").write_text(revision("0001", None, start))
    (versions / "0002_change.py").write_text(revision("0002", "0001", upgrade, downgrade))
    request = Request(folder, policy="runcrew", select=("update-without-where",), cache=folder / "cache")
    made = mend(request, unsafe=True)
    if not made.fixes:
        return None
    (content,) = made.contents.values()
    text = content.decode()
    compile(text, "x", "exec")
    return text.partition("def upgrade():\n")[2], made.fixes[0].safety


def functions(upgrade: str, downgrade: str = "pass") -> str:
    return revision("0002", "0001", upgrade, downgrade).partition("def upgrade():\n")[2]


MORE = 'op.add_column("runs", sa.Column("more", sa.Integer()))'
CASES = {
    "one that may stay empty: its default goes again": (
        COLUMN + "# every run\n" + UPDATE,
        """
        op.add_column("runs", sa.Column("pace", sa.Integer(), server_default="0"))
        # every run
        op.alter_column("runs", "pace", server_default=None)
        """,
        Safety.SAFE,
    ),
    "one that is required in the end keeps it": (
        COLUMN + UPDATE + REQUIRED,
        'op.add_column("runs", sa.Column("pace", sa.Integer(), server_default="0", nullable=False))',
        Safety.UNSAFE,
    ),
    "one that is said to take no value, at first": (
        COLUMN.replace("Integer()", "Integer(), nullable=True")
        + UPDATE
        + "# at last\n"
        + REQUIRED
        + "# on\n"
        + MORE,
        f"""
        op.add_column("runs", sa.Column("pace", sa.Integer(), nullable=False, server_default="0"))
        # on
        {MORE}
        """,
        Safety.UNSAFE,
    ),
    "what writes another table does not see it": (
        COLUMN + UPDATE + 'op.execute("UPDATE crews SET size = 1 WHERE size = 0")\n' + REQUIRED,
        """
        op.add_column("runs", sa.Column("pace", sa.Integer(), server_default="0", nullable=False))
        op.execute("UPDATE crews SET size = 1 WHERE size = 0")
        """,
        Safety.UNSAFE,
    ),
    **{
        f"required only where it is, {why}": (
            COLUMN + UPDATE + between + required,
            'op.add_column("runs", sa.Column("pace", sa.Integer(), server_default="0"))\n'
            + between
            + required,
            Safety.UNSAFE,
        )
        for why, between, required in (
            (
                "behind rows that may have none",
                'op.execute("UPDATE runs SET pace = old WHERE id = 1")\n',
                REQUIRED,
            ),
            ("behind new rows", 'op.execute("INSERT INTO runs (id) VALUES (1)")\n', REQUIRED),
            ("behind a name that goes", 'op.execute("ALTER TABLE runs RENAME old TO once")\n', REQUIRED),
            ("by SQL", "", 'op.execute("ALTER TABLE runs ALTER pace SET NOT NULL")'),
            ("with more", "", REQUIRED.replace("nullable", "comment='at last', nullable")),
            ("in a statement that is no one's alone", "", f"done = {REQUIRED}"),
        )
    },
    "two columns, by two UPDATEs right below each other": (
        COLUMN
        + 'op.add_column("runs", sa.Column("at", sa.DateTime()))\n\n'
        + UPDATE
        + 'op.execute(sa.text("update runs set at = now()"))\n\n'
        + REQUIRED
        + 'op.alter_column("runs", "at", nullable=False)\n',
        """
        op.add_column("runs", sa.Column("pace", sa.Integer(), server_default="0", nullable=False))
        op.add_column("runs", sa.Column("at", sa.DateTime(), server_default=sa.text("now()"), nullable=False))
        """,
        Safety.UNSAFE,
    ),
    "a value that the column has by its default already": (
        'op.add_column("runs", sa.Column("kind", sa.Text(), server_default="hill"))\n'
        "op.execute(\"UPDATE runs SET kind = 'hill'\")\n",
        'op.add_column("runs", sa.Column("kind", sa.Text(), server_default="hill"))',
        Safety.SAFE,
    ),
    "in an `if`, and between other statements": (
        """
        if op.get_bind().dialect.name == "postgresql":
            op.add_column("runs", sa.Column("pace", sa.Integer()))
            op.create_index("ix", "runs", ["old"])
            op.execute("UPDATE runs SET old = 1 WHERE old IS NULL")
            op.execute("UPDATE runs SET pace = 0")
        """,
        """
        if op.get_bind().dialect.name == "postgresql":
            op.add_column("runs", sa.Column("pace", sa.Integer(), server_default="0"))
            op.create_index("ix", "runs", ["old"])
            op.execute("UPDATE runs SET old = 1 WHERE old IS NULL")
            op.alter_column("runs", "pace", server_default=None)
        """,
        Safety.SAFE,
    ),
    "in a batch": (
        """
        with op.batch_alter_table("runs") as batch:
            batch.add_column(sa.Column("pace", sa.Integer()))
        with op.batch_alter_table("runs") as batch:
            batch.execute("UPDATE runs SET pace = 0")
        """,
        """
        with op.batch_alter_table("runs") as batch:
            batch.add_column(sa.Column("pace", sa.Integer(), server_default="0"))
        with op.batch_alter_table("runs") as batch:
            batch.alter_column("pace", server_default=None)
        """,
        Safety.SAFE,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_default_takes_its_place(name: str, tmp_path: Path) -> None:
    before, after, safety = CASES[name]
    assert mended(tmp_path, before) == (functions(after), safety)


def test_in_downgrade_the_default_always_goes_again(tmp_path: Path) -> None:
    made = mended(
        tmp_path, 'op.drop_column("runs", "old")', (COLUMN + UPDATE + REQUIRED).replace("pace", "old")
    )
    after = """
        op.add_column("runs", sa.Column("old", sa.Integer(), server_default="0"))
        op.alter_column("runs", "old", server_default=None)
        op.alter_column("runs", "old", nullable=False)
    """
    assert made == (functions('op.drop_column("runs", "old")', after), Safety.SAFE)


TRIGGER = 'op.execute("CREATE TRIGGER t AFTER UPDATE ON runs EXECUTE FUNCTION f()")\n'


@pytest.mark.parametrize(
    "upgrade",
    [
        'op.execute("UPDATE runs SET old = 0")',  # an older column
        COLUMN + 'op.execute("UPDATE runs SET pace = old")',
        COLUMN + 'op.execute("UPDATE runs SET pace = 0, old = 1")',
        COLUMN + 'op.execute("UPDATE runs SET pace = random()")',
        COLUMN + "op.execute(\"UPDATE runs SET pace = '\\\\n'\")",
        COLUMN + 'op.execute("UPDATE ONLY runs SET pace = 0")',
        COLUMN + 'op.get_bind().execute(sa.text("UPDATE runs SET pace = 0"))',
        COLUMN + 'op.execute("UPDATE runs SET old = pace")\n' + UPDATE,  # it sees that there is none
        COLUMN + 'op.execute("INSERT INTO runs (id) SELECT id FROM crews")\n' + UPDATE,
        COLUMN + 'op.execute("INSERT INTO crews SELECT pace FROM runs")\n' + UPDATE,
        COLUMN + 'op.execute("SELECT work()")\nop.execute(WORK)\n' + UPDATE,
        COLUMN + 'op.create_foreign_key("fk", "runs", "crews", ["pace"], ["id"])\n' + UPDATE,
        COLUMN + 'op.create_check_constraint("ck", "runs", "pace IS NULL")\n' + UPDATE,
        COLUMN + "with op.get_context().autocommit_block():\n    " + UPDATE,
        COLUMN.replace("sa.Integer()", 'sa.Integer(), sa.ForeignKey("crews.id")') + UPDATE,
        COLUMN.replace("sa.Integer()", "sa.Integer(), unique=True") + UPDATE,
        COLUMN.replace("sa.Integer()", 'sa.Integer(), server_default="1"') + UPDATE,
        'op.execute("ALTER TABLE runs ADD COLUMN pace integer")\n' + UPDATE,
        f"column = sa.Column\n{COLUMN.replace('sa.Column', 'column')}{UPDATE}",
        TRIGGER + COLUMN + UPDATE,
    ],
)
def test_nothing_is_offered_where_it_would_not_be_the_same(upgrade: str, tmp_path: Path) -> None:
    assert mended(tmp_path, upgrade) is None


def test_nothing_is_offered_for_a_table_that_the_history_does_not_make(tmp_path: Path) -> None:
    assert mended(tmp_path, COLUMN + UPDATE, start="pass") is None


BATCH = """with op.batch_alter_table("runs") as batch:
    batch.add_column(sa.Column("pace", sa.Integer()))
"""
OTHER = 'if op.get_context().dialect.name == "sqlite":\n    op.execute("SELECT 1")\n'


@pytest.mark.parametrize(
    ("upgrade", "is_mended"),
    [(COLUMN + UPDATE, False), (BATCH + UPDATE, True), (COLUMN + UPDATE + REQUIRED, True)],
)
def test_no_default_is_dropped_again_outside_a_batch_where_sqlite_runs_it(
    tmp_path: Path, upgrade: str, is_mended: bool
) -> None:
    start = f"{START}{indent(OTHER, '    ')}"
    assert (mended(tmp_path, upgrade, start=start) is not None) is is_mended
