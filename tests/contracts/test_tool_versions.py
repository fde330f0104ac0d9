"""Whose version of a tool CI goes by."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from

pytestmark = pytest.mark.usefixtures("git")
HOOKS = """
repos:
  - repo: https://github.com/psf/black
    rev: 23.3.0
    hooks: [{id: black}]
"""
WORKFLOW = """
on: push
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
"""


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ("- uses: pre-commit/action@v3.0.1", "in CI, too"),
        ("- run: pip install pre-commit && pre-commit run -a", "in CI, too"),
        ("- run: black --check .", "which is what CI goes by"),
        ("- run: pre-commit run -a\n      - run: tox -e lint", "which is what CI goes by"),
        (
            "- run: pre-commit run -a\n      - run: pip install -r requirements.txt",
            "which is what CI goes by",
        ),
        ("- run: pre-commit run -a\n      - uses: ./.github/actions/lint", "which is what CI goes by"),
    ],
)
def test_ci_goes_by_the_hooks_where_it_runs_nothing_else(steps: str, words: str, tmp_path: Path) -> None:
    files = {
        ".pre-commit-config.yaml": HOOKS,
        "requirements.txt": "black==24.10.0\n",
        ".github/workflows/ci.yml": f"{WORKFLOW}      {steps}\n",
    }
    root = repository_from(files, tmp_path / "r")
    (found,) = run(Request(root, policy="recommended", select=("tool-version-drift",))).report.findings
    assert words in found.message
