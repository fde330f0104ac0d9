"""A cache that lies in the repository and is its own is not believed: it could say that nothing was found."""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from runcrew_lint.cli.cache_folder import cache_folder
from runcrew_lint.engine.database import FILE
from tests.commands import said
from tests.engine.counting import opened
from tests.fixtures_git import git, repository_from

pytestmark = pytest.mark.usefixtures("git")
FAULT = "FROM python:latest\nUSER a\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    now = time.time_ns() + 10 * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: now)  # what was touched just now is not remembered
    return repository_from({"Dockerfile": FAULT, ".gitignore": ".cache/\n"}, tmp_path / "root")


def lied(root: Path, folder: Path) -> None:
    """Makes a cache say that nothing is in a file with a fault: well formed, so it would count."""
    (root / "Dockerfile").write_text("# nothing\n")
    said(root, "check", "--cache-dir", str(folder))
    with closing(sqlite3.connect(folder / FILE)) as connection, connection:
        (blank,) = connection.execute("SELECT blank FROM files WHERE path = ?", (b"Dockerfile",)).fetchone()
        (root / "Dockerfile").write_text(FAULT)
        status = (root / "Dockerfile").stat()
        row = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, blank, b"Dockerfile")
        connection.execute(
            "UPDATE files SET size = ?, modified = ?, changed = ?, inode = ?, blank = ? WHERE path = ?", row
        )


def test_the_lie_would_count(root: Path, tmp_path: Path) -> None:
    """From the user's own cache folder: nobody else writes there."""
    lied(root, tmp_path / "made")
    assert "base-untagged" not in said(root, "check", "--cache-dir", str(tmp_path / "made")).stdout


def test_one_that_git_tracks(root: Path, tmp_path: Path) -> None:
    lied(root, tmp_path / "made")
    shutil.copytree(tmp_path / "made", root / ".cache")
    git(root, "add", "-f", ".cache")
    before = (root / ".cache" / FILE).read_bytes()
    done = said(root, "check", "--cache-dir", ".cache")
    assert "base-untagged" in done.stdout
    assert (root / ".cache" / FILE).read_bytes() == before


def test_one_that_an_archive_brings(root: Path, tmp_path: Path) -> None:
    """Without a git that could say whose it is."""
    shutil.rmtree(root / ".git")
    lied(root, tmp_path / "made")
    shutil.copytree(tmp_path / "made", root / ".cache")
    before = (root / ".cache" / FILE).read_bytes()
    done = said(root, "check", "--cache-dir", ".cache")
    assert "base-untagged" in done.stdout
    assert (root / ".cache" / FILE).read_bytes() == before


def test_one_behind_a_link(root: Path, tmp_path: Path) -> None:
    lied(root, tmp_path / "made")
    before = (tmp_path / "made" / FILE).read_bytes()
    (root / "link").symlink_to("../made")
    done = said(root, "check", "--cache-dir", "link")
    assert "base-untagged" in done.stdout
    assert (tmp_path / "made" / FILE).read_bytes() == before


def test_one_that_a_job_keeps_there(root: Path) -> None:
    """GitLab's caches lie in the project, where git ignores them."""
    said(root, "check", "--cache-dir", ".cache")
    assert (root / ".cache" / FILE).exists()


@pytest.mark.parametrize(
    "name", [".cache", ".runcrew-lint", ".runcrew-lint-cache", FILE, ".cache/runcrew-lint"]
)
@pytest.mark.parametrize("is_cache", [True, False], ids=["a cache that lies", "a pickle"])
def test_nobody_looks_for_one(root: Path, tmp_path: Path, name: str, is_cache: bool) -> None:
    """Nor for anything else that would be believed: all of these are files like others."""
    (root / name).parent.mkdir(exist_ok=True)
    if is_cache:
        lied(root, tmp_path / "made")
        shutil.copytree(tmp_path / "made", root if name == FILE else root / name, dirs_exist_ok=True)
    else:
        (root / name).write_bytes(f"cos\nsystem\n(S'touch {tmp_path / 'ran'}'\ntR.".encode())
    before = _contents(root)
    with opened() as read:
        done = said(root, "check")
    assert "base-untagged" in done.stdout
    assert [path for path in read if path.startswith(".cache/")] == []
    assert _contents(root) == before, "nor is one made there"
    assert not (tmp_path / "ran").exists()


def _contents(root: Path) -> dict[Path, bytes]:
    return {
        each: each.read_bytes() for each in root.rglob("*") if each.is_file() and ".git" not in each.parts
    }


@pytest.mark.parametrize("named", [".cache", "relative/cache", ""])
def test_a_relative_cache_home_is_none(named: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It would lie in whatever is linted (XDG base directories: such a path is to be ignored)."""
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("RUNCREW_LINT_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", named)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "runcrew-lint"
