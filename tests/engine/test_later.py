"""A kind that only stands beside what a rule speaks on is read when the rule asks for it, and then once; a
rule that heeds it is asked where a target gives a fact of it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.analyse import Analyst
from runcrew_lint.engine.answers import Task
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
DROPS = 'op.drop_column("runs", "pace")'
BASE = "class Base: ...  # no __tablename__ of its own\n"


@pytest.mark.parametrize(
    ("body", "about", "read", "found"),
    [
        ('op.create_index("ix", "runs", ["pace"])', (), ["a.py"], False),
        (DROPS, (), ["a.py", "models.py", "base.py"], True),
        (DROPS, ("app/models.py",), ["models.py", "a.py", "base.py"], True),
        (DROPS, ("app/base.py",), ["base.py"], False),
    ],
    ids=["nothing goes", "a column goes", "a run about the model", "a run about what maps nothing"],
)
def test_what_stands_beside_is_read_when_it_is_asked_for(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    body: str,
    about: tuple[str, ...],
    read: list[str],
    found: bool,
) -> None:
    asked: list[str] = []
    reads = Analyst._read
    telling = {
        ("migration", "alembic/versions/a.py"),
        ("mapped-tables", "app/models.py"),
        ("mapped-tables", "app/base.py"),
    }

    def noted(self: Analyst, task: Task, key: bytes | None) -> object:
        if (task.kind.name, task.path) in telling:
            asked.append(task.path.rpartition("/")[2])
        return reads(self, task, key)

    monkeypatch.setattr(Analyst, "_read", noted)
    files = {
        "alembic/versions/a.py": f"{HEAD}    {body}\n\n\ndef downgrade():\n    pass\n",
        "app/models.py": MODEL,
        "app/base.py": BASE,
    }
    request = Request(
        repository_from(files, tmp_path / "r"), policy="runcrew", select=RULES, targets=frozenset(about)
    )
    rules = {each.rule for each in run(request).report.findings}
    assert sorted(asked) == sorted(read)
    assert ("drop-column-still-used" in rules) is found
