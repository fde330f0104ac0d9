"""A hundred known values are planted; nothing that the tool writes holds any of them.

Reports in every format, with and without the rules that tell secrets, fixes, the history, the cache, the
standard error of a crash, and the table of variables.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from ahocorasick_rs import AhoCorasick

from runcrew_lint.reporters import FORMATS as REPORTS
from runcrew_lint.reporters.maps import FORMATS as MAPS
from tests.commands import said
from tests.fixtures_git import git, repository_from
from tests.generated import KINDS

_KINDS = """
hex-secret kakao-key password aws-secret-access-key github-token stripe-key google-key npm-token anthropic-key
supabase-key
"""
PLAIN = _KINDS.split()
SHOWN = 4  # characters at most
CHOSEN = [
    (),
    ("--ignore", "secrets,compose-secret-literal,env-example-real-value"),
    ("--select", "environment,compose,images,workflows,eas,engine"),
]
FORMATS = ["text", *sorted(set(REPORTS) - {"text"})]
# Each place is written with a value of its own: @ stands for it, # for a number that keeps names apart.
PLACES = [
    ("app/settings#.py", 'JWT_SECRET = "@"\nPUSH_TOKEN = ("@")\n'),
    ("app/main#.py", 'engine = create_engine("postgresql://app:@@db.internal/x")\n'),
    ("src/config#.ts", "export const c = { kakaoClientSecret: '@', jwtSecret: `@` };\n"),
    (
        "docker-compose.prod#.yml",
        "services:\n  app:\n    image: a\n    environment: {JWT_SECRET: @}\n    ports: ['5432:5432']\n",
    ),
    ("docker-compose.b#.yml", "services:\n  app:\n    image: a\n    environment:\n      - JWT_SECRET=@\n"),
    (
        ".github/workflows/w#.yml",
        "on: push\njobs:\n  a:\n    runs-on: x\n    environment: production\n    env: {JWT_SECRET: '@'}\n"
        "    steps:\n      - run: curl -H 'x' https://u:@@h.internal/\n",
    ),
    (
        ".github/workflows/deploy#.yml",
        "on:\n  push:\n    branches: [main]\njobs:\n  deploy:\n    runs-on: x\n    steps:\n"
        "      - run: alembic -x url=postgresql://app:@@db.internal/x upgrade head\n"
        "      - run: eas submit -p ios --profile production --apple-app-specific-password @\n"
        "      - run: railway up --token=@ && bash deploy#.sh\n      - run: ./ship.sh --token @\n",
    ),
    ("deploy#.sh", "firebase deploy --token @\neas update --branch main --message x --token @\n"),
    ("e#/.env", "JWT_SECRET=@\nBROKEN @\n'@\n"),
    ("e#/.env.example", "JWT_SECRET=@\nKAKAO_CLIENT_SECRET = '@\n"),
    ("d#/Dockerfile", "FROM python\nENV JWT_SECRET=@\nRUN curl https://u:@@h.internal/ && apt-get upgrade\n"),
    ("ios/Info#.plist", "<dict><key>JWT_SECRET</key><string>@</string></dict>\n"),
    ("a#.tf", 'variable "jwt_secret" {\n  default = "@"\n}\n'),
    ("k8s/s#.yaml", "apiVersion: v1\nkind: Secret\nstringData:\n  JWT_SECRET: '@'\n"),
    ("eas#/eas.json", '{"build": {"production": {"env": {"JWT_SECRET": "@"}}}}\n'),
    ("broken#.json", '{"JWT_SECRET": "@",\n'),
    ("broken#.yaml", "a: [\nJWT_SECRET: @\n"),
    ("n#/.npmrc", "//registry.example.org/:_authToken=@\n"),
    ("n#/.netrc", "machine a login b password @\n"),
]


def _values() -> Iterator[str]:
    source = random.Random("a hundred")
    while True:
        for kind in PLAIN:
            yield KINDS[kind](source).decode().replace("/", "x").replace("+", "y")


def _planted() -> tuple[dict[str, str], list[str]]:
    files: dict[str, str] = {}
    values: list[str] = []
    drawn = _values()
    number = 0
    while len(values) < 100:
        for path, text in PLACES:
            pieces = text.replace("@@", "@\0").split("@")
            written = pieces[0]
            for piece in pieces[1:]:
                values.append(next(drawn))
                written += values[-1] + piece.replace("\0", "@")
            files[path.replace("#", str(number))] = written.replace("#", str(number))
        number += 1
    return files, values


FILES, VALUES = _planted()


# Any eight characters behind the preview, and whose they are.
PARTS = {value[at : at + 8]: value for value in VALUES for at in range(SHOWN, len(value) - 7)}
SOUGHT = AhoCorasick(list(PARTS))


def _told(text: str) -> list[str]:
    """The values of which more than the preview is told."""
    return sorted({PARTS[part] for part in SOUGHT.find_matches_as_strings(text)})


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository_from(FILES, tmp_path_factory.mktemp("planted") / "r")


def _run(root: Path, *arguments: str) -> str:
    done = said(root, *arguments)
    told = done.stdout + done.stderr
    assert len(told) > 20, told
    return told


def test_a_hundred_are_planted_and_most_are_found(root: Path) -> None:
    assert len(VALUES) >= 100
    assert len(set(VALUES)) == len(VALUES)
    told = _run(root, "--no-cache", "--policy", "runcrew", "--format", "concise")
    assert told.count("fingerprint") >= 70


def _reports(root: Path, into: Path, *arguments: str) -> str:
    """What one run says in every format."""
    into.mkdir(exist_ok=True)
    asked = [f"--format={form}={into / form}" for form in FORMATS[1:]]
    told = _run(root, "--no-cache", "--policy", "runcrew", "--verbose", "--format=text", *asked, *arguments)
    return told + "".join((into / form).read_text("utf-8") for form in FORMATS[1:])


@pytest.mark.parametrize("chosen", CHOSEN)
def test_no_report_holds_one(root: Path, chosen: tuple[str, ...], tmp_path: Path) -> None:
    assert _told(_reports(root, tmp_path / "reports", *chosen)) == []


def test_no_cache_and_no_file_holds_one(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)  # so that it is asked for anew
    for _ in range(2):
        told = _run(root, "--cache-dir", str(tmp_path / "cache"), "--format", "json")
        assert _told(told) == []
    kept = [
        path for folder in ("cache", "temporary") for path in (tmp_path / folder).rglob("*") if path.is_file()
    ]
    assert kept
    assert _told(b"".join(path.read_bytes() for path in kept).decode("latin-1")) == []


def test_the_table_of_variables_holds_none(root: Path) -> None:
    for form in ("text", "json", "markdown"):
        assert _told(_run(root, "env", "--no-cache", "--format", form)) == []


OTHERS = [
    ("--diff", "--unsafe-fixes"),
    ("--staged", "--verbose"),
    ("--statistics",),
    ("--since", "HEAD"),
    ("baseline",),
    ("doctor",),
    ("files",),
    ("config",),
    *(("map", "--format", form) for form in MAPS),
]


@pytest.mark.parametrize("asked", OTHERS, ids=lambda asked: " ".join(asked[::2]))
def test_no_other_command_tells_one(root: Path, asked: tuple[str, ...], tmp_path: Path) -> None:
    """What each one says, and what it leaves behind."""
    copy = tmp_path / "r"
    shutil.copytree(root, copy)
    before = {path for path in copy.rglob("*") if path.is_file()}
    told = _run(copy, *asked)
    left = "".join(
        path.read_bytes().decode("latin-1")
        for path in copy.rglob("*")
        if path.is_file() and path not in before
    )
    assert _told(told + left) == []


def test_the_map_shows_the_commands_that_hold_one(root: Path) -> None:
    told = _run(root, "map", "--no-cache", "--format", "json")
    for command in ("alembic -x", "eas submit", "railway up", "firebase deploy", "eas update"):
        assert re.search(rf'"command": "{command} [^"]*\*{{8}}', told), command
    assert re.search(r'"note": "`./ship.sh --token [^"]*\*{8}', told)


def test_no_explanation_holds_one(root: Path) -> None:
    """Of the first line that holds a value in each of these files."""
    for path in [path.replace("#", "0") for path, _ in PLACES[::3]]:
        lines = enumerate(FILES[path].splitlines(), 1)
        number = next(at for at, line in lines if any(value in line for value in VALUES))
        assert _told(_run(root, "explain", f"{path}:{number}")) == []


def test_the_standard_input_is_told_as_little(root: Path) -> None:
    for path, text in list(FILES.items())[: len(PLACES) : 4]:
        done = said(root, "--no-cache", f"--stdin-filename={path}", stdin=text)
        assert _told(done.stdout + done.stderr) == []


def test_no_history_holds_one(tmp_path: Path) -> None:
    past = repository_from(FILES, tmp_path / "r")
    git(past, "rm", "-q", "-r", ".")
    (past / "README.md").write_text("a\n")
    git(past, "add", "-A")
    git(past, "-c", "commit.gpgsign=false", "commit", "-q", "-m", "gone")
    told = _reports(past, tmp_path / "reports", "--history")
    assert told.count("secret-in-history") > 20
    assert _told(told) == []


CRASHING = """
import runpy, sys
from runcrew_lint.domains.secrets import {module}

def fail(*arguments, **named):
    raise RuntimeError(repr(arguments) + repr(named) + str([getattr(each, "text", "") for each in arguments]))

{module}.{function} = fail
sys.argv = ["runcrew-lint", "--no-cache", "--policy", "runcrew", *sys.argv[1:]]
runpy.run_module("runcrew_lint.cli.main", run_name="__main__")
"""


FAILING = [
    ("read", "judge"),
    ("read", "scan"),
    ("read", "pairs_of"),
    ("read", "forms_at"),
    ("division", "fault_of"),
]


@pytest.mark.parametrize(("module", "function"), FAILING)
def test_no_crash_tells_one(root: Path, module: str, function: str) -> None:
    """A fault of ours whose own words hold what was read."""
    code = CRASHING.format(module=module, function=function)
    done = subprocess.run(
        [sys.executable, "-c", code, "--format=text"], cwd=root, capture_output=True, check=False
    )
    told = (done.stdout + done.stderr).decode(errors="replace")
    assert "rule-crashed" in told
    assert _told(told) == []
