"""Fixture folders as fresh git repositories: the same commit each time, on every machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path

from tests.generated import filled

# Nobody's identity and a fixed day: a fixture's commit has the same name on every machine.
IDENTITY = {
    "GIT_AUTHOR_NAME": "Fixture",
    "GIT_AUTHOR_EMAIL": "fixture@example.invalid",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00+00:00",
    "GIT_COMMITTER_NAME": "Fixture",
    "GIT_COMMITTER_EMAIL": "fixture@example.invalid",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00+00:00",
}
ISOLATED = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
# Thousands are made: nobody tidies one up, and git's samples of hooks are half of what it would write.
QUICK = ("-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "init.templateDir=")


def git(folder: Path, *arguments: str) -> str:
    """Run git in `folder`, apart from the user's and the system's configuration. Returns what it printed.

    Raises subprocess.CalledProcessError, with git's own words, when it fails.
    """
    # A hook runs with GIT_DIR set, and tests may be run from one: nothing of the caller's git is kept.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", *QUICK, *arguments],
        cwd=folder,
        env=kept | ISOLATED | IDENTITY,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def repository_of(folder: Path, into: Path) -> Path:
    """A new repository at `into` whose one commit, on main, holds every file of `folder`, ignored ones too.

    Markers become generated values (tests/generated.py).

    Arguments:
        folder: the fixture; it is copied and never written to.
        into: a folder that does not exist yet.
    """
    shutil.copytree(folder, into, symlinks=True)
    return _committed(into, ())


def repository_from(files: Mapping[str, str], into: Path, untracked: Collection[str] = ()) -> Path:
    """A new repository at `into` that holds `files`, POSIX path to text, with markers filled.

    Arguments:
        untracked: the paths that lie there and are in no commit.
    """
    into.mkdir(parents=True)
    for path, text in files.items():
        file = into / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
    return _committed(into, untracked)


def change_to(root: Path, files: Mapping[str, str]) -> None:
    """A second commit, after which the repository holds these files and no others."""
    git(root, "rm", "--quiet", "-r", "--ignore-unmatch", "--", ".")
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
    git(root, "add", "--force", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message=Change")


def _committed(folder: Path, untracked: Collection[str]) -> Path:
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            text = file.read_bytes()
            if (made := filled(text)) != text:
                file.write_bytes(made)
    git(folder, "init", "--quiet", "--initial-branch=main")
    without = [f":(exclude,literal){path}" for path in untracked]
    git(folder, "add", "--force", "--all", "--", ":/", *without)
    git(folder, "commit", "--quiet", "--allow-empty", "--message=Fixture")
    return folder
