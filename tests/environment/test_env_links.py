"""A link in git's hands that is called as an env file is: every checkout has it, whatever it leads to."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import git, repository_from

pytestmark = pytest.mark.usefixtures("git")
RULES = ("compose-invalid", "env-file-not-ignored", "env-file-committed")
FILES = {
    ".gitignore": "**/.env\n!web/.env\n",
    ".env.example": "PORT=\n",
    "compose.yaml": "services: {web: {image: web, env_file: web/.env}}\n",
    "web/package.json": "{}\n",
}


def test_it_is_there_and_leaves_its_folder_alone(tmp_path: Path) -> None:
    root = repository_from(FILES, tmp_path / "r")
    request = Request(root, policy="recommended", select=RULES, cache=tmp_path / "cache")

    def said() -> list[tuple[str, str]]:
        return sorted((each.rule, each.path) for each in run(request).report.findings if each.rule in RULES)

    (root / "web/.env").symlink_to("../.env")
    lost = [("compose-invalid", "compose.yaml"), ("env-file-not-ignored", ".gitignore")]
    assert said() == lost  # a link that git does not have is in no other checkout
    git(root, "add", "web/.env")
    assert said() == []
    git(root, "rm", "-q", "--cached", "web/.env")
    assert said() == lost
