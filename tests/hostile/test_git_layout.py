"""A `.git` that somebody brings along points, lists and names as it likes: nothing of it runs."""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from runcrew_lint.engine import git as engine_git
from runcrew_lint.engine.disk import Disk, Skipped
from tests.bounded import must_answer, must_end
from tests.commands import said
from tests.fixtures_git import git, repository_from

pytestmark = pytest.mark.usefixtures("git")

WITNESS = {"Dockerfile": "FROM python:latest\nUSER a\nRUN apt-get install -y curl\n", "a.py": "x = 1\n"}
WAYS = ("check", "check --since HEAD~1", "check --history", "check --fix --unsafe-fixes", "check --staged")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two commits, beside a repository of somebody else and a spy that any setting may name."""
    away = {"Dockerfile": "FROM hunter2:latest\nRUN apt-get install -y hunter2\n"}
    repository_from(away, tmp_path / "away")
    spy = tmp_path / "spy"
    spy.write_text(f"#!/bin/sh\ntouch '{tmp_path / 'ran'}'\ncat\n")
    spy.chmod(0o755)
    root = repository_from(WITNESS, tmp_path / "root")
    (root / "b.py").write_text("y = 1\n")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "second")
    return root


def _configured(root: Path, text: str) -> None:
    with (root / ".git/config").open("a") as stream:
        stream.write(text)


def _include_if(root: Path) -> None:
    spy, included = root.parent / "spy", root.parent / "included"
    included.write_text(f"[core]\n\tfsmonitor = {spy}\n\tsshCommand = {spy}\n[alias]\n\tls-files = !{spy}\n")
    conditions = (f"gitdir:{root}/", "gitdir/i:**", "onbranch:main", "hasconfig:remote.*.url:**")
    _configured(root, '[remote "o"]\n\turl = https://example.invalid/\n')
    for each in conditions:
        _configured(root, f'[includeIf "{each}"]\n\tpath = {included}\n')


def _alternates(root: Path) -> None:
    (root / ".git/objects/info").mkdir(exist_ok=True)
    lines = (str(root.parent / "away/.git/objects"), "/nowhere", "../../../../../etc", '"quoted', ".")
    (root / ".git/objects/info/alternates").write_text("\n".join(lines * 300))


def _common_folder(root: Path) -> None:
    (root / ".git/commondir").write_text(f"{root.parent / 'away/.git'}\n")


def _nowhere_in_common(root: Path) -> None:
    (root / ".git/commondir").write_text("../../../nowhere\n")


def _pointing(target: str) -> Callable[[Path], None]:
    def made(root: Path) -> None:
        shutil.rmtree(root / ".git")
        (root / ".git").write_text(f"gitdir: {target.replace('AWAY', str(root.parent / 'away/.git'))}\n")

    return made


def _of_a_work_tree(root: Path) -> None:
    spy, away = root.parent / "spy", root.parent / "away"
    _configured(root, f"[core]\n\tworktree = {away}\n[extensions]\n\tworktreeConfig = true\n")
    (root / ".git/config.worktree").write_text(
        f"[core]\n\tworktree = {away}\n\tfsmonitor = {spy}\n\thooksPath = {root.parent}\n"
    )


def _attributes(root: Path) -> None:
    unknown = "filter=nothing diff=nothing merge=nothing working-tree-encoding=NONE ident eol=crlf"
    (root / ".gitattributes").write_text(f"* {unknown}\n[attr]x filter=y\n* x\n{'*' * 5000} a\n")
    _configured(root, '[filter "nothing"]\n\trequired = true\n[core]\n\tattributesFile = /etc/passwd\n')


def _submodules(root: Path) -> None:
    spy = root.parent / "spy"
    (root / ".gitmodules").write_text(
        f'[submodule "../../../x"]\n\tpath = ../../x\n\turl = --upload-pack={spy}\n\tupdate = !{spy}\n'
        f'[submodule "a\\nb"]\n\tpath = -u\n\turl = ext::{spy}\n'
    )
    repository_from({"Dockerfile": "FROM hunter2:latest\n"}, root / "sub")
    _configured(root / "sub", f"[core]\n\tfsmonitor = {spy}\n")
    commit = git(root / "sub", "rev-parse", "HEAD").strip()
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{commit},sub")
    _configured(
        root, f'[submodule "sub"]\n\tupdate = !{spy}\n\tactive = true\n[submodule]\n\trecurse = true\n'
    )


LAYOUTS = {
    "includeIf": _include_if,
    "alternates": _alternates,
    "commondir": _common_folder,
    "commondir nowhere": _nowhere_in_common,
    "gitdir": _pointing("AWAY"),
    "gitdir nowhere": _pointing("/proc/self/nowhere"),
    "gitdir to itself": _pointing(".git"),
    "gitdir with an escape": _pointing("\x1b[31m\x00"),
    "work tree elsewhere": _of_a_work_tree,
    "attributes": _attributes,
    "submodules": _submodules,
}


def _beside(root: Path) -> dict[str, bytes]:
    kept = (root, root.parent / "cache")
    files = (each for each in root.parent.rglob("*") if each.is_file())
    return {str(each): each.read_bytes() for each in files if not any(map(each.is_relative_to, kept))}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_where_it_points_is_not_told(root: Path, layout: str, way: str) -> None:
    LAYOUTS[layout](root)
    (root / "new.Dockerfile").write_text(WITNESS["Dockerfile"])
    before = _beside(root)
    with must_end():
        done = said(root, *way.split(), "--no-cache", HOME=str(root.parent))
    # What is staged is what the `.git` that it points to holds: a work tree of somebody else's repository.
    assert ("hunter2" in done.stdout + done.stderr) == ((layout, way) == ("gitdir", "check --staged"))
    assert not (root.parent / "ran").exists()
    assert _beside(root) == before
    assert "\x1b" not in done.stdout + done.stderr
    if done.returncode == 2:
        assert ("since" in way or "history" in way or "staged" in way, done.stderr.count("\n")) == (True, 1)
    elif way == "check":
        assert "base-untagged" in done.stdout
        assert "new.Dockerfile" in done.stdout, "what is not tracked is looked for here"


def _index(root: Path, paths: Iterable[bytes]) -> None:
    """An index as git would never write it: each path is the Dockerfile."""
    blob = bytes.fromhex(git(root, "rev-parse", "HEAD:Dockerfile").strip())
    entries = []
    for path in sorted({*paths, b"Dockerfile"}):
        entry = struct.pack(">10I20sH", *(0,) * 6, 0o100644, 0, 0, 0, blob, min(len(path), 0xFFF)) + path
        entries.append(entry + b"\0" * (8 - len(entry) % 8))
    written = struct.pack(">4sII", b"DIRC", 2, len(entries)) + b"".join(entries)
    (root / ".git/index").write_bytes(written + hashlib.sha1(written).digest())


ABSURD = (
    *(
        b"../away/Dockerfile",
        b"a/../../away/Dockerfile",
        b"./a.Dockerfile",
        b"a//b.Dockerfile",
        b".git/config",
    ),
    *(b"/etc/passwd", b"", b"..", b".git", b"a\nb/\x1b[2J.Dockerfile", b"\xff.Dockerfile", b"Dockerfile/b"),
)


@pytest.mark.parametrize("way", WAYS)
def test_an_index_lists_what_it_likes(root: Path, way: str) -> None:
    """What lies outside is not read; it is named where a kind would have read it."""
    _index(root, ABSURD)
    before = _beside(root)
    with must_end():
        done = said(root, *way.split(), "--no-cache", "--format", "concise", HOME=str(root.parent))
    assert "hunter2" not in done.stdout + done.stderr
    assert done.returncode in (0, 1)
    assert _beside(root) == before
    if way == "check":
        told = "../away/Dockerfile:1:1: info[file-skipped] not linted: git keeps no file of such a path"
        assert told in done.stdout
        assert "Dockerfile:1:6: error[base-untagged]" in done.stdout


@pytest.mark.parametrize(
    "path", [".git/config", "a/.git/config", "../away/Dockerfile", "./Dockerfile", "a//b"]
)
def test_no_file_has_such_a_path(root: Path, path: str) -> None:
    disk = Disk(root)
    with pytest.raises(Skipped, match="git keeps no file of such a path"):
        disk.read(path)
    with pytest.raises(Skipped, match="git keeps no file of such a path"):
        disk.replace(path, None, b"")


def test_names_that_another_system_takes_for_git(root: Path) -> None:
    """Here they are folders as any other; none of their configurations is git's."""
    spy = root.parent / "spy"
    names = (".git::$INDEX_ALLOCATION", "GIT~1", ".g\N{ZERO WIDTH NON-JOINER}it", ".git ", ".git.", ".gitx")
    for name in names:
        for folder in ("objects", "refs"):
            (root / name / folder).mkdir(parents=True)
        (root / name / "HEAD").write_text("ref: refs/heads/main\n")
        (root / name / "config").write_text(f"[core]\n\tfsmonitor = {spy}\n")
        (root / name / "Dockerfile").write_text("FROM python:latest\nUSER a\n")
    done = said(root, "check", "--format", "concise", HOME=str(root.parent))
    found = [line for line in done.stdout.splitlines() if "base-untagged" in line]
    assert (len(found), done.returncode) == (len(names) + 1, 1)
    assert not (root.parent / "ran").exists()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[core]\n\trepositoryformatversion = 999\n", "found 999"),
        ("[core]\n\trepositoryformatversion = 1\n[extensions]\n\tnewest = 1\n", "extension found: newest"),
        ("[include]\n\tpath = config\n", "exceeded maximum include depth"),
        ("[core\n\x1b]0;a title\x07 = =\n", "bad config line"),
    ],
)
@pytest.mark.parametrize("way", ["check", "check --since HEAD~1"])
def test_what_git_refuses_is_told_in_its_words(root: Path, text: str, reason: str, way: str) -> None:
    _configured(root, text)
    done = said(root, *way.split())
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert reason in done.stderr
    assert "\x1b" not in done.stderr


def _loose(root: Path) -> str:
    name = git(root, "rev-parse", "HEAD~1:Dockerfile").strip()
    return f".git/objects/{name[:2]}/{name[2:]}"


@pytest.mark.parametrize(
    "place", [".git/objects/info/alternates", ".git/info/exclude", ".mailmap", "an object"]
)
@pytest.mark.parametrize("way", WAYS)
def test_nobody_waits_for_a_pipe(root: Path, place: str, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """git would, whatever it meant to read there."""
    monkeypatch.setattr(engine_git, "TIMEOUT", 1)
    pipe = root / (_loose(root) if place == "an object" else place)
    pipe.parent.mkdir(parents=True, exist_ok=True)
    pipe.unlink(missing_ok=True)
    os.mkfifo(pipe)
    with must_answer():
        done = said(root, *way.split(), "--no-cache")
    if done.returncode == 2:
        assert (done.stderr.count("\n"), done.stderr.endswith("git did not answer within 1 s\n")) == (1, True)
    else:
        assert "base-untagged" in done.stdout or way != "check"
