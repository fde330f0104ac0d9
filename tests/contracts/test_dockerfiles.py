"""Dockerfiles that a workflow builds by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import git, repository_from

BUILD = """\
on: push
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - run: docker build -f docker/api.Dockerfile .
"""


@pytest.mark.parametrize("linked", [True, False])
def test_a_link_that_git_tracks_is_there(tmp_path: Path, linked: bool) -> None:
    files = {".github/workflows/ci.yml": BUILD, "docker/base.Dockerfile": "FROM alpine:3.22\nUSER 1\n"}
    root = repository_from(files, tmp_path / "repository")
    if linked:
        (root / "docker/api.Dockerfile").symlink_to("base.Dockerfile")
        git(root, "add", "docker/api.Dockerfile")
    found = run(Request(root, policy="recommended", select=("ci-script-missing",))).report.findings
    assert [each.line for each in found if each.rule == "ci-script-missing"] == ([] if linked else [7])
