"""git as a witness: its ignore rules exactly, its listing, and nothing of the repository's that runs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from runcrew_lint.engine import git as engine_git
from runcrew_lint.engine.discover import Tree, discover
from runcrew_lint.engine.run import Request, root_of, run
from runcrew_lint.model.errors import SetupError
from tests.fixtures_git import git, repository_from

pytestmark = pytest.mark.usefixtures("git")

FILES = {
    ".gitignore": ".env*\n!.env.example\n/top\nbuild/\n*.log\n!keep.log\n",
    "app/.gitignore": "secret.txt\n!.env.local\n/here\n",
    "app/main.py": "",
    "forced.log": "tracked all the same\n",
}
IGNORED = {
    ".env": True,
    ".env.local": True,
    ".env.example": False,
    "app/.env": True,
    "app/.env.local": False,
    "app/.env.example": False,
    "top": True,
    "app/top": False,
    "build/x": True,
    "app/build/deep/x": True,
    "build": False,  # nothing says that it would be a folder
    "a.log": True,
    "keep.log": False,
    "build/keep.log": True,
    "forced.log": True,
    "app/secret.txt": True,
    "secret.txt": False,
    "app/here": True,
    "app/deep/here": False,
    "excluded": True,
    "globally": False,
    ":(top)x": False,
    ":odd.log": True,
    "a b.log": True,
    "new\nline.log": True,
    "노트.log": True,
    "../outside.log": False,
    "/etc/passwd.log": False,
    "link/x.log": False,
    "": False,
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(f"[core]\nexcludesFile = {home / 'ignore'}\n")
    (home / "ignore").write_text("globally\n")
    monkeypatch.setenv("HOME", str(home))
    return home


def _repository(folder: Path) -> Path:
    root = repository_from(FILES, folder / "root")
    (root / ".git/info").mkdir()
    (root / ".git/info/exclude").write_text("excluded\n")
    (root / "link").symlink_to("app")
    return root


@pytest.mark.usefixtures("home")
def test_ignored_is_what_git_ignores(tmp_path: Path) -> None:
    """Nested files, negation and info/exclude count, whether or not the path is there or tracked; the user's
    own list does not.
    """
    tree = discover(_repository(tmp_path))
    assert tree.ignored(IGNORED) == {path for path, ignored in IGNORED.items() if ignored}
    assert tree.ignored([]) == frozenset()


def test_a_plain_folder_has_the_same_rules(tmp_path: Path) -> None:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    (tmp_path / "link").symlink_to("app")
    tree = discover(tmp_path)
    assert not tree.is_git
    assert tree.ignored(IGNORED) == {
        path for path, ignored in IGNORED.items() if ignored and path != "excluded"
    }
    assert set(tree.paths) == {".gitignore", "app/.gitignore", "app/main.py"}
    assert tree.is_tracked("app/main.py")


@pytest.mark.usefixtures("home")
def test_the_listing(tmp_path: Path) -> None:
    root = _repository(tmp_path)
    for name in ("new", "globally", "a.log", "build/x", "app/new\n line", "tab\there", "ümlaut"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("")
    (root / "app/main.py").unlink()
    tree = discover(root)
    assert set(tree.paths) == {
        ".gitignore", "app/.gitignore", "forced.log", "new", "app/new\n line", "tab\there", "ümlaut"
    }  # fmt: skip
    assert {path for path in tree.paths if tree.is_tracked(path)} == {
        ".gitignore",
        "app/.gitignore",
        "forced.log",
    }
    assert (tree.notices, tree.passed) == ((), ())


def test_a_part_of_a_repository(tmp_path: Path) -> None:
    tree = discover(
        repository_from({".gitignore": "*.log\n", "a/b.txt": "", "c.txt": ""}, tmp_path / "root") / "a"
    )
    assert tree.paths == ("b.txt",)
    assert tree.ignored(["x.log"]) == {"x.log"}


def test_a_conflicted_file_is_there_once(tmp_path: Path) -> None:
    root = repository_from({"a": "1\n"}, tmp_path / "root")
    git(root, "checkout", "-qb", "other")
    for branch, text in (("other", "2\n"), ("main", "3\n")):
        git(root, "checkout", "-q", branch)
        (root / "a").write_text(text)
        git(root, "commit", "-qam", text)
    with pytest.raises(subprocess.CalledProcessError):
        git(root, "merge", "other")
    assert discover(root).paths == ("a",)


def _shallow(root: Path, folder: Path) -> Path:
    git(root, "commit", "-q", "--allow-empty", "-m", "more")
    git(folder, "clone", "-q", "--depth=1", root.as_uri(), "clone")
    return folder / "clone"


def _sparse(root: Path, folder: Path) -> Path:
    git(root, "sparse-checkout", "set", "--sparse-index", "a")
    return root


def _worktree(root: Path, folder: Path) -> Path:
    git(root, "worktree", "add", "-q", str(folder / "tree"))
    assert (folder / "tree/.git").is_file()
    return folder / "tree"


def _submodule(root: Path, folder: Path) -> Path:
    outer = repository_from({"a/x": "", "b/y": ""}, folder / "outer")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(root), "sub")
    return outer


def _no_commit(root: Path, folder: Path) -> Path:
    fresh = folder / "fresh"
    (fresh / "a").mkdir(parents=True)
    (fresh / "a/x").write_text("")
    git(fresh, "init", "-q")
    git(fresh, "add", "-A")
    (fresh / "b").mkdir()
    (fresh / "b/y").write_text("")
    return fresh


def _bare_setting(root: Path, folder: Path) -> Path:
    git(root, "config", "core.bare", "true")
    return root


SHAPES: dict[str, tuple[Callable[[Path, Path], Path], set[str]]] = {
    "shallow": (_shallow, {"a/x", "b/y"}),
    "sparse": (_sparse, {"a/x"}),
    "a work tree whose .git is a file": (_worktree, {"a/x", "b/y"}),
    "with a submodule": (_submodule, {"a/x", "b/y", ".gitmodules"}),
    "a submodule itself": (lambda root, folder: _submodule(root, folder) / "sub", {"a/x", "b/y"}),
    "without a commit": (_no_commit, {"a/x", "b/y"}),
    "said to be bare": (_bare_setting, {"a/x", "b/y"}),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_repository(tmp_path: Path, shape: str) -> None:
    make, expected = SHAPES[shape]
    root = make(repository_from({"a/x": "", "b/y": ""}, tmp_path / "root"), tmp_path)
    tree = discover(root)
    assert (tree.is_git, set(tree.paths), tree.passed, tree.notices) == (True, expected, (), ())
    assert root_of([root / "a"]) == root


def test_a_folder_that_the_repository_around_it_ignores_is_plain(tmp_path: Path) -> None:
    outer = repository_from({".gitignore": "build/\n", "a": ""}, tmp_path / "outer")
    inner = outer / "build" / "inner"
    inner.mkdir(parents=True)
    (inner / "x").write_text("")
    assert root_of([inner]) == inner
    assert (discover(inner).is_git, discover(inner).paths) == (False, ("x",))


def test_a_git_folder_that_is_none(tmp_path: Path) -> None:
    """As in an image that a work tree was copied into without its main repository."""
    (tmp_path / "x").write_text("")
    (tmp_path / ".git").write_text("gitdir: /nowhere/.git/worktrees/x\n")
    tree = discover(tmp_path)
    assert (tree.is_git, tree.paths) == (False, ("x",))
    assert "does not recognise" in tree.notices[0]


def test_a_broken_index_is_a_setup_error(tmp_path: Path) -> None:
    root = repository_from({"a": ""}, tmp_path / "root")
    (root / ".git/index").write_bytes(b"DIRC broken")
    with pytest.raises(SetupError, match="git can't list the files: fatal: "):
        discover(root)


@pytest.mark.parametrize("path", ["", "node_modules/.bin", "."])
def test_no_git_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Not the one that the repository itself brings, which a relative PATH would find."""
    root = repository_from(
        {"Dockerfile": "FROM python:latest\nUSER a\n", ".gitignore": "x\n"}, tmp_path / "root"
    )
    ran = tmp_path / "ran"
    for planted in (root / "git", root / "node_modules/.bin/git"):
        planted.parent.mkdir(parents=True, exist_ok=True)
        planted.write_text(f"#!/bin/sh\ntouch {ran}\n")
        planted.chmod(0o755)
    monkeypatch.chdir(root)
    monkeypatch.setenv("PATH", path)
    report = run(Request(root)).report
    assert not ran.exists()
    assert [finding.rule for finding in report.findings] == ["base-untagged"]
    assert any("no git on PATH" in notice for notice in report.notices)
    assert discover(root).ignored(["x", "y"]) == {"x", "y"}, "nobody can say that one is not ignored"


def _config(root: Path, *settings: str) -> None:
    for setting in settings:
        name, _, value = setting.partition("=")
        git(root, "config", name, value)


def test_nothing_that_the_repository_configures_runs(tmp_path: Path) -> None:
    """A partial clone with a sparse checkout needs an ignore file that is not here: git would fetch it."""
    ran = tmp_path / "ran"
    spy = tmp_path / "spy"
    spy.write_text(f"#!/bin/sh\necho $0 $@ >> {ran}\nexit 1\n")
    spy.chmod(0o755)
    origin = repository_from({"a/x": "", "b/.gitignore": "z\n", "b/y": "", "c": ""}, tmp_path / "origin")
    git(origin, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--filter=blob:none", "--sparse", "--no-checkout", origin.as_uri(), "root")
    root = tmp_path / "root"
    git(root, "sparse-checkout", "set", "a")
    git(root, "checkout", "-q", "main")
    (root / "b").mkdir()
    (root / "b/z").write_text("")
    _config(
        root,
        f"core.fsmonitor={spy}",
        f"core.hooksPath={tmp_path}",
        f"core.sshCommand={spy}",
        f"core.pager={spy}",
        f"core.editor={spy}",
        f"core.askPass={spy}",
        f"core.gitProxy={spy}",
        f"credential.helper={spy}",
        f"filter.x.clean={spy}",
        f"filter.x.smudge={spy}",
        f"filter.x.process={spy}",
        f"diff.external={spy}",
        f"remote.origin.uploadpack={spy}",
        f"remote.origin.vcs={spy}",
        "alias.ls-files=!" + str(spy),
        "alias.check-ignore=!" + str(spy),
        "protocol.allow=always",
    )
    (root / ".gitattributes").write_text("* filter=x diff=x\n")
    for hook in ("post-index-change", "fsmonitor-watchman", "query-watchman"):
        (tmp_path / hook).write_text(spy.read_text())
        (tmp_path / hook).chmod(0o755)
    subprocess.run(["git", "status"], cwd=root, capture_output=True)
    assert ran.exists(), "the trap works on git itself"
    ran.unlink()
    for url in ("ssh://nowhere.invalid/x", f"ext::{spy} %S", origin.as_uri(), str(origin)):
        git(root, "config", "remote.origin.url", url)
        tree = discover(root)
        tree.ignored(["b/z", "a/x"])
        run(Request(root))
        assert tree.paths == ("a/x", "c")
        assert any("partial clone" in notice for notice in tree.notices)
    assert not ran.exists(), ran.read_text()


@pytest.mark.parametrize("configured", ["..", "../../elsewhere", "/"])
def test_no_other_work_tree_than_the_one_around_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, configured: str
) -> None:
    (tmp_path / "private.txt").write_text("")
    root = repository_from({"a": ""}, tmp_path / "root")
    git(root, "config", "core.worktree", configured)
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    assert root_of([root / "a"]) == root
    assert (discover(root).is_git, discover(root).paths) == (True, ("a",))
    assert discover(root).ignored(["x"]) == frozenset()


def test_links_and_what_is_no_file(tmp_path: Path) -> None:
    """Said is only what somebody could miss: a link that leads out, or whose target nobody lints."""
    root = repository_from({"real/Dockerfile": "", ".gitignore": "made/\n", "taken": ""}, tmp_path / "root")
    (tmp_path / "outside").write_text("")
    (root / "made").mkdir()
    (root / "made/Dockerfile").write_text("")
    for name, target in {
        "Dockerfile": "real/Dockerfile",
        "linked": "real",
        "web.Dockerfile": "made/Dockerfile",
        "worker.Dockerfile": "nowhere",
        "loop.Dockerfile": "loop.Dockerfile",
        "notes": "nowhere",
        "out": "../outside",
        "away": "/etc",
    }.items():
        (root / name).symlink_to(target)
    (root / "taken").unlink()
    os.mkfifo(root / "taken")
    tree = discover(root)
    assert set(tree.paths) == {"real/Dockerfile", ".gitignore"}
    assert {path: reason.partition(" to ")[0] for path, reason in tree.passed} == {
        "web.Dockerfile": "it is a link",
        "worker.Dockerfile": "it is a link",
        "loop.Dockerfile": "it is a link",
        "out": "it is a link that leads out of the repository",
        "away": "it is a link that leads out of the repository",
        "taken": "it is no regular file",
    }


def test_a_repository_within_a_plain_folder_is_named(tmp_path: Path) -> None:
    repository_from({"a": ""}, tmp_path / "projects" / "one")
    (tmp_path / "projects/b").write_text("")
    tree = discover(tmp_path / "projects")
    assert tree.paths == ("b",)
    assert [path for path, _ in tree.passed] == ["one/"]


def test_a_target_that_is_not_linted_is_said(tmp_path: Path) -> None:
    root = repository_from({".gitignore": "made\n", "a": ""}, tmp_path / "root")
    (root / "made").write_text("")
    said = run(Request(root, targets=frozenset({"made"}))).report.notices
    assert any("nothing in made is linted" in notice for notice in said)


def test_the_tree_is_what_repository_checks_ask(tmp_path: Path) -> None:
    tree: Tree = discover(repository_from({"a": "", "b": ""}, tmp_path / "root", untracked=["b"]), ["c"])
    assert (tree.is_tracked("a"), tree.is_tracked("b"), tree.is_tracked("c")) == (True, False, False)
    assert engine_git.toplevel(tree.root) == tree.top == tree.root
