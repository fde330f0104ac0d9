"""What an image that a build argument names weighs."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from

pytestmark = pytest.mark.usefixtures("git")


@pytest.mark.parametrize(
    ("base", "weight"),
    [("$BASE", "info"), ("${BASE}", "info"), ("docker.io/$BASE", "error"), ("node", "error")],
)
def test_what_stands_in_for_an_argument_weighs_less(base: str, weight: str, tmp_path: Path) -> None:
    files = {"Dockerfile": f"ARG BASE=node\nFROM {base}\nUSER node\n"}
    (found,) = run(Request(repository_from(files, tmp_path / "r"), select=("base-untagged",))).report.findings
    assert found.severity == weight
