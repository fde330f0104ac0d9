"""`explain FILE:LINE`: every value of a line with its judgement, and no value in its words."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from runcrew_lint.domains.secrets.account import account
from runcrew_lint.domains.secrets.facts import Kind
from runcrew_lint.domains.secrets.said import why
from runcrew_lint.text import Source
from tests.commands import said
from tests.fixtures_git import repository_from
from tests.generated import KINDS
from tests.secrets.reading import policy, uses_of
from tests.secrets.test_labelled import CASES

RUNCREW = policy()
RANDOM = random.Random("account")
OPAQUE = KINDS["password"](RANDOM).decode()
TOKEN = KINDS["github-token"](RANDOM).decode()
KEY = KINDS["private-key"](RANDOM).decode()


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("a/config.py", f'JWT_SECRET = "{OPAQUE}"', [("opaque", "", "lists JWT_SECRET; read as production")]),
        ("a/config.py", 'PUSH_TOKEN = "dev-token"', [("clean", "a development value", "ends in TOKEN")]),
        ("a/config.py", 'PUSH_TOKEN = os.environ["PUSH_TOKEN"]', [("clean", "no value is written", "TOKEN")]),
        ("tests/test_a.py", f'x = "{TOKEN}"', [("vendor", "a GitHub token", "its form; read as test")]),
        ("a/b.py", 'x = "ghp_' + "abcdefghij" * 3 + 'abcdef"',
         [("clean", "a GitHub token by its form, but made up by hand", "its form")]),
        ("a/b.py", f'KEY = """{KEY}"""', [("private-key", "a private key in PEM", "its form")]),
        ("a/b.py", 'u = "postgresql://app:app@localhost/x"',
         [("clean", "a development password in a URL", "form")]),
        ("deploy/a.yml", "DATABASE_URL: ${DATABASE_URL}", [("clean", "a reference", "DATABASE_URL")]),
        ("eas.json", '{"submit": {"production": {"ios": {"appleTeamId": "A1B2C3D4E5"}}}}',
         [("clean", "EAS asks for it here", "APPLE_TEAM_ID")]),
        ("locales/ko.json", f'{{"password": "{OPAQUE}"}}',
         [("clean", "among words for people, only the policy's own names count", "PASSWORD")]),
        ("a/b.min.js", f'password="{OPAQUE}"',
         [("clean", "in what a tool has written, only forms count", "PASSWORD")]),
        ("tests/data/a.json", f'{{"api_key": "{OPAQUE}"}}',
         [("clean", "recorded or made up for a test", "API_KEY")]),
        ("a/b.py", "x = 1", []),
    ],
)  # fmt: skip
def test_what_is_told_of_a_line(path: str, text: str, told: list[tuple[str, str, str]]) -> None:
    uses = account(Source(path, text + "\n"), RUNCREW).uses
    assert [use.kind.value for use in uses] == [kind for kind, _, _ in told]
    for use, (_, evidence, because) in zip(uses, told, strict=True):
        assert evidence in use.evidence
        assert because in why(use)


def test_its_faults_are_those_of_the_reader() -> None:
    """What is read in full finds what is read on suspicion alone: suspicion clears no fault."""
    for case in CASES:
        told = account(Source(case.path, case.text), RUNCREW).uses
        assert [use for use in told if use.kind is not Kind.CLEAN] == list(uses_of(case.path, case.text)), (
            case
        )


def test_the_command_shows_four_characters_at_most(tmp_path: Path) -> None:
    files = {
        "app/a.py": f'JWT_SECRET = "{OPAQUE}"; x = "{TOKEN}"\nPUSH_TOKEN = "dev-{OPAQUE[:6]}"\n',
        "app/k.py": f'KEY = """{KEY}"""\n',
        "conf/odd.ini": f"PUSH_TOKEN={OPAQUE}\n{OPAQUE}PUSH_TOKEN: dev\n",
    }
    root = repository_from(files, tmp_path / "repository")
    lines = [(path, line) for path, text in files.items() for line in range(1, text.count("\n") + 1)]
    told = ""
    for path, line in lines:
        done = said(root, "explain", f"{path}:{line}", "--policy", "runcrew")
        assert (done.returncode, done.stderr) == (0, "")
        told += done.stdout
    assert "told by secret-in-code" in told
    assert "told by no rule" in told
    for value in (OPAQUE, TOKEN):
        assert value[:5] not in told
    body = KEY.splitlines()[1]
    assert not [at for at in range(20, len(body) - 5) if body[at : at + 5] in told]  # its head says Ed25519


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("a.py:9", "runcrew-lint: a.py has no line 9; it has 2\n"),
        (".:1", "runcrew-lint: . is a folder; name a file and a line: FILE:LINE\n"),
        ("b.py:1", "runcrew-lint: there is no b.py; name a file or folder of the repository\n"),
        ("b.bin:1", "runcrew-lint: b.bin is no text; name a text file\n"),
    ],
)
def test_a_place_that_is_none(tmp_path: Path, place: str, line: str) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "b.bin").write_bytes(b"\0\1\2")
    done = said(tmp_path, "explain", place)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", line)
