"""`make lint` says yes only to the expected findings."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.tools import lint_fixture

pytestmark = pytest.mark.usefixtures("git")


def _findings(*lines: int, rule: str = "known") -> list[dict[str, Any]]:
    return [{"path": "a", "line": line, "rule": rule} for line in lines]


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fixture = tmp_path / "runcrew"
    fixture.mkdir()
    (fixture / "a").write_text("text\n")
    rules = tmp_path / "rules" / "family"
    rules.mkdir(parents=True)
    (rules / "known.yaml").touch()
    expected = tmp_path / "runcrew.expected.yaml"
    expected.write_text(json.dumps([*_findings(1, 2), *_findings(9, rule="to-come")]))
    monkeypatch.setattr(lint_fixture, "ROOT", tmp_path)
    monkeypatch.setattr(lint_fixture, "FIXTURE", fixture)
    monkeypatch.setattr(lint_fixture, "EXPECTED", expected)
    monkeypatch.setattr(lint_fixture, "RULES", rules.parent)


@pytest.mark.parametrize(
    ("lines", "code", "exit_code", "words"),
    [
        ((1, 2), 1, 0, []),
        ((1,), 1, 1, ["missing     a:2 known"]),
        ((1, 2, 3), 1, 1, ["unexpected  a:3 known"]),
        ((1, 2), 0, 2, ["exited with 0"]),
        ((), 2, 2, ["exited with 2"]),
    ],
)
@pytest.mark.usefixtures("planted")
def test_the_exit_code(
    lines: tuple[int, ...],
    code: int,
    exit_code: int,
    words: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        assert (folder / ".git").is_dir()
        return subprocess.CompletedProcess(
            arguments, code, stdout=json.dumps({"findings": _findings(*lines)})
        )

    monkeypatch.setattr(lint_fixture, "lint", lint)
    assert lint_fixture.main() == exit_code
    said = capsys.readouterr()
    assert all(word in said.err for word in words)
    assert bool(said.err) == bool(exit_code)
    assert ("planted for 1 rules to come" in said.out) == (exit_code == 0)


@pytest.mark.usefixtures("planted")
def test_a_linter_that_breaks_down_is_not_a_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # An uncaught exception exits with 1, as findings do.
    broken = subprocess.CompletedProcess([], 1, stdout="")
    monkeypatch.setattr(lint_fixture, "lint", lambda *_: broken)
    assert lint_fixture.main() == 2
    assert "broke down" in capsys.readouterr().err


def test_without_git_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PATH", "")
    assert lint_fixture.main() == 2
    assert "git is not installed" in capsys.readouterr().err
