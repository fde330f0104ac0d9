"""A template is passed over with a word: nobody's fault, and nothing is called broken for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from

NGINX = "server {\n  listen 80;\n  server_name {{ host }};\n{% if tls %}\n  listen 443 ssl;\n{% endif %}\n}\n"

HELM = (
    "services:\n{{- range .Values.services }}\n  {{ .name }}:\n    image: {{ .image | quote }}\n{{- end }}\n"
)
JINJA = (
    "services:\n  web:\n    image: {{ image }}\n    ports:\n    {% for p in ports %}\n      - {{ p }}\n"
    "    {% endfor %}\n"
)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Dockerfile", "{{ header }}\nFROM python:3.12-slim\n"),
        ("Dockerfile", "FROM {{ base }} {% if stage %}AS {{ stage }}{% endif %}\nUSER app\n"),
        ("infra/nginx.conf", NGINX),
        ("compose.yaml", HELM),
        ("deploy/docker-compose.yml", JINJA),
        (
            "infra/main.tf",
            'resource "aws_sqs_queue" "a" {\n{% for each in queues %}\n  name = {{ each }}\n}\n',
        ),
    ],
)
def test_a_template_is_skipped(path: str, text: str, tmp_path: Path) -> None:
    report = run(Request(repository_from({path: text}, tmp_path / "repository"), policy="runcrew")).report
    assert [(each.rule, each.path) for each in report.findings] == [("file-skipped", path)]
    assert "template" in report.findings[0].message


def test_what_is_merely_broken_is_an_error(tmp_path: Path) -> None:
    files = {
        "Dockerfile": "FORM python:3.12-slim\n",
        "compose.yaml": "services:\n  a: {image: 'a:1', command: \"{{ x }}\"}\n\n  b: [\n",
        ".github/workflows/a.yml": "on: push\njobs: {a: {runs-on: {{ os }}, steps: [}}\n",
    }
    root = repository_from(files, tmp_path / "repository")
    found = run(Request(root, policy="runcrew")).report.findings
    assert [(each.rule, each.path) for each in found if each.family == "engine"] == [
        ("file-unreadable", path) for path in sorted(files)
    ]
