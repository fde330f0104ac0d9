"""The indexes of a revision's foreign keys: one new revision for all of them, and what it is called."""

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
    op.execute("CREATE TABLE runs (id bigint PRIMARY KEY)")
    for name in ("laps", "crews", "feeds"):
        op.execute(f"CREATE TABLE {name} (id bigint PRIMARY KEY, first bigint, second bigint, other int)")


def downgrade():
    raise NotImplementedError
"""


def key(table: str, column: str) -> str:
    return f'op.create_foreign_key("{table}_{column}", "{table}", "runs", ["{column}"], ["id"])\n'


@pytest.mark.parametrize(
    ("keys", "message", "indexes"),
    [
        ([("laps", "first")], "index laps first", ["ix_laps_first"]),
        (
            [("laps", "first"), ("laps", "second")],
            "index foreign keys of laps",
            ["ix_laps_first", "ix_laps_second"],
        ),
        (
            [("laps", "first"), ("crews", "first")],
            "index foreign keys of laps and crews",
            ["ix_laps_first", "ix_crews_first"],
        ),
        (
            [("laps", "first"), ("crews", "first"), ("feeds", "first")],
            "index foreign keys",
            ["ix_laps_first", "ix_crews_first", "ix_feeds_first"],
        ),
    ],
)
def test_one_revision_builds_them_all(
    tmp_path: Path, keys: list[tuple[str, str]], message: str, indexes: list[str]
) -> None:
    lay_out(tmp_path, START, revision("".join(key(*each) for each in keys), "pass"))
    made = mend(Request(tmp_path, policy="runcrew", select=("foreign-key-without-index",)), unsafe=True)
    (text,) = (content.decode() for content in made.contents.values())
    assert text.startswith(f'"""{message}\n')
    lines = [f'        op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS {each} ON ' for each in indexes]
    assert [text.index(each) for each in lines] == sorted(text.index(each) for each in lines)
    assert not made.outcome.report.findings


def test_one_whose_name_is_taken_is_left_out(tmp_path: Path) -> None:
    taken = 'op.create_index("ix_laps_first", "laps", ["other"])\n'
    lay_out(tmp_path, START, revision(taken + key("laps", "first") + key("laps", "second"), "pass"))
    made = mend(Request(tmp_path, policy="runcrew", select=("foreign-key-without-index",)), unsafe=True)
    assert [each.fix is not None for each in made.before.report.findings] == [False, True]
    (text,) = (content.decode() for content in made.contents.values())
    assert "ix_laps_second" in text and "ix_laps_first" not in text
