"""The console script ends its process at once, and loses nothing by it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

WATCHED = """
import atexit
from runcrew_lint.console import main
atexit.register(print, "taken apart")
main()
"""
COMMAND = (sys.executable, "-c", WATCHED)


@pytest.mark.parametrize(("argument", "code"), [("--version", 0), ("rules", 0), ("no-such-path", 2)])
def test_nothing_is_taken_apart(argument: str, code: int) -> None:
    done = subprocess.run([*COMMAND, argument], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == code
    assert "taken apart" not in done.stdout
    assert (done.stderr if code else done.stdout).endswith("\n"), "all of it was told"


@pytest.mark.skipif(sys.platform != "linux", reason="there is no full disk to be had elsewhere")
def test_what_could_not_be_told_is_no_success() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "--version"], stdout=full, stderr=subprocess.DEVNULL, check=False, timeout=60
        )
    assert done.returncode != 0
