"""What a run lets go of: nobody looks for cycles while it runs, so a tree in one would stay to its end."""

from __future__ import annotations

import ast
import gc
from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from

pytestmark = pytest.mark.usefixtures("git")

REVISION = """from alembic import op
import sqlalchemy as sa

revision = "{number}"
down_revision = {before}


def at_work():
    op.execute("UPDATE runs SET a = 1")


def upgrade():
    at_work()
    op.create_index("ix_{number}", "runs", ["a"])
    op.add_column("runs", sa.Column("a{number}", sa.Text()))


def downgrade():
    op.drop_column("runs", "a{number}")
    op.drop_index("ix_{number}", table_name="runs")
"""


def test_the_trees_of_a_history(tmp_path: Path) -> None:
    """Of eight revisions, each read and mended, one tree is left: that of the file whose turn it was."""
    files = {"alembic.ini": "[alembic]\nscript_location = alembic\n"}
    for number in range(1, 9):
        before = repr(str(number - 1)) if number > 1 else None
        files[f"alembic/versions/{number}.py"] = REVISION.format(number=number, before=before)
    root = repository_from(files, tmp_path / "root")
    gc.collect()
    gc.disable()
    try:
        known = set(map(id, _trees()))
        outcome = run(Request(root, policy="runcrew"))
        left = [tree for tree in _trees() if id(tree) not in known]
    finally:
        gc.enable()
    assert sum(bool(finding.fix) for finding in outcome.report.findings) >= 8
    assert len(left) <= 1


def _trees() -> list[ast.FunctionDef]:
    found = [each for each in gc.get_objects() if isinstance(each, ast.FunctionDef)]
    return [each for each in found if each.name == "upgrade"]
