"""`runcrew-lint checks`: the names that a ruleset can take, and what may not be reported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands import Done, said
from tests.fixtures_git import repository_from

FILES = {
    ".github/rulesets/main.json": json.dumps(
        {
            "target": "branch",
            "enforcement": "active",
            "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
            "rules": [
                {
                    "type": "required_status_checks",
                    "parameters": {
                        "required_status_checks": [{"context": "test (3.12)"}, {"context": "test"}]
                    },
                }
            ],
        }
    ),
    ".github/workflows/ci.yml": (
        "on: pull_request\n"
        "jobs:\n"
        "  test:\n"
        "    runs-on: x\n"
        "    strategy: {matrix: {python: ['3.11', '3.12']}}\n"
        "    steps: [{run: echo}]\n"
        "  label:\n"
        "    if: contains(github.event.pull_request.labels.*.name, 'x')\n"
        "    runs-on: x\n"
        "    steps: [{run: echo}]\n"
    ),
    ".github/workflows/app.yml": (
        "on: {pull_request: {branches: [develop], paths: ['app/**']}}\n"
        "jobs:\n"
        "  app:\n"
        "    runs-on: x\n"
        "    steps: [{run: echo}]\n"
    ),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a check of each kind."""
    return repository_from(FILES, tmp_path_factory.mktemp("checks") / "repository")


def _told(root: Path, *arguments: str) -> Done:
    return said(root, "checks", "--no-cache", "--policy", "runcrew", *arguments)


def test_text(root: Path) -> None:
    done = _told(root)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "Checks of a pull request into main\n"
        "\n"
        "always reported, so they can be required:\n"
        "    test (3.11)  .github/workflows/ci.yml:3\n"
        "  * test (3.12)  .github/workflows/ci.yml:3\n"
        "\n"
        "not always reported:\n"
        "    label  .github/workflows/ci.yml:7\n"
        "      if: contains(github.event.pull_request.labels.*.name, 'x')  .github/workflows/ci.yml:8\n"
        "\n"
        "required, and reported by no job here:\n"
        "  ! test  .github/rulesets/main.json:1\n"
        "\n"
        "3 checks, 2 always reported, 1 required\n"
    )


def test_json_of_another_branch(root: Path) -> None:
    data = json.loads(_told(root, "--branch", "develop", "--format", "json").stdout)
    assert (data["version"], data["branch"], data["rules"]) == (1, "develop", False)
    app = next(each for each in data["checks"] if each["name"] == "app")
    assert app == {
        "name": "app",
        "exact": True,
        "path": ".github/workflows/app.yml",
        "line": 3,
        "event": "pull_request",
        "required": False,
        "skipped_by": [
            {"why": "paths", "text": "paths: app/**", "path": ".github/workflows/app.yml", "line": 1}
        ],
    }
