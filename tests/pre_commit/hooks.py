"""The real pre-commit, installed from PyPI, on real repositories."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.checkout import BUILT_FROM, copy_to
from tests.components.component import UnavailableError
from tests.fixtures_git import git

MANIFEST = ".pre-commit-hooks.yaml"
TAG = "v0.1.0"


@dataclass(frozen=True, slots=True)
class PreCommit:
    """pre-commit with a home of its own, and a clone of this checkout for it to take hooks from."""

    home: Path
    clone: Path

    def run(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`pre-commit ARGUMENTS` in a repository; its words are those of both streams."""
        return _said([sys.executable, "-m", "pre_commit", *arguments], folder, self.environment)

    def commit(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`git commit ARGUMENTS`, whose hooks run as they do for a person."""
        return _said(["git", "commit", "--message=Change", *arguments], folder, self.environment)

    def configured(self, hook: str) -> str:
        """A .pre-commit-config.yaml with this one hook."""
        repo = {"repo": str(self.clone), "rev": TAG, "hooks": [{"id": hook}]}
        return yaml.safe_dump({"repos": [repo]})

    @property
    def environment(self) -> Mapping[str, str]:
        """Nobody's git configuration, and pre-commit's own folder and the linter's cache elsewhere."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_"))}
        return {
            **kept,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_{who}_NAME": "Fixture" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "fixture@example.invalid" for who in ("AUTHOR", "COMMITTER")},
            "PRE_COMMIT_HOME": str(self.home),
            "RUNCREW_LINT_CACHE_DIR": str(self.home / "facts"),
            "NO_COLOR": "1",
        }


def installed(folder: Path) -> PreCommit:
    """pre-commit in a new folder, with the environment of both hooks made.

    Raises UnavailableError where pip can't reach its index.
    """
    clone = copy_to(folder / "runcrew-lint", *BUILT_FROM, MANIFEST)
    git(clone, "init", "--quiet", "--initial-branch=main")
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message=Release")
    git(clone, "tag", TAG)
    made = PreCommit(folder / "home", clone)
    empty = folder / "empty"
    empty.mkdir()
    git(empty, "init", "--quiet")
    (empty / ".pre-commit-config.yaml").write_text(made.configured("runcrew-lint"))
    done = made.run(empty, "install-hooks")
    if done.returncode and "No matching distribution" in done.stdout:
        raise UnavailableError("pip can't reach its index")
    assert done.returncode == 0, done.stdout
    return made


def _said(
    command: list[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
