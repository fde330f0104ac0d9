"""A fixture becomes the same repository on every machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixtures_git import git as run_git
from tests.fixtures_git import repository_from, repository_of

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.usefixtures("git")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    (source / "app").mkdir(parents=True)
    (source / ".gitignore").write_text(".env\n")
    (source / ".env").write_text("A=1\n")
    (source / "app" / "한글.py").write_text("x = 1\n")
    return source


def test_every_file_is_committed_even_an_ignored_one(folder: Path, tmp_path: Path) -> None:
    made = repository_of(folder, tmp_path / "made")
    assert run_git(made, "ls-files", "-z").split("\0")[:-1] == [".env", ".gitignore", "app/한글.py"]
    assert run_git(made, "status", "--porcelain") == ""
    assert run_git(made, "branch", "--show-current") == "main\n"


def test_the_users_git_has_no_say(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run_git(repository_of(folder, tmp_path / "first"), "rev-parse", "HEAD")
    config = tmp_path / "gitconfig"
    config.write_text("[user]\n\tname = Someone\n[commit]\n\tgpgSign = true\n[core]\n\tautocrlf = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Someone")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert run_git(repository_of(folder, tmp_path / "second"), "rev-parse", "HEAD") == first


def test_the_fixture_itself_is_left_alone(folder: Path, tmp_path: Path) -> None:
    repository_of(folder, tmp_path / "made")
    assert not (folder / ".git").exists()


def test_a_repository_is_made_from_texts(tmp_path: Path) -> None:
    files = {".gitignore": "*.log\n", "a/b.txt": "one\r\n", "[x].env": "", "x.env": ""}
    made = repository_from(files, tmp_path / "made", untracked=["[x].env"])
    assert run_git(made, "ls-files").splitlines() == [".gitignore", "a/b.txt", "x.env"]
    assert run_git(made, "status", "--porcelain") == "?? [x].env\n"
    assert (made / "a" / "b.txt").read_bytes() == b"one\r\n"


def test_a_marker_becomes_the_same_value_everywhere(tmp_path: Path) -> None:
    marker = "@@GENERATED:private-key@@"
    made = repository_from({"a": f"{marker}\n", "b": f"key = '{marker}'"}, tmp_path / "made")
    first, second = (made / "a").read_text(), (made / "b").read_text()
    assert first.startswith("-----BEGIN PRIVATE KEY-----\n")
    assert second == f"key = '{first[:-1]}'"


def test_a_marker_that_no_one_can_fill_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="no-such-kind"):
        repository_from({"a": "@@GENERATED:no-such-kind@@"}, tmp_path / "made")


def test_no_fixture_is_missing_from_a_clone() -> None:
    # A fixture's own .gitignore binds this repository too: what it names must be added by force.
    if not (ROOT / ".git").exists():
        pytest.skip("git: this is no checkout")
    hidden = run_git(ROOT, "ls-files", "--others", "--ignored", "--exclude-standard", "--", "fixtures")
    assert hidden == "", f"git add --force these, or they are in no clone:\n{hidden}"
