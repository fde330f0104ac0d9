"""A template is passed over with a word: nobody's fault, and nothing is called broken for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from

NGINX = "server {\n  listen 80;\n  server_name {{ host }};\n{% if tls %}\n  listen 443 ssl;\n{% endif %}\n}\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [("Dockerfile", "{{ header }}\nFROM python:3.12-slim\n"), ("infra/nginx.conf", NGINX)],
)
def test_a_template_is_skipped(path: str, text: str, tmp_path: Path) -> None:
    report = run(Request(repository_from({path: text}, tmp_path / "repository"), policy="runcrew")).report
    assert [(each.rule, each.path) for each in report.findings] == [("file-skipped", path)]
    assert "template" in report.findings[0].message


def test_what_is_merely_broken_is_an_error(tmp_path: Path) -> None:
    root = repository_from({"Dockerfile": "FORM python:3.12-slim\n"}, tmp_path / "repository")
    assert [each.rule for each in run(Request(root, policy="runcrew")).report.findings] == ["file-unreadable"]
