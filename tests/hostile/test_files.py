"""What is no plain file, is too large, or leads elsewhere: one line says so, and all else is linted."""

from __future__ import annotations

import os
import resource
import shutil
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from runcrew_lint.engine import disk
from runcrew_lint.engine.disk import Disk, Skipped
from runcrew_lint.engine.run import Request, run
from tests.bounded import must_answer, must_end
from tests.commands import said
from tests.engine.counting import unprivileged
from tests.fixtures_git import git, repository_from

pytestmark = pytest.mark.usefixtures("git")
HUGE = 2 << 30  # bytes
WITNESS = {"Dockerfile": "FROM python:latest\nUSER a\n"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository_from(WITNESS, tmp_path / "root")


def _huge(file: Path) -> None:
    with file.open("wb") as stream:
        stream.truncate(HUGE)


def _socket(file: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(file))


def _device(file: Path) -> None:
    try:
        os.mknod(file, stat.S_IFCHR | 0o644, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("no device can be made here")


ODD: dict[str, Callable[[Path], object]] = {
    "2 GiB": _huge,
    "a FIFO": os.mkfifo,
    "a socket": _socket,
    "a device": _device,
    "an endless device": lambda file: file.symlink_to("/dev/zero"),
    "a link to itself": lambda file: file.symlink_to(file.name),
    "a link out": lambda file: file.symlink_to("/etc/passwd"),
}


@pytest.mark.parametrize("shape", ODD)
@pytest.mark.parametrize("path", ["b.Dockerfile", "deep/eas.json", ".env"])
def test_it_is_never_read(root: Path, path: str, shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).write_text("FROM python:3.12\n")
    git(root, "add", "-Af")
    (root / path).unlink()
    ODD[shape](root / path)
    monkeypatch.setattr(os, "read", _no_more_than(1 << 20, os.read))
    with must_end():
        found = run(Request(root)).report.findings
    at = sorted((each.rule, each.path) for each in found if each.rule in ("file-skipped", "base-untagged"))
    assert ("base-untagged", "Dockerfile") in at
    assert [each for each in at if each[1] == path] == [("file-skipped", path)] or shape == "a link to itself"


def test_a_loop_of_folders_is_walked_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Links to what is above them, with git, as a plain folder, and where there is no git."""
    (root / "b").mkdir()
    for name in ("c", "d"):
        (root / "b" / name).symlink_to("..")
    plain = root.parent / "plain"
    shutil.copytree(root, plain, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    for folder, path in ((root, None), (plain, None), (plain, "")):
        with must_end(), monkeypatch.context() as patch:
            if path is not None:
                patch.setenv("PATH", path)
            found = run(Request(folder)).report.findings
        assert [each.path for each in found if each.rule == "base-untagged"] == ["Dockerfile"]


def test_names_that_differ_in_case_alone_are_two_files(root: Path, tmp_path: Path) -> None:
    """Each is read, remembered and mended under its own name, where the file system tells them apart."""
    for name, base in (("x.Dockerfile", "latest"), ("X.Dockerfile", "3.12.1")):
        (root / name).write_text(f"FROM python:{base}\nUSER a\nRUN apt-get install -y {name}\n")
    if (root / "x.Dockerfile").samefile(root / "X.Dockerfile"):
        pytest.skip("this file system takes both for one")
    git(root, "add", "--all")
    for _cold_and_warm in range(2):
        found = run(Request(root, cache=tmp_path / "cache")).report.findings
        at = [each.path for each in found if each.rule == "base-untagged" and each.path != "Dockerfile"]
        assert at == ["x.Dockerfile"]


def _no_more_than(most: int, real: Callable[[int, int], bytes]) -> Callable[[int, int], bytes]:
    def read(handle: int, count: int) -> bytes:
        assert count <= most, "so much is never asked for"
        return real(handle, count)

    return read


PLACES = (".runcrew-lint.yaml", "pyproject.toml", ".runcrew-lint-baseline.json")


@pytest.mark.parametrize("shape", [each for each in ODD if each != "a link to itself"])
@pytest.mark.parametrize("place", PLACES)
def test_no_policy_and_no_baseline_is_one(
    root: Path, place: str, shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    ODD[shape](root / place)
    with must_end(), must_answer():
        done = said(root, "check")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "can't be read" in done.stderr


@pytest.mark.parametrize(
    "text", ["extends: ../elsewhere.yaml\n", "extends: linked/elsewhere.yaml\n", "rules: {own: [../rules]}\n"]
)
def test_a_policy_names_nothing_outside(root: Path, text: str) -> None:
    """What lies there is not for the eyes of whoever reads the log."""
    (root.parent / "elsewhere.yaml").write_text("hunter2: 1\n")
    (root.parent / "rules").mkdir()
    (root.parent / "rules/a-rule.yaml").write_text("hunter2: 1\n")
    (root / "linked").symlink_to("..")
    (root / ".runcrew-lint.yaml").write_text(text)
    done = said(root, "check")
    assert done.returncode == 2
    assert "it leads out of the repository" in done.stderr
    assert "hunter2" not in done.stderr


@pytest.mark.parametrize(
    ("ancestors", "reason"),
    [
        ({"a.yaml": "b.yaml", "b.yaml": "a.yaml"}, "goes round in a circle"),
        ({"a.yaml": "b/../a.yaml"}, "goes round in a circle"),
        (
            {"a.yaml": "0.yaml", **{f"{at}.yaml": f"{at + 1}.yaml" for at in range(2_000)}},
            "more than 10 files",
        ),
    ],
)
def test_a_policy_has_few_ancestors(root: Path, ancestors: dict[str, str], reason: str) -> None:
    (root / "b").mkdir()
    for name, parent in {".runcrew-lint.yaml": "a.yaml", **ancestors}.items():
        (root / name).write_text(f"extends: {parent}\n")
    done = said(root, "check")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert reason in done.stderr


def _outside(root: Path) -> dict[str, bytes]:
    """Everything beside the repository, but for the cache."""
    beside = (each for each in root.parent.rglob("*") if each.is_file() and not each.is_symlink())
    own = (root, root.parent / "cache")
    return {str(each): each.read_bytes() for each in beside if not any(map(each.is_relative_to, own))}


# Where a command writes, each a link that the repository brings along, and what it leads to.
_WRITES = {
    "check --format sarif=report": {"report": "kept"},
    "check --format json=folder/report": {"folder": ""},
    "init --yes": {".pre-commit-config.yaml": "hooks.yaml", ".github": ""},
    "init --yes --baseline": {".runcrew-lint-baseline.json": "baseline.json"},
    "baseline create": {".runcrew-lint-baseline.json": "baseline.json"},
    "baseline update": {".runcrew-lint-baseline.json": "kept"},
    "check --fix --unsafe-fixes": {"a.Dockerfile": "Dockerfile", "linked": ""},
}


@pytest.mark.parametrize("command", _WRITES)
def test_nothing_is_written_outside(root: Path, command: str) -> None:
    away = root.parent / "away"
    away.mkdir()
    (away / "kept").write_text("kept")
    (away / "Dockerfile").write_text("FROM python:3.12.1\nUSER a\nRUN apt-get install -y curl\n")
    for name, target in _WRITES[command].items():
        (root / name).symlink_to(f"../away/{target}")
    before = _outside(root)
    said(root, *command.split())
    assert _outside(root) == before
    assert not (away / "workflows").exists()


@pytest.mark.parametrize(
    "name", ["--format=json={away}", "--fix", "--policy=lax.yaml", "-x.Dockerfile", "--no-such"]
)
@pytest.mark.parametrize("before", [(), ("check",), ("Dockerfile",), ("schema",)], ids=" ".join)
def test_a_file_called_like_an_option_is_none(root: Path, name: str, before: tuple[str, ...]) -> None:
    """A hook names the files that are staged, a shell's * those that are there."""
    away = root.parent / "away.json"
    name = name.format(away=away)
    (root / "lax.yaml").write_text("select: [no-such-rule]\n")
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("FROM python:latest\n")
    git(root, "add", "--all")
    done = said(root, *before, name)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "is the name of a file here" in done.stderr
    assert not away.exists()
    if before != ("schema",):
        told = said(root, *before, "--format", "concise", "--", name)
        assert told.returncode in (0, 1), told.stderr
        assert (f"{name}:1" in told.stdout) == name.endswith("Dockerfile")
    assert not away.exists()


def test_a_report_through_a_link_is_refused(root: Path) -> None:
    (root.parent / "kept").write_text("kept")
    (root / "report").symlink_to("../kept")
    done = said(root, "check", "--format", "sarif=report")
    assert (done.returncode, (root.parent / "kept").read_text()) == (2, "kept")
    assert "it is a link that leads out of the repository" in done.stderr


def test_names_of_every_kind(root: Path) -> None:
    """255 bytes, no text at all, another case, a line end: each file is told by its own name."""
    names = [
        "a" * 255,
        "A" * 255,
        "\udcff\udcfe",
        "new\nline",
        "\N{HANGUL SYLLABLE NO}",
        "-rf",
        "--output=x",
        ":(top)",
        "*",
    ]
    for name in names:
        (root / name).mkdir(exist_ok=True)
        (root / name / "Dockerfile").write_text(WITNESS["Dockerfile"])
    if (root / names[0]).samefile(root / names[1]):
        del names[1]
    found = run(Request(root)).report.findings
    paths = [each.path for each in found if each.rule == "base-untagged"]
    assert sorted(paths) == sorted(["Dockerfile", *(f"{name}/Dockerfile" for name in names)])
    assert sorted(each.name for each in root.iterdir()) == sorted([".git", "Dockerfile", *names])


def test_what_took_the_place_of_a_file_is_not_read(tmp_path: Path) -> None:
    """After git listed it: neither a FIFO nor a device is waited for."""
    os.mkfifo(tmp_path / "a.py")
    (tmp_path / "b.py").symlink_to("/dev/zero")
    for name in ("a.py", "b.py"):
        with must_answer(), pytest.raises(Skipped, match="no regular file"):
            Disk(tmp_path).read(name)


def test_nor_is_a_link_that_took_it_just_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look at what it is and the opening."""
    (tmp_path / "outside").write_text("hunter2")
    root = tmp_path / "root"
    root.mkdir()
    (root / "a.py").write_text("x = 1")

    def looked_at(mode: int) -> bool:
        (root / "a.py").unlink()
        (root / "a.py").symlink_to("../outside")
        return stat.S_ISREG(mode)

    monkeypatch.setattr(disk, "modes", SimpleNamespace(S_ISREG=looked_at))
    with pytest.raises(OSError, match="symbolic link"):
        Disk(root).read("a.py")


def test_nor_is_a_pipe_that_took_it_just_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text("x = 1")
    looks: list[int] = []

    def looked_at(mode: int) -> bool:
        if not looks:
            (tmp_path / "a.py").unlink()
            os.mkfifo(tmp_path / "a.py")
        looks.append(mode)
        return stat.S_ISREG(mode)

    monkeypatch.setattr(disk, "modes", SimpleNamespace(S_ISREG=looked_at, S_ISLNK=stat.S_ISLNK))
    with must_answer(), pytest.raises(Skipped, match="no regular file"):
        Disk(tmp_path).read("a.py")


def test_nothing_behind_a_link_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/a").write_text("hunter2")
    (tmp_path / "root").mkdir()
    (tmp_path / "root/folder").symlink_to("../outside")
    Disk(tmp_path / "root").remove("folder/a")
    assert (tmp_path / "outside/a").exists()


def test_what_a_fix_writes_is_nobody_elses_before_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_bytes(b"A=1\n")
    (tmp_path / ".env").chmod(0o600)
    seen: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda handle: seen.append(stat.S_IMODE(os.fstat(handle).st_mode)))
    before = os.umask(0)
    try:
        Disk(tmp_path).replace(".env", b"A=1\n", b"A=2\n")
    finally:
        os.umask(before)
    assert 0o600 in seen
    assert set(seen) <= {0o600, 0o700, 0o755}, "a folder is synced, too"
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600


def test_a_file_that_is_written_while_it_is_read_is_not_remembered(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever half of it was seen: the next run reads it anew, and tells what lies there."""
    file, real, reads = root / "Dockerfile", os.read, 0

    def read(handle: int, count: int) -> bytes:
        nonlocal reads
        content = real(handle, count)
        if content.startswith(b"FROM python:latest"):
            reads += 1
            file.write_text("FROM python:3.12.1\nUSER a\nRUN true\n")
        return content

    cache = tmp_path / "cache"
    with monkeypatch.context() as patch:
        patch.setattr(os, "read", read)
        run(Request(root, cache=cache))
        file.write_text("FROM python:latest\nUSER a\n")
        assert Disk(root).read("Dockerfile")[1] is None
    assert reads == 2
    assert not [
        each for each in run(Request(root, cache=cache)).report.findings if each.rule == "base-untagged"
    ]


def test_a_work_tree_that_can_only_be_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is linted as ever, and nothing is mended: each file that would be is named."""
    (root / "Dockerfile").write_text("FROM python:3.12.1\nUSER a\nRUN apt-get install -y curl\n")
    before = (root / "Dockerfile").read_bytes()
    monkeypatch.setenv("HOME", str(root))
    said(root, "check", "--fix", "--diff")  # what is imported on the way may lie where nobody may read
    for folder in (root, *root.parents[:3]):
        folder.chmod(0o555)
    (root / "Dockerfile").chmod(0o444)
    with unprivileged(root):
        checked = said(root, "check", "--no-cache")
        mended = said(root, "check", "--no-cache", "--fix", "--unsafe-fixes")
    for folder in (root, *root.parents[:3]):
        folder.chmod(0o755)
    assert "apt-careless" in checked.stdout
    assert "left 'Dockerfile' alone: it can't be written: Permission denied" in mended.stderr
    assert (root / "Dockerfile").read_bytes() == before
    assert sorted(each.name for each in root.iterdir()) == [".git", "Dockerfile"]


def test_a_disk_that_is_full_under_the_cache(root: Path, tmp_path: Path) -> None:
    """No more than a page can be written: the answer is that of a run without a cache, and so is the next."""
    for number in range(200):
        (root / f"{number}.Dockerfile").write_text("FROM python:latest\nUSER a\n")
    cold = run(Request(root)).report.findings
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, hard))
    try:
        full = run(Request(root, cache=tmp_path / "cache")).report.findings
        again = run(Request(root, cache=tmp_path / "cache")).report.findings
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert full == again == cold
    assert run(Request(root, cache=tmp_path / "cache")).report.findings == cold


@pytest.mark.skipif(
    not os.environ.get("RUNCREW_MANY_FILES"), reason="set RUNCREW_MANY_FILES=100000; takes a minute"
)
def test_very_many_files(tmp_path: Path) -> None:
    many = int(os.environ["RUNCREW_MANY_FILES"])
    for number in range(many):
        file = tmp_path / f"d{number % 500}/f{number}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"x = {number}\n")
    (tmp_path / "Dockerfile").write_text(WITNESS["Dockerfile"])
    report = run(Request(tmp_path)).report
    assert report.files == many + 1
    assert [each.rule for each in report.findings] == ["base-untagged"]
