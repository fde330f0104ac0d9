"""A run that the resident makes is the run that would have been made here, or none."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import NamedTuple

import pytest

from runcrew_lint.cli import main
from runcrew_lint.resident import ask, host
from runcrew_lint.resident import door as doors
from tests.fixtures_git import repository_from
from tests.laid_out import ROOT, laid_out

pytestmark = [
    pytest.mark.usefixtures("git"),
    pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="there are no such sockets here"),
]

FILES = {
    "Dockerfile": "FROM python:3.12.1-slim\nCMD python app.py\n",
    ".github/workflows/ci.yml": "name: ci\non: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
    "      - uses: actions/checkout@v4\n",
    "한글.yaml": "a: 1\na: 2\n",
}
RUN = "from runcrew_lint.console import main; main()"
STAY = "from runcrew_lint.resident.host import main; main()"
GREET = "import sys; from runcrew_lint.resident.door import greeting; sys.stdout.write(greeting().decode())"
NOT_ANSWERED = 99
# Only what a resident says: had it not answered, the code would be another.
ASK = f"""
import sys
from runcrew_lint.resident.ask import Nobody, _asked
from runcrew_lint.resident.door import door
try:
    code = _asked(door())
except Nobody:
    code = None
sys.exit({NOT_ANSWERED} if code is None else code)
"""


class Done(NamedTuple):
    """How a run ended, and what it wrote."""

    code: int
    out: str
    err: str


class Home(NamedTuple):
    """A user's machine: an installation, a folder for sockets, a cache."""

    site: Path
    runtime: Path
    cache: Path

    def environment(self, **more: str) -> dict[str, str]:
        """What his shell sets."""
        own = {"PYTHONPATH": str(self.site), "XDG_RUNTIME_DIR": str(self.runtime)}
        kept = {name: value for name, value in os.environ.items() if name != "RUNCREW_LINT_RESIDENT"}
        return {**kept, **own, "RUNCREW_LINT_CACHE_DIR": str(self.cache), "COLUMNS": "100", **more}

    def start(self, program: list[str], folder: Path, **more: str) -> subprocess.Popen[str]:
        """A program of Python's in this home."""
        return subprocess.Popen(
            [sys.executable, "-P", *program],
            cwd=folder, env=self.environment(**more), text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, program: list[str], folder: Path, **more: str) -> Done:
        """The same, when it is over."""
        started = self.start(program, folder, **more)
        out, err = started.communicate(timeout=60)
        return Done(started.returncode, out, err)

    def plain(self, folder: Path, *arguments: str, **more: str) -> Done:
        """A run without a resident."""
        return self.run(["-c", RUN, *arguments], folder, **more)

    def asked(self, folder: Path, *arguments: str, **more: str) -> Done:
        """A run that the resident makes."""
        return self.run(["-c", ASK, *arguments], folder, **more)

    def socket(self) -> Path | None:
        """Where the resident listens."""
        found = [each for each in self.runtime.glob("runcrew-lint/*") if each.is_socket()]
        return found[0] if found else None

    def awaits(self) -> None:
        """Until a resident listens."""
        _until(lambda: self.socket() is not None)


def _until(true: object) -> None:
    end = monotonic() + 30
    while not true():  # type: ignore[operator]
        assert monotonic() < end, "it took too long"
        sleep(0.02)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as a wheel lays it out: nobody at work on it ends a resident."""
    return laid_out(tmp_path_factory.mktemp("site"))


@pytest.fixture
def home(site: Path, tmp_path: Path) -> Iterator[Home]:
    """A machine on which no resident is left behind."""
    with TemporaryDirectory(prefix="run") as runtime:  # a socket's path is short
        made = Home(site, Path(runtime), tmp_path / "cache")
        yield made
        if made.socket():
            with suppress(ProcessLookupError):
                os.kill(_resident_of(made), signal.SIGKILL)


def _resident_of(home: Home) -> int:
    """The process that its lock names."""
    return int(next(home.runtime.glob("runcrew-lint/*.lock")).read_text() or 0)


@pytest.fixture
def resident(home: Home) -> Iterator[subprocess.Popen[str]]:
    """One that listens."""
    process = home.start(["-c", STAY], Path("/"))
    home.awaits()
    yield process
    process.kill()
    process.communicate()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with findings."""
    return repository_from(FILES, tmp_path / "repository")


@pytest.mark.usefixtures("resident")
def test_who_asks_imports_next_to_nothing(home: Home, repository: Path) -> None:
    listed = ASK.replace("sys.exit(", "print(*sys.modules, file=sys.stderr)\nsys.exit(")
    told = home.run(["-S", "-c", listed, "--version"], repository)
    modules = set(told.err.split())
    assert told.code == 0
    assert {name for name in modules if name.startswith("runcrew_lint")} == {
        "runcrew_lint", "runcrew_lint.resident", "runcrew_lint.resident.ask", "runcrew_lint.resident.door",
    }  # fmt: skip
    assert not modules & {"click", "json", "pathlib", "re", "subprocess", "tempfile"}


@pytest.mark.usefixtures("resident")
@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "Dockerfile", "--format", "json"],
        [".github", "--diff", "--unsafe-fixes"],
        ["--select", "no-such-rule"],
        ["explain", "root-user"],
    ],
    ids=" ".join,
)
def test_it_says_what_a_run_of_ones_own_says(home: Home, repository: Path, arguments: list[str]) -> None:
    own = home.plain(repository, *arguments)
    assert home.asked(repository, *arguments) == own
    assert own.code in (0, 1, 2)
    assert own.out + own.err


@pytest.mark.usefixtures("resident")
def test_it_sees_what_has_changed_since(home: Home, repository: Path) -> None:
    first = home.asked(repository, "--format", "concise")
    (repository / "Dockerfile").write_text("FROM python:latest\nCMD python app.py\n")
    second = home.asked(repository, "--format", "concise")
    assert first != second
    assert second == home.plain(repository, "--format", "concise", "--no-cache")
    (repository / ".runcrew-lint.yaml").write_text("extends: recommended\nrules:\n  root-user: off\n")
    third = home.asked(repository, "--format", "concise")
    assert "root-user" in second.out
    assert "root-user" not in third.out
    assert third == home.plain(repository, "--format", "concise", "--no-cache")


@pytest.mark.usefixtures("resident")
def test_folder_environment_and_mask_are_the_callers(home: Home, repository: Path) -> None:
    old = os.umask(0o077)
    try:
        home.asked(repository / ".github", "--format", "json=../out.json")
    finally:
        os.umask(old)
    assert (repository / "out.json").stat().st_mode & 0o777 == 0o600
    plain, coloured = (home.asked(repository, FORCE_COLOR=value, NO_COLOR="") for value in ("", "1"))
    assert ("\x1b[" in plain.out, "\x1b[" in coloured.out) == (False, True)


@pytest.mark.usefixtures("resident")
def test_it_is_the_day_that_it_is_where_the_caller_is(home: Home, repository: Path) -> None:
    last = datetime.now(timezone(timedelta(hours=-12))).date()  # 26 hours lie between the zones
    text = (
        f"# runcrew-lint: ignore[root-user] until={last} soon\nFROM python:3.12.1-slim\nCMD python app.py\n"
    )
    (repository / "Dockerfile").write_text(text)
    east, west = (home.asked(repository, "Dockerfile", TZ=zone) for zone in ("EAST-14", "WEST+12"))
    assert east != west
    assert east == home.plain(repository, "Dockerfile", TZ="EAST-14")


@pytest.mark.usefixtures("resident")
def test_two_repositories_are_kept_apart(home: Home, repository: Path, tmp_path: Path) -> None:
    other = repository_from({"Dockerfile": "FROM node:22.1.0\nCMD node x.js\n"}, tmp_path / "other")
    for folder in (repository, other, repository):
        assert home.asked(folder) == home.plain(folder)


@pytest.mark.usefixtures("resident")
def test_fixes_are_written(home: Home, repository: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(repository, tmp_path / "copy")
    assert home.asked(repository, "--fix", "--unsafe-fixes") == home.plain(copy, "--fix", "--unsafe-fixes")
    mended = (repository / ".github/workflows/ci.yml").read_text()
    assert mended == (copy / ".github/workflows/ci.yml").read_text()
    assert mended != FILES[".github/workflows/ci.yml"]


def test_who_goes_away_ends_his_run_and_no_other(
    home: Home, resident: subprocess.Popen[str], repository: Path, tmp_path: Path
) -> None:
    go, git = tmp_path / "go", tmp_path / "bin/git"
    git.parent.mkdir()
    git.write_text(f'#!/bin/sh\nuntil [ -e {go} ]; do sleep 0.02; done\nexec {shutil.which("git")} "$@"\n')
    git.chmod(0o755)
    path = f"{git.parent}{os.pathsep}{os.environ['PATH']}"
    for signalled, told in (
        (signal.SIGINT, (130, "", "\nruncrew-lint: interrupted\n")),
        (signal.SIGKILL, None),
    ):
        caller = home.start(["-c", ASK, "--no-cache"], repository, PATH=path)
        _until(lambda: _folder_of(resident.pid) == repository)
        caller.send_signal(signalled)
        sleep(0.5)  # until he has heard of it
        go.touch()
        out, err = caller.communicate(timeout=60)
        assert told in (None, (caller.returncode, out, err))
        _until(lambda: _folder_of(resident.pid) == Path("/"))
        go.unlink()
    assert home.asked(repository, "--version").code == 0


def _folder_of(pid: int) -> Path:
    """Where a process works."""
    told = Path(f"/proc/{pid}/cwd")
    if not told.exists():
        pytest.skip("only Linux tells where a process works")
    return told.readlink()


def test_a_busy_one_is_not_waited_for(home: Home, resident: subprocess.Popen[str], repository: Path) -> None:
    resident.send_signal(signal.SIGSTOP)
    try:
        assert home.asked(repository).code == NOT_ANSWERED
        told = home.plain(repository, RUNCREW_LINT_RESIDENT="1")
    finally:
        resident.send_signal(signal.SIGCONT)
    assert told == home.plain(repository)
    assert home.asked(repository) == told, "what nobody waited for any more was dropped"


def test_another_edition_is_not_answered(
    home: Home, resident: subprocess.Popen[str], repository: Path, site: Path
) -> None:
    later = ASK.replace(
        "import sys",
        "import sys, runcrew_lint.resident.ask as a\nhello = b'2' * len(a.greeting())\n"
        "a.greeting = lambda: hello",
        1,
    )
    assert home.run(["-c", later], repository).code == NOT_ANSWERED
    assert home.asked(repository, "--version").code == 0
    (site / "installed.dist-info").touch()
    assert home.asked(repository, "--version").code == NOT_ANSWERED
    assert resident.wait(timeout=30) == 0
    (site / "installed.dist-info").unlink()


def test_nonsense_does_it_no_harm(home: Home, resident: subprocess.Popen[str], repository: Path) -> None:
    own, theirs = (str(folder / "runcrew_lint").encode() for folder in (ROOT, home.site))
    hello = doors.greeting().replace(own, theirs)
    for said in (b"", b"x" * 9999, hello, hello + b"\0\0\0\3(1,", hello + b"\xff" * 4 + b"x" * 99):
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.connect(str(home.socket()))
            with suppress(ConnectionError):  # it does not read to the end
                stranger.sendall(said)
            if said == hello:
                assert stranger.recv(1) == ask.TAKEN
    _until(lambda: home.asked(repository, "--version").code == 0)
    assert resident.poll() is None


@pytest.mark.parametrize(
    ("said", "files"),
    [
        (b"", 4),
        (b"5", 4),
        (b"\0" * 1000, 4),
        (b"one\0two\0x\0--version", 4),
        (b"%s\0" % (b"9" * 5000) * 2, 4),
        (b"2\x0018\0x\0--version", 0),
        (b"2\x0018\0x\0--version", 3),
        (b"2\x0018\0x\0--version", 9),
    ],
    ids=range(8),
)
def test_nor_does_a_question_that_is_none(
    home: Home, resident: subprocess.Popen[str], repository: Path, said: bytes, files: int
) -> None:
    """The files are four, and the last is a folder; none of these is, and none stays open."""
    hello = home.run(["-c", GREET], repository).out.encode()
    open_now = _open_in(resident.pid)
    with socket.socket(socket.AF_UNIX) as stranger, Path(os.devnull).open() as null:
        stranger.connect(str(home.socket()))
        stranger.sendall(hello)
        assert stranger.recv(1) == ask.TAKEN
        socket.send_fds(stranger, [len(said).to_bytes(4, "big")], [null.fileno()] * files)
        with suppress(ConnectionError):  # it does not read to the end
            stranger.sendall(said)
            assert stranger.recv(1) == b"", "it was answered"
    _until(lambda: home.asked(repository, "--version").code == 0)
    assert resident.poll() is None
    _until(lambda: _open_in(resident.pid) == open_now)


def _open_in(pid: int) -> int:
    """How many files a process has open, where the system tells."""
    folder = Path(f"/proc/{pid}/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


def test_half_a_question_is_none(home: Home, resident: subprocess.Popen[str], repository: Path) -> None:
    """It is longer than any that is read to its end."""
    hello = home.run(["-c", GREET], repository).out.encode()
    said = b"2\x0018\0x\0--version\0A=" + b"x" * (5 << 20)
    here = os.open(repository, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as caller, Path(os.devnull).open("r+") as null:
        caller.connect(str(home.socket()))
        caller.sendall(hello)
        assert caller.recv(1) == ask.TAKEN
        socket.send_fds(caller, [len(said).to_bytes(4, "big")], [null.fileno()] * 3 + [here])
        with suppress(ConnectionError):  # it does not read to the end
            caller.sendall(said[: 4 << 20])
            assert caller.recv(1) == b""
    os.close(here)
    _until(lambda: home.asked(repository, "--version").code == 0)
    assert resident.poll() is None


@pytest.mark.usefixtures("resident")
def test_a_variable_without_a_name_is_no_hindrance(home: Home, repository: Path) -> None:
    assert home.asked(repository, **{"": "x"}) == home.plain(repository, **{"": "x"})


@pytest.mark.usefixtures("resident")
def test_what_is_told_is_in_the_callers_encoding(home: Home, tmp_path: Path) -> None:
    root = repository_from({"é/Dockerfile": "FROM python:latest\n"}, tmp_path / "root")
    told = [
        subprocess.run(
            [sys.executable, "-P", "-c", program, "--format", "concise"],
            cwd=root, env=home.environment(PYTHONIOENCODING="latin-1"), capture_output=True, timeout=60,
        ).stdout
        for program in (RUN, ASK)
    ]  # fmt: skip
    assert told[0] == told[1]
    assert "é/Dockerfile".encode("latin-1") in told[0]


@pytest.mark.usefixtures("resident")
def test_a_folder_for_scratch_may_be_gone_the_next_time(home: Home, tmp_path: Path) -> None:
    plain, scratch = tmp_path / "plain", tmp_path / "scratch"
    plain.mkdir()
    scratch.mkdir()
    (plain / "Dockerfile").write_text(FILES["Dockerfile"])
    first = home.asked(plain, TMPDIR=str(scratch))
    scratch.rmdir()
    assert home.asked(plain) == first
    assert "root-user" in first.out


@pytest.mark.usefixtures("resident")
def test_who_sees_other_files_is_not_answered(home: Home, repository: Path) -> None:
    """In a container of the same home a path names another file: the answer was that there is none."""
    words = ["unshare", "-rm"]
    if not shutil.which("unshare") or subprocess.run([*words, "true"], capture_output=True).returncode:
        pytest.skip("this machine lets nobody have mounts of his own")
    command = [*words, sys.executable, "-P", "-c", ASK]
    done = subprocess.run(command, cwd=repository, env=home.environment(), capture_output=True)
    assert done.returncode == NOT_ANSWERED
    assert home.asked(repository).code == 0


def test_a_link_in_the_place_of_its_lock_is_not_followed(home: Home, tmp_path: Path) -> None:
    """An archive may bring a cache folder along, for a caller whose own is a relative one."""
    named = home.run(["-c", "from runcrew_lint.resident.door import door; print(door())"], Path("/"))
    precious = tmp_path / "precious"
    precious.write_text("mine")
    Path(f"{named.out.strip()}.lock").symlink_to(precious)
    assert home.run(["-c", STAY], Path("/")).code != 0
    assert precious.read_text() == "mine"


def test_one_is_left_behind_and_never_two(home: Home, repository: Path) -> None:
    wanted = {"RUNCREW_LINT_RESIDENT": "1"}
    own = home.plain(repository)
    assert home.socket() is None, "nobody wanted one"
    assert home.plain(repository, **wanted) == own
    home.awaits()
    first = _resident_of(home)
    assert home.plain(repository, **wanted) == own
    second = home.start(["-c", STAY], Path("/"))
    assert second.wait(timeout=30) == 0, "there is one"
    assert _resident_of(home) == first
    os.kill(first, signal.SIGKILL)
    assert home.plain(repository, **wanted) == own
    _until(lambda: _resident_of(home) != first)


@pytest.mark.parametrize(
    ("arguments", "asks"),
    [
        ("init --yes", False),
        ("server", False),
        ("check --watch", False),
        ("--stdin-filename=a.py", False),
        ("check --allow-plugins crew", False),
        ("server/migrations/a.py", True),
        ("check server", True),
        ("initial.sql", True),
        ("", True),
    ],
)
def test_what_asks_back_or_stays_is_nobody_elses_affair(
    arguments: str, asks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(sys, "argv", ["runcrew-lint", *arguments.split()])
    monkeypatch.setattr(ask, "door", lambda: asked.append("it was"))
    monkeypatch.setattr(main, "main", lambda: None)
    ask.answered()
    assert bool(asked) == asks


def test_a_folder_that_others_may_enter_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with TemporaryDirectory(prefix="run") as runtime:
        monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
        assert doors.door() is not None
        folder = Path(runtime, "runcrew-lint")
        folder.chmod(0o755)
        assert doors.door() is None
        folder.rmdir()
        own = Path(runtime, "own")
        own.mkdir(mode=0o700)
        folder.symlink_to(own)
        assert doors.door() is None, "a link is somebody's choice"
        folder.unlink()
        monkeypatch.setattr(os, "geteuid", lambda: 12345)
        assert doors.door() is None, "another user's"
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / ("a" * 120)))
    assert doors.door() is None, "too long for a socket"


@pytest.mark.skipif(not hasattr(socket, "SO_PEERCRED"), reason="only Linux says whose the other end is")
def test_another_user_is_told_by_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = socket.socketpair()
    with here, there:
        assert doors.same_user(here)
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
        assert not doors.same_user(here)


def test_neither_side_speaks_to_another_user(monkeypatch: pytest.MonkeyPatch) -> None:
    with TemporaryDirectory(prefix="run") as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{folder}/door")
        listener.listen()
        monkeypatch.setattr(ask, "same_user", lambda _: False)
        assert ask._asked(f"{folder}/door") is None
        caller, _ = listener.accept()
        with caller:
            assert caller.recv(1) == b"", "nothing was handed over"
        monkeypatch.setattr(host, "same_user", lambda _: False)
        monkeypatch.setattr(host, "IDLE", 0.1)
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.connect(f"{folder}/door")
            stranger.sendall(doors.greeting())
            host._answer_all(listener)
            with suppress(ConnectionError):  # it is closed before it is read
                assert stranger.recv(1) == b""
