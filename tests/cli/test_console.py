"""The console script: how it begins in an odd place, and that it ends at once and loses nothing by it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures_git import repository_from

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


_ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="nowhere else is it so")


@_ON_LINUX
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(("argument", "code"), [("--version", 0), ("no-such-path", 2)])
def test_a_closed_stream_is_no_fault(closed: str, argument: str, code: int) -> None:
    shell = ("sh", "-c", f'exec "$@" {closed}', "sh")
    done = subprocess.run([*shell, *COMMAND, argument], capture_output=True, text=True, timeout=60)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


@_ON_LINUX
def test_no_file_takes_the_number_of_a_closed_stream(tmp_path: Path) -> None:
    """Else what is told goes into the first file that is opened, such as a socket."""
    program = (
        "import sys\nfrom unittest.mock import patch\nfrom runcrew_lint import console\n"
        "def run():\n"
        "    numbers = [each.fileno() for each in (sys.stdin, sys.stdout, sys.stderr)]\n"
        "    open('told', 'w').write(str(numbers))\n"
        "with patch('runcrew_lint.cli.main.main', run):\n"
        "    console.main()\n"
    )
    shell = ("sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    subprocess.run([*shell, sys.executable, "-c", program], cwd=tmp_path, env=environment, timeout=60)
    assert (tmp_path / "told").read_text() == "[0, 1, 2]"


@_ON_LINUX
def test_names_are_utf_8_whatever_the_locale_says(tmp_path: Path) -> None:
    root = repository_from({"한글/Dockerfile": "FROM python:latest\n"}, tmp_path / "root")
    odd = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONIOENCODING": "utf-8"}
    own = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "RUNCREW_LINT_CACHE_DIR": str(tmp_path)}
    told = [
        subprocess.run(
            [*COMMAND, "--format", "concise"],
            cwd=root, env={**os.environ, **own, **more}, capture_output=True, encoding="utf-8", timeout=60,
        )
        for more in ({}, odd)
    ]  # fmt: skip
    assert "한글/Dockerfile" in told[0].stdout
    assert [each.stdout for each in told] == [told[0].stdout] * 2
