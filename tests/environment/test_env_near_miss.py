"""Names that are one edit apart are found among all, whatever the edit is."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from

pytestmark = pytest.mark.usefixtures("git")


@pytest.mark.parametrize(
    "read", ["SENTRYDSN", "SENTRY_DSNS", "SENTRY_DSM", "ENTRY_DSN", "XENTRY_DSN", "ESNTRY_DSN", "SENTRY_DNS"]
)
def test_each_edit(read: str, tmp_path: Path) -> None:
    assert _told(read, tmp_path)


def test_two_edits_are_another_name(tmp_path: Path) -> None:
    assert not _told("ENTRY_DNS", tmp_path)


def _told(read: str, tmp_path: Path) -> bool:
    files = {".env.example": "SENTRY_DSN=\n", "app.py": f'import os\nDSN = os.environ["{read}"]\n'}
    found = run(Request(repository_from(files, tmp_path / "root"))).report.findings
    return any(each.rule == "env-near-miss" for each in found)
