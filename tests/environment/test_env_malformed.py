"""What each flaw of an env file weighs."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from

pytestmark = pytest.mark.usefixtures("git")


def test_blanks_that_every_library_takes_weigh_less(tmp_path: Path) -> None:
    files = {".env.example": "A = 1\nB=1\nB=2\n"}
    report = run(Request(repository_from(files, tmp_path / "r"), select=("env-malformed",))).report
    assert [(each.line, each.severity) for each in report.findings] == [(1, "info"), (3, "warning")]
