"""Ignore files that are not written yet count as if they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.discover import discover
from runcrew_lint.engine.overlay import overlaid
from tests.fixtures_git import repository_from

FILES = {".gitignore": "dist/\n", "backend/.gitignore": "*.log\n", "backend/app/a.py": "", "a.txt": ""}
ASKED = [".env", "backend/.env", "backend/app/b.log", "dist/a", "a.txt"]

pytestmark = pytest.mark.usefixtures("git")


def test_without_an_ignore_file_the_tree_answers(tmp_path: Path) -> None:
    tree = discover(repository_from(FILES, tmp_path / "r"))
    assert overlaid(tree, {"a.txt": b"x"}) is tree


@pytest.mark.parametrize(
    ("overlay", "ignored"),
    [
        ({".gitignore": b".env\n"}, {".env", "backend/.env", "backend/app/b.log"}),
        ({"backend/.gitignore": b"!.env\n"}, {"dist/a"}),
        ({".gitignore": b".env\n", "backend/.gitignore": b"!.env\n"}, {".env"}),
    ],
)
def test_what_git_would_say(overlay: dict[str, bytes], ignored: set[str], tmp_path: Path) -> None:
    tree = discover(repository_from(FILES, tmp_path / "r"))
    after = overlaid(tree, overlay)
    assert after.ignored(ASKED) == ignored
    assert (after.paths, after.is_git) == (tree.paths, True)
    assert after.is_tracked("a.txt")


def test_a_folder_within_the_work_tree(tmp_path: Path) -> None:
    root = repository_from({**FILES, ".gitignore": ".env\n"}, tmp_path / "r")
    after = overlaid(discover(root / "backend"), {".gitignore": b"*.txt\n"})
    assert after.ignored([".env", "app/b.log", "a.txt"]) == {".env", "a.txt"}
