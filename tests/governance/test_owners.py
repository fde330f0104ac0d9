"""What CODEOWNERS says that GitHub passes over."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/src/[ab]* @runcrew/app", "ranges"),
        ("!/src/a.py @runcrew/app", "`!`"),
        ("/src/ runcrew", "`runcrew` is no owner"),
        ("/src/ @runcrew/app", ""),
    ],
)
def test_a_line_that_github_passes_over(tmp_path: Path, line: str, said: str) -> None:
    files = {".github/CODEOWNERS": f"* @runcrew/all\n{line}\n", "src/a.py": ""}
    root = repository_from(files, tmp_path / "root")
    report = run(Request(root, policy="runcrew", select=("owners-shadowed",), cache=None)).report
    passed = [each.message for each in report.findings if "passes the line over" in each.message]
    assert len(passed) == bool(said)
    assert all(said in each for each in passed)
