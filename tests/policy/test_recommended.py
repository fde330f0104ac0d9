"""What weighs less under `recommended`, which nobody has chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from

pytestmark = pytest.mark.usefixtures("git")
UNTAGGED = "FROM python\nUSER app\n"


@pytest.mark.parametrize(
    ("folder", "weight"),
    [
        ("app", "error"),
        ("tests", "info"),
        ("api/e2e/images", "info"),
        ("cypress", "info"),
        ("examples/one", "info"),
        (".examples/one", "info"),
        ("docs", "info"),
        ("qms-tests/sanity", "info"),
        ("packages/benchmarks", "info"),
        (".devcontainer", "info"),
        ("latest", "error"),
    ],
)
def test_what_tests_run_and_what_is_only_shown(folder: str, weight: str, tmp_path: Path) -> None:
    root = repository_from({f"{folder}/Dockerfile": UNTAGGED}, tmp_path / "r")
    (found,) = run(Request(root, policy="recommended", select=("base-untagged",))).report.findings
    assert found.severity == weight


def test_what_weighs_less_by_itself_stays_as_it_is(tmp_path: Path) -> None:
    policy = "extends: recommended\noverrides:\n  - {paths: [app], at_most: {all: error}}\n"
    files = {".runcrew-lint.yaml": policy, "app/Dockerfile": 'FROM debian:12\nCMD ["/server"]\n'}
    (found,) = run(Request(repository_from(files, tmp_path / "r"), select=("root-user",))).report.findings
    assert found.severity == "warning"
