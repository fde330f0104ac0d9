"""How far a long run has come: on a terminal alone, and without a trace; through a real one."""

from __future__ import annotations

import io
import os
import re
import select
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from runcrew_lint.cli.progress import AFTER, _Line, progress
from runcrew_lint.engine.pulse import Step, still

pty, fcntl, termios = (
    pytest.importorskip(name, reason="there are no terminals of this kind here")
    for name in ("pty", "fcntl", "termios")
)
EAGER = """
from runcrew_lint.cli import main, progress
progress.AFTER = progress.EVERY = {}
main.main()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plain folder with one finding and some files more."""
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "Dockerfile").write_text("FROM python\n")
    for at in range(20):
        (folder / f"a{at}.yaml").write_text("a: secret\n")
    return folder


def _seen(
    folder: Path, *arguments: str, after: float = 0, columns: int = 80, environment: Mapping[str, str] = {}
) -> tuple[str, str]:
    """What a terminal gets on the standard error, and what a pipe gets on the standard output."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    kept = {key: value for key, value in os.environ.items() if key not in ("CI", "TERM")}
    run = subprocess.Popen(
        [sys.executable, "-c", EAGER.format(after), "--no-cache", "--policy", "recommended", *arguments],
        cwd=folder,
        env={**kept, "TERM": "xterm", **environment},
        stdout=subprocess.PIPE,
        stderr=slave,
    )
    os.close(slave)
    shown = b"".join(_read(master))
    out, _ = run.communicate()
    os.close(master)
    return shown.decode(), out.decode()


def _read(master: int) -> Iterator[bytes]:
    while select.select([master], [], [], 30)[0]:
        try:
            part = os.read(master, 4096)
        except OSError:  # Linux says so when the other side is closed
            return
        if not part:
            return
        yield part


def _left(shown: str) -> str:
    """What stands on the terminal at the end: a line that is erased has left nothing."""
    return "".join(line.rpartition("\r\x1b[K")[2] for line in re.split(r"(?<=\n)", shown))


def test_a_terminal_is_told_and_nothing_stays(folder: Path) -> None:
    shown, out = _seen(folder, "--format", "concise")
    assert re.search(r"reading \d+ of \d+ files \[#*\.*\]", shown)
    assert re.search(r"judging by \d+ of \d+ rules \[#*\.*\]", shown)
    assert re.fullmatch(r"1 error[^\r]*policy recommended\)\r?\n", _left(shown))
    assert out.startswith("Dockerfile:1:6: error[base-untagged]") and "\r" not in out


def test_a_narrow_terminal_keeps_its_line(folder: Path) -> None:
    shown, _ = _seen(folder, columns=20)
    drawn = [each for each in shown.split("\r\x1b[K") if each.startswith(("reading", "judging"))]
    assert drawn and all(len(each) < 20 for each in drawn)


def test_what_mends_says_is_on_a_line_of_its_own(folder: Path) -> None:
    (folder / "eas.json").write_text('{"build": {"production": {"autoincrement": true}}}\n')
    shown, _ = _seen(folder, "--fix")
    assert "reading" in shown
    assert any(line.strip().startswith("mended ") for line in _left(shown).splitlines())


@pytest.mark.parametrize("environment", [{"CI": "true"}, {"TERM": "dumb"}])
def test_a_job_is_told_nothing(environment: dict[str, str], folder: Path) -> None:
    shown, _ = _seen(folder, environment=environment)
    assert "\r\x1b" not in shown and "reading" not in shown


def test_a_short_run_is_told_nothing(folder: Path) -> None:
    shown, _ = _seen(folder, after=60)
    assert "\x1b[K" not in shown


def test_a_pipe_is_told_nothing() -> None:
    with progress(io.StringIO()) as pulse:
        assert pulse is still


def test_it_waits_and_does_not_flicker() -> None:
    class Terminal(io.StringIO):
        def fileno(self) -> int:
            raise OSError("no such terminal")

    now = 0.0
    out = Terminal()
    line = _Line(out, lambda: now)
    line.step(Step("files", 0, 10))
    now = AFTER + 0.01
    line.step(Step("files", 1, 10))
    now += 0.05
    line.step(Step("files", 2, 10))
    now += 0.06
    line.step(Step("files", 3, 10))
    line.step(Step("rules", 10, 10))
    line.clear()
    words = [each.partition(" [")[0] for each in out.getvalue().split("\r\x1b[K")]
    assert words == ["", "reading 2 of 10 files", "reading 4 of 10 files", ""]
