"""What a repository calls itself, by each manifest that says so."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.contracts.own_name import read
from runcrew_lint.text import Source
from tests.consulting import Consulting

SAYS = [
    ("package.json", '{"repository": "github:acme/app"}', "acme/app"),
    ("package.json", '{"repository": {"url": "git+https://github.com/acme/App.git"}}', "acme/App"),
    ("package.json", '{"repository": "https://gitlab.com/acme/app"}', ""),
    ("package.json", "{", ""),
    ("pyproject.toml", '[project.urls]\nSource = "https://github.com/acme/app/tree/main"\n', "acme/app"),
    ("pyproject.toml", '[project.urls]\nIssues = "https://github.com/other/issues"\n', ""),
    ("pyproject.toml", '[tool.poetry]\nrepository = "https://github.com/acme/app/"\n', "acme/app"),
    (
        "pyproject.toml",
        '[project.urls]\nSource = "https://github.com/acme/app"\ncode = "https://github.com/acme/other"\n',
        "",
    ),
    (
        "pyproject.toml",
        '[project.urls]\nSource = "https://github.com/acme/app"\ncode = "https://github.com/Acme/App"\n',
        "Acme/App",
    ),
    ("Cargo.toml", '[package]\nrepository = "https://github.com/acme/app"\n', "acme/app"),
    ("Cargo.toml", '[workspace.package]\nrepository = "git@github.com:acme/app.git"\n', "acme/app"),
    ("go.mod", "module github.com/acme/app/v2\n\ngo 1.22\n", "acme/app"),
    ("go.mod", "module example.com/app\n", ""),
]


@pytest.mark.parametrize(("path", "text", "name"), SAYS)
def test_what_each_says(path: str, text: str, name: str) -> None:
    fact = read(Source(path, text), Consulting({}))
    assert (fact.name if fact else "") == name
