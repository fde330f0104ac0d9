"""`--watch`: the loop by itself, and the command as a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from runcrew_lint.cli import watch as watching
from runcrew_lint.engine.run import Request
from runcrew_lint.model.errors import SetupError
from tests.commands import said
from tests.fixtures_git import git, repository_from

pytestmark = pytest.mark.usefixtures("git")
LATEST = 'FROM python\nUSER app\nCMD ["python"]\n'
FILES = {
    ".runcrew-lint.yaml": "extends: recommended\nrules: {severity: {base-untagged: error}}\n",
    ".gitignore": "*.log\n",
    "Dockerfile": LATEST.replace("python\n", "python:3.13-slim\n", 1),
}
PATIENCE = 60  # seconds


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository_from(FILES, tmp_path / "r")


class Runs:
    """Runs that do what a test says, and are interrupted when it has no more to say."""

    def __init__(self, *does: object) -> None:
        self.does, self.count = list(does), 0

    def __call__(self, _request: Request) -> int:
        """The next run."""
        if self.count == len(self.does):
            raise KeyboardInterrupt
        does = self.does[self.count]
        self.count += 1
        if isinstance(does, Exception):
            raise does
        if isinstance(does, Path):
            does.write_text(f"{does.read_text() if does.exists() else ''}#\n")
            return 0
        assert isinstance(does, int)
        return does


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The pauses between looks, which take no time here; after ten the loop is interrupted."""
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 10:
            raise KeyboardInterrupt

    monkeypatch.setattr(watching, "sleep", sleep)
    yield pauses


def test_a_change_during_a_run_is_not_lost(root: Path, looks: list[float]) -> None:
    runs = Runs(root / "Dockerfile", 1)
    assert watching.watch(Request(root), runs, []) == 1
    assert runs.count == 2
    assert len(looks) == 10  # one until the second run, and then nothing but looks


@pytest.mark.parametrize(
    ("path", "runs"),
    [
        ("Dockerfile", 2),
        ("new/compose.yaml", 2),
        ("debug.log", 1),
        (".git/COMMIT_EDITMSG", 1),
        ("own.json", 1),
    ],
)
def test_what_is_a_change(root: Path, looks: list[float], path: str, runs: int) -> None:
    (root / path).parent.mkdir(exist_ok=True)
    done = Runs(root / path, *[0] * 9)
    watching.watch(Request(root), done, [root / "own.json"])
    assert done.count == runs


def test_what_git_keeps_is_a_change_of_what_is_staged(root: Path, looks: list[float]) -> None:
    (root / "Dockerfile").write_text(LATEST)

    class Staging(Runs):
        def __call__(self, request: Request) -> int:
            if self.count == 0:
                git(root, "add", "Dockerfile")
            return super().__call__(request)

    plain, staged = Staging(0, 0, 0), Staging(0, 0, 0)
    watching.watch(Request(root), plain, [])
    looks.clear()
    git(root, "reset", "-q")
    watching.watch(Request(root, staged=True), staged, [])
    assert (plain.count, staged.count) == (1, 2)


def test_a_mistake_is_told_and_the_next_change_mends_it(
    root: Path, looks: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SetupError):
        watching.watch(Request(root), Runs(SetupError("no such policy")), [])
    assert watching.watch(Request(root), Runs(root / "Dockerfile", SetupError("no such key")), []) == 2
    assert "runcrew-lint: no such key" in capsys.readouterr().err


def test_it_mends_nothing(root: Path) -> None:
    for other in ("--fix", "--diff"):
        done = said(root, "--watch", other)
        assert (done.returncode, done.stdout) == (2, "")
        assert "--watch only looks" in done.stderr


def _interruptible() -> None:
    """Who starts the tests in the background may have interrupts ignored, and a process inherits that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_as_a_process(root: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "RUNCREW_LINT_CACHE_DIR": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "runcrew_lint.cli.main", "--watch", "--format", "concise"]
    log = tmp_path / "log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, cwd=root, env=environment, stdout=stream, stderr=stream, preexec_fn=_interruptible
        )

    def told(words: str, times: int = 1) -> None:
        end = time.monotonic() + PATIENCE
        while log.read_text().count(words) < times:
            assert process.poll() is None and time.monotonic() < end, log.read_text()
            time.sleep(0.05)

    try:
        told("watching 3 files")
        assert "base-untagged" not in log.read_text()
        (root / "Dockerfile").write_text(LATEST)
        told("base-untagged")
        assert " Dockerfile\n" in log.read_text()
        told("watching 3 files", times=2)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 1
    finally:
        process.kill()
