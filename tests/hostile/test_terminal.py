"""No terminal obeys what a repository says: not by a name, not by a text, in no command and no format."""

from __future__ import annotations

import json
import os
import pty
import sys
import threading
import unicodedata
from pathlib import Path

import pytest

from runcrew_lint.engine.baseline import FILE
from tests.checkout import ROOT
from tests.commands import said
from tests.fixtures_git import repository_from
from tests.hostile.sayings import commands

pytestmark = pytest.mark.usefixtures("git")

# A colour, a window's title, an eight-bit colour, a direction mark, a deletion.
ESCAPES = "\x1b[45mX\x1b]0;pwn\x07\x9b31m\u202egnp\x7f"
WRITTEN = json.dumps(ESCAPES)[1:-1].replace("\x9b", "\\u009b").replace("\x7f", "\\u007f")
FILES = {
    f"a{ESCAPES}.py": "x = 1\n",
    "new\nline.py": "x = 1\n",
    f"d{ESCAPES}/Dockerfile": f"FROM python:latest\nRUN apt-get install {ESCAPES}\n",
    f".github/workflows/{ESCAPES}.yml": (
        f'on: push\njobs:\n  "a{WRITTEN}":\n    name: "{WRITTEN}"\n    runs-on: x\n    steps:\n'
        f'      - run: eas build --profile x\n      - uses: "a/b@{WRITTEN}"\n'
    ),
    "alembic.ini": "[alembic]\nscript_location = alembic\n",
    "alembic/versions/a.py": (
        f'"""{WRITTEN}"""\nfrom alembic import op\nrevision = "a{WRITTEN}"\ndown_revision = None\n\n\n'
        f'def upgrade():\n    op.drop_table("t{WRITTEN}")\n    op.create_table("u{WRITTEN}")\n\n\n'
        "def downgrade():\n    pass\n"
    ),
    "app/main.py": f"import os\nx = os.environ['A{WRITTEN}']\n",
    "eas.json": f'{{"build": {{"a{WRITTEN}": {{"extends": "b{WRITTEN}"}}}}}}',
    ".env.example": f"A{ESCAPES}=1\nB='{ESCAPES}\n",
    "z.py": f"# runcrew-lint: ignore[nothing{ESCAPES}] until=2020-01-01 {ESCAPES}\n",
    "CODEOWNERS": f"a{ESCAPES} @x\n",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "root"
    repository_from(FILES, folder)
    (folder / f"l{ESCAPES}").symlink_to("/etc")
    return folder


def obeyed(text: str) -> set[str]:
    """The characters that a terminal acts upon instead of showing them."""
    return {each for each in text if unicodedata.category(each) in ("Cc", "Cf") and each != "\n"}


def is_for_people(command: list[str]) -> bool:
    """Text, and the three formats that show everything; what programs read is theirs to show."""
    form = command[command.index("--format") + 1] if "--format" in command else "text"
    return (
        form in ("text", "concise", "github", "gitlab", "rdjson")
        and command[0] != "config"
        and "--diff" not in command
    )


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_what_is_piped(root: Path, command: list[str]) -> None:
    done = said(root, *command)
    (root / FILE).unlink(missing_ok=True)  # a baseline would hold back what the others are to say
    assert done.returncode in (0, 1), done.stderr
    assert obeyed(done.stderr) == set()
    if is_for_people(command):
        assert obeyed(done.stdout) == set()


WRONG = [
    ["check", f"nothing{ESCAPES}"],
    ["check", "--policy", ESCAPES],
    ["check", "--select", ESCAPES],
    ["check", "--since", ESCAPES],
    ["check", "--format", ESCAPES],
    ["check", f"--{ESCAPES}"],
    ["check", "--format", f"json={ESCAPES}/x"],
    ["explain", ESCAPES],
    ["schema", "--at", ESCAPES],
    [ESCAPES],
]


@pytest.mark.parametrize(
    "command", WRONG, ids=lambda each: " ".join(each[:2]).encode("unicode_escape").decode()
)
def test_what_is_wrong_is_one_line(root: Path, command: list[str]) -> None:
    done = said(root, *command)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert obeyed(done.stderr) == set()


@pytest.mark.parametrize(
    "text", [f'"{WRITTEN}": 1\n', f'extends: "{WRITTEN}"\n', f'exclude: ["{WRITTEN}"]\nx: 1\n']
)
def test_a_policy_that_is_wrong_is_one_line(tmp_path: Path, text: str) -> None:
    done = said(repository_from({".runcrew-lint.yaml": text}, tmp_path / "root"))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert obeyed(done.stderr) == set()


def on_a_terminal(root: Path, *command: str) -> str:
    """What a command sends to a terminal of its own, in colour."""
    master, slave = pty.openpty()
    heard: list[bytes] = []

    def listen() -> None:
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:
                return
            if not piece:
                return
            heard.append(piece)

    listener = threading.Thread(target=listen)
    listener.start()
    pid = os.fork()
    if not pid:
        os.dup2(slave, 0)
        os.dup2(slave, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # where the progress of a run is drawn
        os.chdir(root)
        environment = {
            **os.environ,
            "TERM": "xterm",
            "PYTHONPATH": str(ROOT),
            "RUNCREW_LINT_CACHE_DIR": str(root.parent / "cache"),
        }
        os.execve(sys.executable, [sys.executable, "-m", "runcrew_lint.cli.main", *command], environment)
    os.waitpid(pid, 0)
    os.close(slave)
    listener.join()
    os.close(master)
    return b"".join(heard).decode("utf-8", "replace").replace("\r\n", "\n")


@pytest.mark.skipif(sys.platform != "linux", reason="a terminal's last words are lost elsewhere")
@pytest.mark.parametrize(
    "command", ["check", "check --format json", "check --diff --unsafe-fixes", "schema", "map"]
)
def test_a_terminal(root: Path, command: str) -> None:
    """The only controls are our own colours."""
    text = on_a_terminal(root, *command.split())
    assert "X" in text
    for code in ("\x1b[0m", "\x1b[1m", *(f"\x1b[{colour}m" for colour in (31, 32, 33, 34, 36))):
        text = text.replace(code, "")
    assert obeyed(text) == set()
    assert "\\x1b[45mX" in text or "\\u001b[45mX" in text, "what stands there is shown"
