"""Addresses as a hostile or a broken editor sends them: each has a place in a repository, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.editor.roots import Roots, file_of
from runcrew_lint.editor.session import Document, Session
from runcrew_lint.engine.run import Request
from tests.fixtures_git import repository_from

pytestmark = pytest.mark.usefixtures("git")
FILE = "a/Dockerfile"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a folder beside it; the process stands in yet another one."""
    repository_from({FILE: "FROM a:1\n"}, tmp_path / "process")
    monkeypatch.chdir(tmp_path / "process")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/Dockerfile").write_text("FROM a\n")
    made = repository_from({FILE: "FROM a:1\n"}, tmp_path / "root")
    (made / "link").symlink_to(tmp_path / "out")
    (made / "loop").symlink_to("loop")
    return made


# `{}` is the repository's own address.
INSIDE = {
    "plain": ("{}/a/Dockerfile", FILE),
    "up and down again": ("{}/a/../a/Dockerfile", FILE),
    "escaped": ("{}/%61/Docker%66ile", FILE),
    "of a new folder": ("{}/new/deep/Dockerfile", "new/deep/Dockerfile"),
    "with a question": ("{}/a/Dockerfile?a#b", FILE),
    "a name of two lines": ("{}/a%0Ab", "a\nb"),
    "a terminal's escape": ("{}/a%1b%5B31m", "a\x1b[31m"),
}
OUTSIDE = {
    "up": "{}/../out/Dockerfile",
    "up, escaped": "{}/%2e%2e/out/Dockerfile",
    "up, a slash escaped": "{}/..%2fout/Dockerfile",
    "by a link": "{}/link/Dockerfile",
    "another computer's": "file://host/share/Dockerfile",
    "a share": "file:////host/share/Dockerfile",
    "a drive's": "file:///C:/a/Dockerfile",
    "relative": f"file:{FILE}",
    "nothing": "file:",
    "the top": "file:///",
    "broken": "file://[bad/x",
    "a NUL": "{}/a%00b",
    "longer than any": "{}/" + "a/" * 5_000,
    "another scheme": "http://example.org/Dockerfile",
    "no scheme": FILE,
    "unsaved": "untitled:Untitled-1",
}


@pytest.mark.parametrize(("uri", "path"), INSIDE.values(), ids=INSIDE)
def test_an_address_inside(root: Path, uri: str, path: str) -> None:
    assert _roots(root).located(uri.format(root.as_uri())) == (root, path)


@pytest.mark.parametrize("uri", OUTSIDE.values(), ids=OUTSIDE)
def test_an_address_that_leads_nowhere_or_out_is_left_alone(root: Path, uri: str) -> None:
    assert _roots(root).located(uri.format(root.as_uri())) is None


def test_a_link_that_leads_to_itself_is_a_file_like_any(root: Path) -> None:
    assert _roots(root).located(f"{root.as_uri()}/loop") == (root, "loop")


@pytest.mark.parametrize("uri", ["file:a", "file://[bad", "file:///a%00b", "git:/a", ""])
def test_what_names_no_absolute_file_is_no_folder_of_a_workspace_either(uri: str) -> None:
    assert file_of(uri) is None


@pytest.mark.parametrize(
    "path", ["a\nb", "a\x1b[31m", "n" * 300, "loop", "loop/a", f"{FILE}/x", ".git/config", "\udcff"]
)
def test_a_text_of_any_name_is_judged_with_the_rest(root: Path, path: str) -> None:
    session = Session(Request(root))
    session.touch(path, Document(f"{root.as_uri()}/x", 1, "FROM python\nUSER app\n"))
    session.touch(FILE, Document(f"{root.as_uri()}/{FILE}", 1, "FROM python\nUSER app\n"))
    judged = session.judge()
    assert not judged.crash
    assert "base-untagged" in {each.rule for each in judged.findings if each.path == FILE}


def _roots(root: Path) -> Roots:
    roots = Roots()
    roots.are([root])
    return roots
