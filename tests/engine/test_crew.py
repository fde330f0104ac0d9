"""Several processes find what one finds, and nothing rests on any of them."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from runcrew_lint.cli.main import cli
from runcrew_lint.engine import cache, crew
from runcrew_lint.engine.analyse import Analyst
from runcrew_lint.engine.answers import Task
from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from

pytestmark = [
    pytest.mark.usefixtures("git"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="no forks on this system"),
]

COMMON = """from alembic import op
import sqlalchemy as sa


def add(table):
    op.add_column(table, sa.Column("note", sa.Text()))
"""


def _revision(number: int) -> str:
    parent = f'"{number - 1:04}"' if number else "None"
    return (
        f'"""step {number}"""\nfrom alembic import op\n\nfrom common import add\n\n'
        f'revision = "{number:04}"\ndown_revision = {parent}\n\n\n'
        f'def upgrade():\n    op.create_index("ix_{number}", "runs", ["c{number}"])\n\n\n'
        f'def downgrade():\n    op.drop_index("ix_{number}", table_name="runs")\n'
    )


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {f"alembic/versions/{number:04}_step.py": _revision(number) for number in range(220)}
    files |= {f"docs/{number}.md": "# nothing\n" for number in range(100)}
    files["alembic/versions/9999_broken.py"] = "down_revision = (\n"
    files["alembic/common.py"] = COMMON
    return repository_from(files, tmp_path_factory.mktemp("crew") / "repository")


@pytest.fixture
def forks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes that were made; one pays here however short the work is."""
    made: list[int] = []
    fork = os.fork

    def counted() -> int:
        pid = fork()
        made.append(pid)
        return pid

    monkeypatch.setattr(crew, "_WORTH", 1e-9)
    monkeypatch.setattr(os, "fork", counted)
    return made


def test_they_find_what_one_finds(repository: Path, forks: list[int]) -> None:
    alone = run(Request(repository, policy="runcrew"))
    assert forks == []
    together = run(Request(repository, policy="runcrew", jobs=3))
    assert len(forks) == 2
    assert together.report == alone.report
    assert len([each for each in alone.report.findings if each.rule == "index-not-concurrent"]) == 220


@pytest.mark.parametrize(("cores", "made"), [(1, 0), (2, 1), (64, 3)])
def test_nobody_asked_for_a_number(
    repository: Path, forks: list[int], monkeypatch: pytest.MonkeyPatch, cores: int, made: int
) -> None:
    alone = run(Request(repository, policy="runcrew"))
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(cores)))
    assert run(Request(repository, policy="runcrew", jobs=0)).report == alone.report
    assert len(forks) == made


def test_the_command_line_takes_what_there_is(
    repository: Path, forks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})
    arguments = ["check", "--policy", "runcrew", "--no-cache", "--exit-zero", str(repository)]
    assert CliRunner().invoke(cli, arguments).exit_code == 0
    assert len(forks) == 1
    assert CliRunner().invoke(cli, [*arguments, "--jobs", "1"]).exit_code == 0
    assert len(forks) == 1


def test_what_they_learnt_is_kept(
    repository: Path, tmp_path: Path, forks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Files as young as these prove nothing by their times, and what held no fact is then read again.
    monkeypatch.setattr(cache, "_RACY", 0)
    cold = run(Request(repository, policy="runcrew", cache=tmp_path, jobs=3))
    assert len(forks) == 2
    read: list[str] = []
    reads = Analyst._read

    def noted(self: Analyst, task: Task, key: bytes | None) -> object:
        read.append(task.path)
        return reads(self, task, key)

    monkeypatch.setattr(Analyst, "_read", noted)
    (repository / "alembic/versions/0007_step.py").write_text(_revision(7) + "\n# another\n")
    warm = run(Request(repository, policy="runcrew", cache=tmp_path, jobs=3))
    assert warm.report.findings == cold.report.findings
    assert set(read) == {"alembic/versions/0007_step.py"}, "a fact of a fork was not kept"


@pytest.mark.parametrize("ends", ["with an error", "by a signal", "with half of its word"])
def test_one_that_breaks_off(
    repository: Path, forks: list[int], monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    alone = run(Request(repository, policy="runcrew"))
    here, answered, tell = os.getpid(), Analyst._answered, crew._tell

    def broken(self: Analyst, task, key, rows):  # type: ignore[no-untyped-def]
        if os.getpid() != here and ends == "with an error":
            raise MemoryError
        if os.getpid() != here and ends == "by a signal":
            os.kill(os.getpid(), signal.SIGKILL)
        return answered(self, task, key, rows)

    def half(pipe: int, said: object) -> None:
        if ends == "with half of its word":
            os.write(pipe, b"\x80\x05half")
        else:
            tell(pipe, said)

    monkeypatch.setattr(Analyst, "_answered", broken)
    monkeypatch.setattr(crew, "_tell", half)
    assert run(replace(Request(repository, policy="runcrew"), jobs=3)).report == alone.report
    assert len(forks) == 2


def test_a_short_run_stays_alone(tmp_path: Path, forks: list[int]) -> None:
    files = {f"alembic/versions/{number:04}_step.py": _revision(number) for number in range(20)}
    run(Request(repository_from(files, tmp_path / "repository"), policy="runcrew", jobs=3))
    assert forks == []
