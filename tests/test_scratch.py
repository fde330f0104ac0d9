"""What the killed left in temporary folders goes with the next start; where others are at work all stays."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import time

import pytest

from tests.checkout import ROOT
from tests.scratch import scratch

HOLD = """
import os, sys
from pathlib import Path
from tests.scratch import scratch
with scratch("run-", Path(sys.argv[1])) as folder:
    (folder / "large").write_text("x")
    if sys.argv[2] == "fork" and os.fork():
        os._exit(0)  # who made it is dead, and who was forked is at work in it
    print(folder, flush=True)
    sys.stdin.read()
"""


def _old(folder: Path, seconds: float = 3600) -> Path:
    """The folder as it would be later."""
    for each in (*folder.iterdir(), folder):
        os.utime(each, (time() - seconds,) * 2)
    return folder


def _held(home: Path, how: str) -> tuple[subprocess.Popen[str], Path]:
    """A process at work in a folder of its own."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home), how],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    return process, _old(Path(process.stdout.readline().strip()))


def test_it_goes_with_its_block(tmp_path: Path) -> None:
    with scratch("run-", tmp_path) as folder:
        (folder / "a").write_text("x")
        assert folder.parent == tmp_path
    assert not folder.exists()


def test_what_the_killed_left_goes(tmp_path: Path) -> None:
    process, left = _held(tmp_path, "alone")
    process.kill()
    process.communicate()
    assert left.exists()
    with scratch("run-", tmp_path):
        assert not left.exists()


@pytest.mark.parametrize("how", ["alone", "fork"])
def test_what_is_held_stays(tmp_path: Path, how: str) -> None:
    process, held = _held(tmp_path, how)
    with scratch("run-", tmp_path):
        assert (held / "large").exists()
    process.communicate("")
    assert not held.exists() or how == "fork"


ODD: dict[str, tuple[Callable[[Path], object], bool]] = {
    "no owner, of today": (lambda each: _old(each, 3600), True),
    "no owner, of last week": (lambda each: _old(each, 7 * 86400), False),
    "an owner to be, since a moment": (lambda each: (each / ".owner").touch(), True),
}


@pytest.mark.parametrize("shape", ODD)
def test_who_has_no_owner_yet_stays_a_while(tmp_path: Path, shape: str) -> None:
    make, stays = ODD[shape]
    (tmp_path / "run-a").mkdir()
    make(tmp_path / "run-a")
    with scratch("run-", tmp_path):
        assert (tmp_path / "run-a").exists() is stays


FULL = """
import shutil, sys
import pytest
shutil.disk_usage = lambda _: shutil._ntuple_diskusage(0, 0, 1 << 20)
sys.exit(pytest.main(["-q", *sys.argv[1:]]))
"""


@pytest.mark.parametrize("asked", ["--numprocesses=0", "--numprocesses=2"])
def test_a_full_disk_is_one_line(asked: str) -> None:
    """Where all tests are to run; a single one says by itself what it lacks."""
    command = [sys.executable, "-c", FULL, asked]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    told = (done.stdout + done.stderr).strip()
    assert (done.returncode, told.count("\n")) == (2, 0), told
    assert "has 1 MiB free, and all tests need 1,024" in told


def test_other_names_files_and_links_stay(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other/kept").touch()
    (tmp_path / "run-link").symlink_to("other")
    (tmp_path / "run-file").touch()
    os.utime(tmp_path / "run-link", (0, 0), follow_symlinks=False)
    _old(tmp_path / "other", 7 * 86400)
    with scratch("run-", tmp_path):
        assert (tmp_path / "other/kept").exists()
        assert (tmp_path / "run-file").exists()
