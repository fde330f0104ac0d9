"""A downgrade() that is written anew: where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request
from tests.mends.test_moves import START as NOTED
from tests.mends.two_revisions import lay_out, revision

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


START = UPGRADE.replace("runs (id", "log.runs (id") + DOWNGRADE.replace(
    "op.drop_table", "op.execute"
).replace('"runs"', '"DROP TABLE log.runs"')
INDEX = '''"""index"""
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.create_index("ix_runs", "runs", ["id"], schema="log")
    op.create_index("ix_more", "runs", ["id"], schema="log")


def downgrade():
    op.execute("{dropped}")
'''


@pytest.mark.parametrize(
    ("dropped", "fixes"),
    [("DROP INDEX log.ix_more", 1), ("DROP INDEX IF EXISTS ix_runs; DROP INDEX log.ix_more", 0)],
)
def test_what_may_be_dropped_already_is_not_added(tmp_path: Path, dropped: str, fixes: int) -> None:
    versions = tmp_path / "alembic/versions"
    versions.mkdir(parents=True)
    (versions / "0001_start.py").write_text(START)
    (versions / "0002_index.py").write_text(INDEX.format(dropped=dropped))
    request = Request(tmp_path, policy="runcrew", select=("downgrade-mismatch",), cache=None)
    made = mend(request, unsafe=True)
    assert made.before.report.findings and len(made.fixes) == fixes


@pytest.mark.parametrize(("count", "last", "fixes"), [(9, "", 9), (10, "", 0), (10, DOWNGRADE, 9)])
def test_a_history_that_never_leads_back_is_left(tmp_path: Path, count: int, last: str, fixes: int) -> None:
    versions = tmp_path / "alembic/versions"
    versions.mkdir(parents=True)
    for at in range(1, count + 1):
        text = UPGRADE.replace('"0001"', f'"{at:04}"').replace("runs", f"runs_{at}")
        text = text.replace("= None", f'= "{at - 1:04}"' if at > 1 else "= None")
        back = last.replace("runs", f"runs_{at}") if at == count else ""
        (versions / f"{at:04}_runs.py").write_text(text + back)
    request = Request(tmp_path, policy="runcrew", select=("empty-downgrade",), cache=None)
    assert len(mend(request, unsafe=True).fixes) == fixes


@pytest.mark.parametrize(("renames", "told"), [(True, False), (False, True)])
def test_a_key_that_was_made_elsewhere_may_come_back(tmp_path: Path, *, renames: bool, told: bool) -> None:
    rename = 'op.execute("ALTER TABLE runs RENAME CONSTRAINT made_elsewhere TO noted")'
    start = NOTED.replace(", UNIQUE (note)", "").replace(
        'note text)")', 'note text)")\n    ' + (rename if renames else "pass")
    )
    back = """op.create_table(
    "runs",
    sa.Column("id", sa.BigInteger(), nullable=False),
    sa.Column("note", sa.Text()),
    sa.PrimaryKeyConstraint("id", name="runs_pkey"),
    sa.UniqueConstraint("note", name="noted"),
)"""
    lay_out(tmp_path, start, revision('op.drop_table("runs")', back))
    made = mend(Request(tmp_path, policy="runcrew", select=("downgrade-mismatch",), cache=None), unsafe=True)
    assert bool(made.before.report.findings) is told
    assert bool(made.fixes) is told
