"""What dockerignore-gap names."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from

pytestmark = pytest.mark.usefixtures("git")


def test_packages_that_are_kept_in_git_are_one_folder(tmp_path: Path) -> None:
    files = {
        "Dockerfile": "FROM node:24-alpine\nCOPY . /srv/app\nUSER node\n",
        "package.json": "{}",
        "web/package.json": "{}",
        "node_modules/accepts/package.json": "{}",
        "node_modules/bytes/package.json": "{}",
    }
    request = Request(repository_from(files, tmp_path / "r"), select=("dockerignore-gap",))
    (found,) = run(request).report.findings
    assert "keeps node_modules, web/node_modules, .git out" in found.message
