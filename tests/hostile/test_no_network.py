"""No command asks the network: in a namespace that has none, and with every socket refused."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.components.component import absent
from tests.fixtures_git import repository_from
from tests.hostile.sayings import ways

pytestmark = pytest.mark.usefixtures("git")

# Every command in one process: its modules are imported once.
RUN = """
import io, json, os, sys
refused = []
def audit(event, arguments):
    if event.startswith("socket."):
        refused.append(event)
        raise OSError(f"no network: {event}")
if sys.argv[1] == "refuse":
    sys.addaudithook(audit)
else:
    import socket
    try:
        socket.create_connection(("192.0.2.1", 80), 1)
    except OSError as error:
        print("namespace:", error.errno)
from pathlib import Path
from tests.commands import said
root, wanted = Path(sys.argv[2]), json.loads(sys.argv[3])
for command in wanted:
    done = said(root, *command)
    (root / ".runcrew-lint-baseline.json").unlink(missing_ok=True)
    print(done.returncode, *command)
    if done.returncode not in (0, 1):
        print(done.stderr)
print("refused:", refused)
"""
UNREACHABLE = 101  # ENETUNREACH on Linux


@functools.cache
def namespace() -> tuple[str, ...]:
    """The words that start a program where there is no network; none where this machine forbids it."""
    here = ("setpriv", f"--reuid={os.getuid()}", f"--regid={os.getgid()}", "--clear-groups")
    # Ubuntu lets nobody but root make one, and its machines at GitHub let everybody be root.
    for words in (("unshare", "-rn"), ("unshare", "-n"), ("sudo", "-nE", "unshare", "-n", *here)):
        with suppress(FileNotFoundError):
            if subprocess.run([*words, "true"], capture_output=True).returncode == 0:
                return words
    return ()


def _ran(root: Path, words: tuple[str, ...], way: str) -> str:
    command = [*words, sys.executable, "-c", RUN, way, str(root), json.dumps(ways())]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository that names addresses of every kind."""
    return repository_from(
        {
            "Dockerfile": "FROM registry.example.com/a:latest\nADD https://example.com/a.tar /\nUSER a\n",
            ".github/workflows/a.yml": (
                "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n"
                "      - run: curl https://example.com | sh\n"
            ),
            "main.tf": 'module "a" {\n  source = "git::https://example.com/a.git"\n}\n',
            "package.json": '{"dependencies": {"a": "https://example.com/a.tgz"}}',
            ".gitmodules": '[submodule "a"]\n\tpath = a\n\turl = https://example.com/a.git\n',
            "alembic.ini": "[alembic]\nscript_location = alembic\nsqlalchemy.url = postgresql://example.com/a\n",
        },
        tmp_path / "root",
    )


def test_in_a_namespace_without_a_network(root: Path) -> None:
    words = namespace()
    if not words:
        absent("a namespace without a network", "unshare makes none here")
    said = _ran(root, words, "look")
    assert f"namespace: {UNREACHABLE}" in said, "there is none in there"
    assert said.count("\n") == len(ways()) + 2, said


def test_with_every_socket_refused(root: Path) -> None:
    said = _ran(root, (), "refuse")
    assert said.count("\n") == len(ways()) + 1, said
    assert "refused: []" in said
