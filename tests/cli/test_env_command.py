"""`runcrew-lint env`: the table in three formats, and no value in any of them."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from tests.commands import Done, said
from tests.fixtures_git import repository_from
from tests.generated import KINDS

VALUE = KINDS["password"](random.Random("env")).decode()
FILES = {
    "app/main.py": f'import os\na = os.environ["APP_TOKEN"]\nb = os.getenv("APP_MODE", "{VALUE}")\n',
    "tests/test_main.py": 'import os\na = os.environ["ONLY_IN_TESTS"]\n',
    ".env.example": f"APP_TOKEN={VALUE}\nOLD=\n",
    "docker-compose.prod.yml": f"services:\n  a:\n    environment: {{APP_TOKEN: {VALUE}}}\n",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a variable of each kind."""
    return repository_from(FILES, tmp_path_factory.mktemp("env") / "repository")


def _told(root: Path, *arguments: str) -> Done:
    return said(root, "env", "--no-cache", "--policy", "runcrew", *arguments)


def test_text(root: Path) -> None:
    done = _told(root)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "APP_MODE  (optional)\n"
        "  read        app/main.py:3  with a default\n"
        "APP_TOKEN  (required)\n"
        "  read        app/main.py:2\n"
        "  documented  .env.example:1\n"
        "  given       docker-compose.prod.yml:3  production\n"
        "OLD  (never read)\n"
        "  documented  .env.example:2\n"
        "3 variables, 2 read, 1 required\n"
    )


def test_json_and_markdown(root: Path) -> None:
    data = json.loads(_told(root, "--format", "json").stdout)
    assert data["version"] == 1
    token = next(row for row in data["variables"] if row["name"] == "APP_TOKEN")
    assert token["read"] == [{"path": "app/main.py", "line": 2, "by": "Python", "required": True}]
    assert token["given"] == [
        {"path": "docker-compose.prod.yml", "line": 3, "by": "compose", "environment": "production"}
    ]
    table = _told(root, "--format", "markdown").stdout
    assert "| `APP_TOKEN` | required | app/main.py:2 | .env.example:1 |" in table


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_no_value_is_shown(root: Path, form: str) -> None:
    assert VALUE[:5] not in _told(root, "--format", form).stdout


def test_paths_narrow_it(root: Path) -> None:
    assert "1 variables, 0 read" not in _told(root, "app").stdout
    assert ".env.example" not in _told(root, "app").stdout


def test_a_mistake_is_one_line(root: Path) -> None:
    done = _told(root, "--format", "yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
