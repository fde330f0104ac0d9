"""An enum that is made anew with more labels: they are added, or nothing is offered."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request
from runcrew_lint.model.mend import Safety
from tests.mends.test_fills import functions, revision

START = """
    op.execute("CREATE TYPE pace AS ENUM ('slow', 'fast')")
    op.execute("CREATE TABLE runs (id bigint PRIMARY KEY, pace pace)")
"""
RENAMED = 'op.execute("ALTER TYPE pace RENAME TO old_pace")\n'
MADE = "sa.Enum('slow', 'steady', 'fast', name='pace').create(op.get_bind())\n"
CAST = 'op.execute("ALTER TABLE runs ALTER pace TYPE pace USING pace::text::pace")\n'
DROPPED = 'op.execute("DROP TYPE old_pace")\n'
ANEW = RENAMED + MADE + CAST + DROPPED
LOCAL = """op.execute("SET LOCAL lock_timeout = '4s'")\n"""


def extended(folder: Path, upgrade: str) -> str | None:
    """What the fix leaves of the second revision's functions; None for no fix."""
    versions = folder / "alembic/versions"
    versions.mkdir(parents=True)
    (versions / "0001_start.py").write_text(revision("0001", None, START))
    (versions / "0002_change.py").write_text(revision("0002", "0001", upgrade))
    request = Request(folder, policy="runcrew", select=("type-change-rewrites",), cache=folder / "cache")
    made = mend(request, unsafe=True)
    if not made.fixes:
        return None
    assert {each.safety for each in made.fixes} == {Safety.SAFE}
    (content,) = made.contents.values()
    return content.decode().partition("def upgrade():\n")[2]


ADDED = "ALTER TYPE pace ADD VALUE IF NOT EXISTS"
CASES = {
    "between two labels, with a comment and what comes after": (
        f'# a third one\n{ANEW}\nop.add_column("runs", sa.Column("more", sa.Integer()))',
        f"""
        # a third one
        with op.get_context().autocommit_block():
            op.execute("{ADDED} 'steady' AFTER 'slow'")

        op.add_column("runs", sa.Column("more", sa.Integer()))
        """,
    ),
    "before the first, and after a new one": (
        ANEW.replace("'slow', 'steady'", "'still', 'steady', 'slow'"),
        f"""
        with op.get_context().autocommit_block():
            op.execute("{ADDED} 'still' BEFORE 'slow'")
            op.execute("{ADDED} 'steady' AFTER 'still'")
        """,
    ),
    "by one call of alembic-postgresql-enum, in an `if`": (
        """
        from alembic_postgresql_enum import TableReference

        if op.get_context().dialect.name == "postgresql":
            op.sync_enum_values(
                "public",
                "pace",
                ["slow", "fast", "sprint"],
                [TableReference(table_schema="public", table_name="runs", column_name="pace")],
                enum_values_to_rename=[],
            )
        """,
        f"""
        from alembic_postgresql_enum import TableReference

        if op.get_context().dialect.name == "postgresql":
            with op.get_context().autocommit_block():
                op.execute("{ADDED} 'sprint' AFTER 'fast'")
        """,
    ),
}


def test_the_labels_are_added_on_postgresql_alone(tmp_path: Path) -> None:
    other = 'if op.get_context().dialect.name == "mysql":\n    pass\n'
    made = extended(tmp_path, ANEW + other)
    asked = f"""
        if op.get_context().dialect.name == "postgresql":
            with op.get_context().autocommit_block():
                op.execute("{ADDED} 'steady' AFTER 'slow'")
        """
    assert made is not None and made.startswith(functions(asked).partition("\n\n")[0])


@pytest.mark.parametrize("name", CASES)
def test_the_labels_are_added(name: str, tmp_path: Path) -> None:
    before, after = CASES[name]
    assert extended(tmp_path, before) == functions(after)


@pytest.mark.parametrize(
    "upgrade",
    [
        ANEW.replace("'slow', ", ""),  # a label goes
        ANEW.replace("'slow', 'steady', 'fast'", "'fast', 'steady', 'slow'"),
        ANEW.replace("'slow', 'steady', 'fast'", "'slow', 'fast'"),
        ANEW.replace("pace::text::pace", "(CASE WHEN pace = 'slow' THEN 'steady' ELSE 'fast' END)::pace"),
        'op.add_column("runs", sa.Column("more", sa.Integer()))\n' + ANEW,  # it can't be done twice
        RENAMED + MADE + "op.execute(\"UPDATE runs SET pace = 'slow'\")\n" + CAST + DROPPED,
        RENAMED + MADE + 'op.execute("ALTER TABLE runs ALTER pace DROP DEFAULT")\n' + CAST + DROPPED,
        RENAMED + MADE + CAST,
        RENAMED
        + MADE
        + f"for table in ('runs',):\n    {CAST.replace('runs', '{table}').replace('(', '(f')}{DROPPED}",
        RENAMED + "op.execute(\"CREATE TYPE pace AS ENUM ('slow', ':', 'fast')\")\n" + CAST + DROPPED,
        f'"""A new type, so that nothing has to be committed in between."""\n{ANEW}',
        f"# all of it in one transaction\n{ANEW}",
    ],
)
def test_nothing_is_offered_where_more_is_done(upgrade: str, tmp_path: Path) -> None:
    assert extended(tmp_path, upgrade) is None


def test_a_label_that_is_not_known_is_not_written(tmp_path: Path) -> None:
    made = """op.execute("CREATE TYPE pace AS ENUM ('slow', 'fast', '%s')" % said())\n"""
    assert extended(tmp_path, RENAMED + made + CAST + DROPPED) is None
    known = made.replace("said()", "'far'")
    assert extended(tmp_path / "known", RENAMED + known + CAST + DROPPED) is not None


@pytest.mark.parametrize("lead", ["", "# why\n", LOCAL, f"{LOCAL}# why\n"])
def test_no_set_local_stands_before_the_block(tmp_path: Path, lead: str) -> None:
    versions = tmp_path / "alembic/versions"
    versions.mkdir(parents=True)
    (versions / "0001_start.py").write_text(revision("0001", None, START))
    (versions / "0002_change.py").write_text(revision("0002", "0001", lead + ANEW))
    rules = ("type-change-rewrites", "lock-timeout-missing")
    made = mend(Request(tmp_path, policy="runcrew", select=rules, cache=None), unsafe=True)
    text = made.contents["alembic/versions/0002_change.py"].decode()
    upgrade = text.partition("def upgrade():\n")[2].partition("def downgrade")[0]
    assert "SET LOCAL" not in upgrade and "autocommit_block" in upgrade
    assert not made.outcome.report.findings
