"""Of whom env-file-not-ignored asks what."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from

pytestmark = pytest.mark.usefixtures("git")
RULE = "env-file-not-ignored"
LOADS = "from dotenv import load_dotenv\nload_dotenv('.env')\n"
NAMED = {".runcrew-lint.yaml": "extends: runcrew\n"}


def _said(files: dict[str, str], folder: Path) -> list[tuple[str, int, str]]:
    report = run(Request(repository_from(files, folder / "r"), select=(RULE,))).report
    return [(each.path, each.line, each.message.partition(", so")[0]) for each in report.findings]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        # Under a policy that nobody chose, a repository with `.env` alone is asked for no more.
        ({".env.example": "A=\n", ".gitignore": ".env\n"}, []),
        (
            {".env.example": "A=\n", ".gitignore": ".env\n", **NAMED},
            [(".gitignore", 1, "git would take in .env.development, .env.production and .env.staging")],
        ),
        # It is where it uses such names itself.
        (
            {".env.example": "A=\n", ".gitignore": ".env\n.env.development\n.env.staging\n"},
            [(".gitignore", 3, "git would take in .env.production")],
        ),
        (
            {".env.staging.example": "A=\n", ".gitignore": ".env\n"},
            [(".gitignore", 1, "git would take in .env.development, .env.production and .env.staging")],
        ),
        # The line belongs where others of its kind stand, not in the nearest file.
        (
            {"api/.env.example": "A=\n", ".gitignore": "dist/\n/.env\n*.log\n", "api/.gitignore": "build/\n"},
            [(".gitignore", 2, "git would take in api/.env")],
        ),
        (
            {"api/.env.example": "A=\n", "api/.gitignore": "build/\n"},
            [("api/.gitignore", 1, "git would take in api/.env")],
        ),
        # A program's own folder, and the one that its path names.
        (
            {"api/pyproject.toml": "", "api/src/a.py": LOADS, ".gitignore": "/.env\n"},
            [(".gitignore", 1, "git would take in api/.env")],
        ),
        (
            {"api/package.json": "{}", "api/a.py": LOADS.replace(".env", "../.env"), ".gitignore": "/.env\n"},
            [],
        ),
        # An example says the name of what it is copied to.
        ({"web/.env.local.example": "A=\n", ".gitignore": ".env.local\n"}, []),
        (
            {"web/.env.local.example": "A=\n", ".gitignore": "dist/\n"},
            [(".gitignore", 1, "git would take in web/.env.local")],
        ),
        (
            {"web/.env.local.example": "A=\n", "web/.env.example": "A=\n", ".gitignore": ".env.local\n"},
            [(".gitignore", 1, "git would take in web/.env")],
        ),
        (
            {
                "web/.env.local.example": "A=\n",
                "web/pyproject.toml": "",
                "web/a.py": LOADS,
                ".gitignore": "/x\n",
            },
            [(".gitignore", 1, "git would take in web/.env")],
        ),
        (
            {
                "web/.env.local.example": "A=\n",
                ".gitignore": ".env.local\n",
                ".runcrew-lint.yaml": "extends: recommended\n",
            },
            [],
        ),
        # Nobody's environment.
        ({"tests/a.py": LOADS, "docs/conf.py": LOADS}, []),
        ({"tests/fixtures/.env.example": "A=\n"}, []),
        ({"src/a.py": "import os\n"}, []),
        # What is tracked is another rule's.
        ({".env.example": "A=\n", ".env": "A=1\n"}, []),
    ],
)
def test_what_is_said(files: dict[str, str], said: list[tuple[str, int, str]], tmp_path: Path) -> None:
    assert _said(files, tmp_path) == said


def test_an_env_file_that_lies_loose(tmp_path: Path) -> None:
    root = repository_from({"a.txt": ""}, tmp_path / "r")
    (root / "api").mkdir()
    (root / "api" / ".env.local").write_text("A=1\n")
    findings = run(Request(root, select=(RULE,))).report.findings
    assert [(each.path, each.line) for each in findings] == [("api/.env.local", 1)]
    assert "api/.env.local" in findings[0].message


@pytest.mark.parametrize(
    ("example", "weight", "hurt"),
    [
        ("PORT=8080\n", "warning", "makes one machine's settings everybody's"),
        ("PORT=8080\nJWT_SECRET=\n", "error", "publishes the secrets of whoever works here"),
        ("", "error", "publishes the secrets of whoever works here"),
    ],
)
def test_what_an_env_file_holds_is_what_is_lost(example: str, weight: str, hurt: str, tmp_path: Path) -> None:
    files = {"api/.env.example": example, ".gitignore": "dist/\n"}
    (found,) = run(Request(repository_from(files, tmp_path / "r"), select=(RULE,))).report.findings
    assert (found.severity, found.message.rpartition("`git add .` ")[2]) == (weight, hurt)


@pytest.mark.parametrize(("policy", "told"), [("runcrew", True), ("recommended", False)])
def test_an_example_is_asked_for_by_a_team_alone(policy: str, told: bool, tmp_path: Path) -> None:
    named = {".runcrew-lint.yaml": f"extends: {policy}\n"}
    said = _said({"a.py": LOADS, ".gitignore": ".env*\n", **named}, tmp_path)
    assert any("keeps .env.example out" in message for *_, message in said) == told
