"""`make real` counts what there is, and fails where something crashes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from runcrew_lint.engine.analyse import Analyst
from tests.fixtures_git import repository_from
from tests.tools import real


@pytest.fixture
def checkouts(tmp_path: Path) -> Path:
    repository_from({"Dockerfile": "FROM python:latest\nUSER a\n", "a.txt": "x\n"}, tmp_path / "one")
    repository_from({"eas.json": "{"}, tmp_path / "other")
    return tmp_path


@pytest.fixture(autouse=True)
def _timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Analyst, "_answer", Analyst._answer)  # what `look` puts there goes again


def test_one_checkout(checkouts: Path, tmp_path: Path) -> None:
    seen = real.look(checkouts / "one", "recommended", tmp_path / "report.json")
    told = json.loads((tmp_path / "report.json").read_text())
    assert (seen.files, seen.lines, seen.facts, seen.crashes) == (2, 3, 1, [])
    assert seen.errors + seen.warnings == sum(each["severity"] != "info" for each in told["findings"]) > 0
    assert seen.rate == pytest.approx(1000 * (seen.errors + seen.warnings) / 3)


def test_a_crash_is_told(checkouts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runcrew_lint.domains.containers.image.read", lambda *_: 1 / 0)
    crashes = real.look(checkouts / "one", "recommended", None).crashes
    assert any(said.startswith("Dockerfile: the image reader failed with ZeroDivision") for said in crashes)


def test_the_table(
    checkouts: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def one(root: Path, policy: str, reports: Path | None) -> real.Seen:
        return real.Seen(root.name, files=1, lines=1000, errors=2, crashes=["boom"] * (root.name == "other"))

    monkeypatch.setattr(real, "apart", one)
    monkeypatch.setattr(sys, "argv", ["real", str(checkouts)])
    assert real.main() == 1
    told = capsys.readouterr().out
    assert "| all 2 | 2 | 2,000 | 1 | 0 | 4 |" in told
    assert "crash: other: boom" in told
