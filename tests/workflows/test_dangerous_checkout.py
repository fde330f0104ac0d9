"""What of a stranger's checkout is run, and which conditions keep strangers out."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from

pytestmark = pytest.mark.usefixtures("git")
_HEADS = "github.event.pull_request.head.sha || github.event.workflow_run.head_sha"
_CI = "name: CI\non: pull_request\njobs: {}\n"
OWN = "github.event.pull_request.head.repo.full_name == github.repository"


def _is_told(folder: Path, step: str, path: str = "pr", condition: str = "true", on: str = "") -> bool:
    workflow = f"""on: {on or "pull_request_target"}
jobs:
  a:
    if: {condition}
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with: {{ref: "${{{{ {_HEADS} }}}}", path: "{path}"}}
      - {step}
"""
    files = {
        ".github/workflows/a.yml": workflow,
        ".github/workflows/ci.yml": "name: CI\non: pull_request\njobs: {}\n",
    }
    request = Request(repository_from(files, folder / "r"), select=("dangerous-checkout",))
    return bool(run(request).report.findings)


@pytest.mark.parametrize(
    ("step", "path", "told"),
    [
        ("{run: npm ci, working-directory: pr}", "./pr", True),
        ("{run: npm ci, working-directory: pr/web}", "pr/", True),
        ("{run: npm ci, working-directory: preview}", "pr", False),
        ("{run: npm ci}", ".", True),
        ("{run: npm ci}", "pr", False),
        ("{run: cd pr && npm ci}", "pr", True),
        ("{run: cd preview && npm ci}", "pr", False),
        ("{run: make -C pr}", "pr", True),
        ("{run: git -C pr log && npm ci}", "pr", False),
    ],
)
def test_what_runs_of_a_folder(step: str, path: str, told: bool, tmp_path: Path) -> None:
    assert _is_told(tmp_path, step, path) == told


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        (OWN, False),
        (f"{OWN} && github.base_ref == 'main'", False),
        (f"{OWN} && (github.actor == 'a' || github.actor == 'b')", False),
        (f"{OWN} || github.actor == 'a'", True),
        (f"github.base_ref == 'main' && ({OWN} || github.actor == 'a')", True),
        (f"(github.base_ref == 'main' || github.actor == 'a' && {OWN})", True),
        (f"github.base_ref == 'main' && {OWN} || github.actor == 'a'", True),
        (f"{OWN} && github.base_ref == 'main' || github.actor == 'a'", True),
    ],
)
def test_who_comes_past_a_condition(condition: str, told: bool, tmp_path: Path) -> None:
    assert _is_told(tmp_path, "{run: npm ci}", ".", condition) == told


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("github.event.workflow_run.event != 'pull_request'", False),
        ("github.event.workflow_run.event == 'push'", False),
        ("github.event.workflow_run.conclusion == 'success'", True),
    ],
)
def test_what_another_workflow_ran_for(condition: str, told: bool, tmp_path: Path) -> None:
    on = "{workflow_run: {workflows: [CI], types: [completed]}}"
    assert _is_told(tmp_path, "{run: npm ci}", ".", condition, on) == told
