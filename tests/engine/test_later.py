"""A kind that only stands beside what a rule speaks on is read when the rule asks for it, and then once."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.analyse import Analyst, Task
from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from

pytestmark = pytest.mark.usefixtures("git")

HEAD = """from alembic import op
import sqlalchemy as sa

revision = "a"
down_revision = None


def upgrade():
"""
MODEL = """from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base


class Run(Base):
    __tablename__ = "runs"
    id: Mapped[int] = mapped_column(primary_key=True)
    pace: Mapped[str]
"""
RULES = ("drop-column", "drop-column-still-used")


@pytest.mark.parametrize(
    ("body", "read", "found"),
    [
        ('op.create_index("ix", "runs", ["pace"])', [], False),
        ('op.drop_column("runs", "pace")', ["app/models.py"], True),
    ],
    ids=["nothing goes", "a column goes"],
)
def test_models_are_read_when_a_column_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, read: list[str], found: bool
) -> None:
    asked: list[str] = []
    reads = Analyst._read

    def noted(self: Analyst, task: Task, key: bytes | None) -> object:
        if task.kind.name == "mapped-tables" and task.path == "app/models.py":
            asked.append(task.path)
        return reads(self, task, key)

    monkeypatch.setattr(Analyst, "_read", noted)
    files = {
        "alembic/versions/a.py": f"{HEAD}    {body}\n\n\ndef downgrade():\n    pass\n",
        "app/models.py": MODEL,
    }
    report = run(Request(repository_from(files, tmp_path / "r"), policy="runcrew", select=RULES)).report
    assert asked == read
    assert ("drop-column-still-used" in {each.rule for each in report.findings}) is found
