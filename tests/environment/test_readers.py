"""What is read of env files, ignore files and the programs that load them."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.environment import env_file, gitignore, loading
from runcrew_lint.domains.environment.files import above, is_data, is_env_file, is_example
from runcrew_lint.policy.model import EnvFiles
from runcrew_lint.text import Source
from tests.consulting import Consulting

READING = Consulting({})


def test_a_fact_has_names_and_places_and_no_value() -> None:
    fact = env_file.read(Source("a/.env", "A=first\nB=\nC='second'\n"), READING)
    assert [(each.name, each.is_set) for each in fact.variables] == [("A", True), ("B", False), ("C", True)]
    assert len(fact.values) == 2
    assert "first" not in repr(fact)


def test_patterns_of_an_ignore_file() -> None:
    text = "# c\n\n.env \n!/.env.example\n\\#odd\r\nbuild/\n"
    fact = gitignore.read(Source(".gitignore", text), READING)
    assert [(each.text, each.is_negated) for each in fact.patterns] == [
        (".env", False),
        ("/.env.example", True),
        ("\\#odd", False),
        ("build/", False),
    ]
    assert [text[slice(*each.span)] for each in fact.patterns][:2] == [".env", "!/.env.example"]


@pytest.mark.parametrize(
    ("path", "text", "file"),
    [
        ("a.py", "load_dotenv()\n", ".env"),
        ("a.py", 'load_dotenv("config/.env.local")\n', "config/.env.local"),
        ("a.py", 'SettingsConfigDict(env_file="../.env")\n', "../.env"),
        ("a.py", 'env_file = (".env", ".env.prod")\n', ".env"),
        ("a.py", "env_file = None\n", None),
        ("a.py", "# load_dotenv()\n", None),
        ("a.py", "from dotenv import load_dotenv\n", None),
        ("compose.yml", "services:\n  app:\n    env_file: .env\n", ".env"),
        ("compose.yml", "services:\n  app:\n    env_file:\n      - ./app/.env\n", "./app/.env"),
        ("compose.yml", "services:\n  app:\n    env_file: ${FILE}\n", None),
        ("a.ts", "import 'dotenv/config'\n", ".env"),
        ("a.js", "require('dotenv').config()\n", ".env"),
    ],
)
def test_who_loads_what(path: str, text: str, file: str | None) -> None:
    fact = loading.read(Source(path, text), READING)
    assert (fact.file if fact else None) == file


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".env", True),
        ("a/.env.production", True),
        ("a/.env.local", True),
        (".environment", False),
        (".env.d.ts", False),
        (".env.md", False),
        (".env.vault", False),
        ("prod.env", False),
    ],
)
def test_env_files_by_name(path: str, expected: bool) -> None:
    assert is_env_file(path) is expected


def test_examples_are_the_policys() -> None:
    files = EnvFiles(examples=(".env.example", ".env.*.example"))
    assert is_example("a/.env.example", files)
    assert is_example(".env.staging.example", files)
    assert not is_example(".env.sample", files)


def test_the_data_of_tests() -> None:
    assert is_data("tests/fixtures/app/.env")
    assert not is_data("tests/.env")


def test_folders_above() -> None:
    assert above("a/b") == ["a/b", "a", ""]
    assert above("") == [""]
