"""`make draw-fixes` draws the same for a seed, few of a kind, and nothing that has been read."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.fixtures_git import repository_from
from tests.tools.draw_fixes import Drawn, cases, draw

REVISION = """from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_index("ix", "runs", ["a"])
    op.create_check_constraint("sound", "runs", "a > 0")


def downgrade():
    op.drop_constraint("sound", "runs")
    op.drop_index("ix", table_name="runs")
"""


def drawn(repository: str, rule: str, at: int) -> Drawn:
    return Drawn(repository, rule, f"{at}.py", "", ())


def test_a_draw_is_even_and_new() -> None:
    found = [drawn(name, rule, at) for name in ("one", "other") for rule in "ab" for at in range(9)]
    first = draw(found, 1, 7, 3, frozenset())
    assert len(first) == 7 == len({each.key for each in first})
    assert max(Counter((each.repository, each.rule) for each in first).values()) <= 3
    assert draw(reversed(found), 1, 7, 3, frozenset()) == first
    read = frozenset(each.key for each in first)
    again = draw(found, 1, 7, 3, read)
    assert again and read.isdisjoint(each.key for each in again)


def test_a_case_shows_what_the_file_becomes(tmp_path: Path) -> None:
    repository_from({"alembic/versions/0001_runs.py": REVISION}, tmp_path / "one")
    found = list(cases(tmp_path / "one", "runcrew", ("index-not-concurrent", "check-without-not-valid")))
    (index,) = (each for each in found if each.rule == "index-not-concurrent")
    (shown,) = index.diffs
    assert "+        op.create_index(" in shown and "postgresql_not_valid" in shown
