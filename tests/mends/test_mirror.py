"""A downgrade() that is written anew: where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request

UPGRADE = '''"""runs"""
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("CREATE TABLE runs (id bigint PRIMARY KEY)")
'''
DOWNGRADE = """

def downgrade() -> None:
    op.drop_table("runs")
"""


@pytest.mark.parametrize("end", ["", "    # ### end Alembic commands ###\n", "    # one\n    # two\n"])
@pytest.mark.parametrize("more", ["", "\n\nNAMES = 1\n"])
def test_it_stands_behind_upgrade_and_its_comments(tmp_path: Path, end: str, more: str) -> None:
    path = tmp_path / "alembic/versions/0001_runs.py"
    path.parent.mkdir(parents=True)
    path.write_text(UPGRADE + end + more)
    made = mend(Request(tmp_path, policy="runcrew", select=("empty-downgrade",), cache=None), unsafe=True)
    (content,) = made.contents.values()
    assert content.decode() == UPGRADE + end + DOWNGRADE + more
