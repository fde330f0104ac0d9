"""A required column that downgrade() brings back: the rows get a value, or nothing is offered."""

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
    op.execute("CREATE TABLE crews (id bigint PRIMARY KEY)")
    op.execute("CREATE TABLE runs (id bigint PRIMARY KEY, pace {type} NOT NULL{more})")
    op.execute("CREATE TABLE log.laps (id bigint PRIMARY KEY, pace int NOT NULL)")


def downgrade():
    raise NotImplementedError
"""
DROP = 'op.drop_column("runs", "pace")'
BACK = 'op.add_column("runs", sa.Column("pace", {}, nullable=False))'


def filled(folder: Path, back: str, *, type: str = "int", more: str = "", up: str = DROP) -> str | None:
    """downgrade() as the fix leaves it; None for no fix."""
    lay_out(folder, START.format(type=type, more=more), revision(up, back))
    request = Request(folder, policy="runcrew", select=("downgrade-mismatch",), cache=None)
    made = mend(request, unsafe=True)
    assert any("comes back NOT NULL" in each.message for each in made.before.report.findings)
    text = made.contents.get("alembic/versions/0002_change.py")
    down = text.decode().partition("def downgrade():\n")[2] if text is not None else ""
    assert "server_default" not in down or not made.outcome.report.findings
    return down if "server_default" in down else None


GONE = '    op.alter_column("runs", "pace", server_default=None)\n'


@pytest.mark.parametrize(
    ("back", "type", "given"),
    [
        ("sa.Integer()", "int", 'sa.Integer(), nullable=False, server_default="0")'),
        ("sa.Text()", "text", 'sa.Text(), nullable=False, server_default="")'),
    ],
)
def test_the_rows_get_a_value_for_a_moment(tmp_path: Path, back: str, type: str, given: str) -> None:
    text = filled(tmp_path, f"{BACK.format(back)}  # again\nop.execute('SELECT 1')", type=type)
    added = f'    op.add_column("runs", sa.Column("pace", {given})  # again\n'
    assert text == f"{added}{GONE}    op.execute('SELECT 1')\n"


@pytest.mark.parametrize(
    ("name", "type", "given"),
    [
        ("created_at", "sa.DateTime()", "now()"),
        ("updatedAt", "sa.DateTime(timezone=True)", "now()"),
        ("last_modified", "sa.DateTime()", "now()"),
        ("date_added", "sa.Date()", "CURRENT_DATE"),
        ("watermark", "sa.DateTime()", ""),
        ("starts_on", "sa.Date()", ""),
        ("curated_at", "sa.DateTime()", ""),
        ("created_until", "sa.DateTime()", ""),
        ("uncreated", "sa.DateTime()", ""),
    ],
)
def test_today_is_a_value_of_what_tells_when_a_row_was_written(
    tmp_path: Path, name: str, type: str, given: str
) -> None:
    add = f'op.add_column("crews", sa.Column("{name}", {type}, nullable=False))'
    start = START.format(type="int", more="")
    lay_out(tmp_path, start, revision(add, f'op.drop_column("crews", "{name}")'))
    made = mend(Request(tmp_path, policy="runcrew", select=("not-null-without-default",)), unsafe=True)
    assert [each.rule for each in made.before.report.findings] == ["not-null-without-default"]
    text = made.contents.get("alembic/versions/0002_change.py", b"").decode()
    assert (f'server_default=sa.text("{given}")' in text) if given else not text


def test_in_a_batch_and_of_another_schema(tmp_path: Path) -> None:
    back = """
        with op.batch_alter_table("runs") as batch:
            batch.add_column(sa.Column("pace", sa.Integer(), nullable=False))
        op.add_column("laps", sa.Column("pace", sa.Integer(), nullable=False), schema="log")
    """
    up = f'{DROP}\nop.drop_column("laps", "pace", schema="log")'
    assert filled(tmp_path, back, up=up) == (
        '    with op.batch_alter_table("runs") as batch:\n'
        '        batch.add_column(sa.Column("pace", sa.Integer(), nullable=False, server_default="0"))\n'
        '        batch.alter_column("pace", server_default=None)\n'
        '    op.add_column("laps", sa.Column("pace", sa.Integer(), nullable=False, server_default="0"), '
        'schema="log")\n'
        '    op.alter_column("laps", "pace", server_default=None, schema="log")\n'
    )


INTEGER = BACK.format("sa.Integer()")


@pytest.mark.parametrize(
    ("back", "more"),
    [
        (BACK.format("sa.Uuid()"), {"type": "uuid"}),  # nobody knows a neutral one
        (BACK.format('sa.Integer(), sa.ForeignKey("crews.id")'), {}),
        (BACK.format("sa.Integer(), unique=True"), {}),
        (f'{INTEGER}\nop.create_unique_constraint("key", "runs", ["pace"])', {}),
        (f'{INTEGER}\nop.create_index("key", "runs", ["pace"], unique=True)', {}),
        (f'{INTEGER}\nop.create_foreign_key("fk", "runs", "crews", ["pace"], ["id"])', {}),
        (INTEGER, {"more": " DEFAULT 7"}),  # that would be the better one
        (INTEGER, {"up": f'{DROP}\nop.create_table("t", mysql_engine="InnoDB")'}),
        (f'for name in ("runs",):\n    {INTEGER.replace(chr(34) + "runs" + chr(34), "name")}', {}),
        (f"{INTEGER}; op.execute('SELECT 1')", {}),
        ('op.execute("ALTER TABLE runs ADD pace int NOT NULL")', {}),
    ],
)
def test_where_no_one_value_would_do(tmp_path: Path, back: str, more: dict[str, str]) -> None:
    assert filled(tmp_path, back, **more) is None


def test_a_schema_that_is_not_known_is_not_written(tmp_path: Path) -> None:
    where = "from os import environ\nwhere = environ['WHERE']\n"
    back = where + INTEGER.replace(", nullable=False)", ", nullable=False), schema=where")
    assert filled(tmp_path, back, up=where + DROP.replace('"pace"', '"pace", schema=where')) is None
