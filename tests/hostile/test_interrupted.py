"""A run that is stopped while it writes leaves each file old or new, wherever it is stopped."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, chdir
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from runcrew_lint.cli import main as command
from runcrew_lint.cli.ending import tidily
from runcrew_lint.engine import disk, fix
from runcrew_lint.engine.fix import Mended, mend
from runcrew_lint.engine.run import Request, run
from tests.checkout import ROOT
from tests.commands import said
from tests.fixtures_git import git, repository_from
from tests.generated import KINDS

pytestmark = [
    pytest.mark.usefixtures("git"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a fork"),
]

FILES = {
    "a.Dockerfile": "FROM python:3.12.1\nUSER a\nRUN apt-get update && apt-get install -y curl\n",
    "b/Dockerfile": "FROM python:3.12.1\nUSER a\nRUN apt-get update && apt-get install -y curl\n",
}
_WRITING = {fix.__file__: {"write", "_written"}, disk.__file__: {"replace", "_dress"}}


def _stopped_at(line: int, stop: Callable[[], object]) -> Callable[..., Any]:
    """A trace that stops the process before one line of the functions that write, counted as they are run."""
    seen = 0

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal seen
        if frame.f_code.co_name not in _WRITING.get(frame.f_code.co_filename, ()):
            return None
        if event == "line":
            seen += 1
            if seen == line:
                stop()
        return trace

    return trace


def _written(root: Path, mended: Mended, line: int, number: int) -> int:
    """The status of a fork that writes and gets a signal at one line; -1 where it never comes to so many."""
    pid = os.fork()
    if not pid:
        code = 1
        for each in (signal.SIGTERM, signal.SIGHUP):  # who starts the tests may have them ignored
            signal.signal(each, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            with tidily():
                sys.settrace(_stopped_at(line, lambda: os.kill(os.getpid(), number)))
                fix.write(root, mended)
            code = 0
        except KeyboardInterrupt:
            code = 2
        finally:
            sys.settrace(None)
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL], ids=lambda each: each.name
)
def test_each_file_is_old_or_new(tmp_path: Path, number: signal.Signals) -> None:
    root = repository_from(FILES, tmp_path / "root")
    mended = mend(Request(root), unsafe=False)
    assert set(mended.contents) == set(FILES)
    new = root / "made" / "new.txt"
    new.parent.mkdir()
    mended = replace(mended, contents={**mended.contents, "made/new.txt": b"new" * 99})
    stopped, seen = 0, set[str]()
    for line in range(1, 2_000):
        for path, text in FILES.items():
            (root / path).write_bytes(text.encode())
        new.unlink(missing_ok=True)
        with ExitStack() as held:
            readers = {path: held.enter_context((root / path).open("rb")) for path in FILES}
            status = _written(root, mended, line, number)
            read = {path: reader.read() for path, reader in readers.items()}
        assert read == mended.originals, "a file is replaced, and who reads the old one reads it to its end"
        for path in FILES:
            content = (root / path).read_bytes()
            assert content in (mended.originals[path], mended.contents[path]), (line, path)
            seen.add("new" if content == mended.contents[path] else "old")
        assert not new.exists() or new.read_bytes() == b"new" * 99, line
        left = [each.name for each in root.rglob(".runcrew-lint-*")]
        assert len(left) <= 1
        if number != signal.SIGKILL:
            assert left == [], f"what is interrupted tidies up (line {line})"
        assert status in (0, 2 if number == signal.SIGINT else -number)
        for name in left:
            next(root.rglob(name)).unlink()
        if status == 0:
            break
        stopped += 1
    else:
        raise AssertionError("it never comes to an end")
    assert stopped > 30
    assert seen == {"old", "new"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda each: each.name)
@pytest.mark.parametrize("is_ignored", [False, True])
def test_a_command_that_is_ended(tmp_path: Path, number: signal.Signals, is_ignored: bool) -> None:
    """It dies of the signal with its file as it was; under nohup and its like it hears nothing."""
    root = repository_from(FILES, tmp_path / "root")
    pid = os.fork()
    if not pid:
        try:
            signal.signal(number, signal.SIG_IGN if is_ignored else signal.SIG_DFL)
            sys.argv = ["runcrew-lint", "--fix", "--no-cache"]
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            vars(os)["fsync"] = lambda _: os.kill(os.getpid(), number)  # a file is begun and not yet there
            with chdir(root):
                command.main()
        finally:
            os._exit(9)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    written = [path for path, text in FILES.items() if (root / path).read_text() != text]
    assert (status, written) == ((9, list(FILES)) if is_ignored else (-number, []))
    assert not list(root.rglob(".runcrew-lint-*"))


LEFT = ".runcrew-lint-0123456789abcdef"


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """A repository beside whose files a run was killed, long ago."""
    root = repository_from(FILES, tmp_path / "root")
    for path in ("", "b/", "elsewhere/"):
        (root / path).mkdir(exist_ok=True)
        _leave(root / path / LEFT)
    return root


def _leave(file: Path, seconds: float = 3600) -> None:
    file.write_bytes(b"token = " + KINDS["github-token"](random.Random(1)))
    os.utime(file, (time.time() - seconds,) * 2)


def test_what_was_left_is_not_linted(left: Path) -> None:
    assert LEFT not in "".join(each.path for each in run(Request(left, policy="runcrew")).report.findings)


def test_what_is_tracked_is_linted_whatever_its_name(left: Path) -> None:
    git(left, "add", LEFT)
    assert LEFT in [each.path for each in run(Request(left, policy="runcrew")).report.findings]


def test_the_next_fix_takes_it_away(left: Path) -> None:
    said(left, "--fix")
    assert sorted(each.relative_to(left).as_posix() for each in left.rglob(LEFT)) == [f"elsewhere/{LEFT}"]


def test_nothing_else_goes(left: Path) -> None:
    """What git tracks, what another run is writing, another name, a folder, a link, and what it leads to."""
    git(left, "add", LEFT)
    away = left.parent / "away"
    away.mkdir()
    _leave(away / LEFT)
    (left / f"{LEFT[:-1]}0").symlink_to(away / LEFT)
    (left / f"{LEFT[:-1]}1").mkdir()
    for odd in "01":
        os.utime(left / f"{LEFT[:-1]}{odd}", (0, 0), follow_symlinks=False)
    _leave(left / f"{LEFT}.txt")
    _leave(left / ".runcrew-lint-baseline-of-mine")
    _leave(left / f"b/{LEFT}", seconds=5)
    before = set(left.parent.rglob("*runcrew-lint-*"))
    said(left, "--fix")
    assert (left / "b/Dockerfile").read_text() != FILES["b/Dockerfile"]
    assert set(left.parent.rglob("*runcrew-lint-*")) == before


def test_a_folder_without_git_keeps_its_files(tmp_path: Path) -> None:
    for path, text in FILES.items():
        (tmp_path / "root" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "root" / path).write_text(text)
    _leave(tmp_path / "root" / LEFT)
    said(tmp_path / "root", "--fix")
    assert (tmp_path / "root/b/Dockerfile").read_text() != FILES["b/Dockerfile"]
    assert (tmp_path / "root" / LEFT).exists()


def test_two_at_once(tmp_path: Path) -> None:
    """Each file gets its fix once, whichever of them writes it; the other one says that it left it alone."""
    text = FILES["b/Dockerfile"]
    root = repository_from({f"d{each}/Dockerfile": text for each in range(120)}, tmp_path / "root")
    fixed = mend(Request(root), unsafe=False).contents["d0/Dockerfile"]
    command = [sys.executable, "-P", "-m", "runcrew_lint.cli.main", "--fix", "--no-cache"]
    both = [
        subprocess.Popen(
            command,
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    told = [each.communicate()[1] for each in both]
    assert {each.returncode for each in both} <= {0, 1}, told
    assert {each.read_bytes() for each in root.rglob("Dockerfile")} == {fixed}
    assert not list(root.rglob(".runcrew-lint-*"))
