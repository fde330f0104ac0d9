"""Which checks may fail, and which may not."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

import pytest

from runcrew_lint.checks.workflows import check_neutralised
from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from

pytestmark = pytest.mark.usefixtures("git")


def _lines(folder: Path, jobs: str) -> list[int]:
    files = {".github/workflows/a.yml": f"on: push\njobs:\n{jobs}", "test_a.py": ""}
    request = Request(repository_from(files, folder / "r"), select=("check-neutralised",))
    return [each.line for each in run(request).report.findings]


@pytest.mark.parametrize(
    ("command", "lines"),
    [
        ("mypy . || true", [5]),
        ("black . || true", []),
        ("black . --check || true", [5]),
        ("snyk container test app --sarif-file-output=a.sarif || true", []),
        ("snyk container test app || true", [5]),
    ],
)
def test_what_a_check_is_for(command: str, lines: list[int], tmp_path: Path) -> None:
    assert _lines(tmp_path, f"  a:\n    runs-on: x\n    steps: [{{run: '{command}'}}]\n") == lines


def test_the_job_that_lets_it_fail_is_not_the_one_that_does_not(tmp_path: Path) -> None:
    job = "  {}:\n    runs-on: x\n    steps:\n{}"
    may, must = "    - run: mypy . || true\n", "    - run: mypy .\n"
    assert _lines(tmp_path / "one", job.format("a", may + must)) == []
    assert _lines(tmp_path / "two", job.format("a", may) + job.format("b", must)) == [6]


def test_a_step_is_judged_once_however_much_it_neutralises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time the whole script is looked through."""
    looked = Mock(side_effect=check_neutralised._fault)
    monkeypatch.setattr(check_neutralised, "_fault", looked)
    script = "\n".join(f"        pytest tests/{at} || true" for at in range(40))
    assert _lines(tmp_path, f"  a:\n    runs-on: x\n    steps:\n    - run: |\n{script}\n") == [7]
    assert looked.call_count == 1
