"""data/aged.json: every row is dated, has its source, and finds what it says."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest

from runcrew_lint.data import data_path
from runcrew_lint.domains.advice.aged import read, rows
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.text import Source

TOLD: dict[str, Any] = json.loads(data_path("data/aged.json").read_text("utf-8"))


@pytest.mark.parametrize("row", TOLD["rows"], ids=lambda row: row["id"])
def test_rows(row: dict[str, str]) -> None:
    date.fromisoformat(row["ended"])
    assert row["source"].startswith("https://")
    assert row["says"] and row["instead"]
    assert re.compile(row["pattern"]).groups == 1
    re.compile(row["files"])


def test_what_has_not_ended_is_not_told() -> None:
    told = {row["id"] for row in TOLD["rows"] if row["ended"] <= TOLD["read"]}
    assert set(rows()) == told
    assert {"python-3.11", "postgres-16"}.isdisjoint(told)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (".github/workflows/a.yml", "      node-version: 20.x\n", ["node-20"]),
        ("compose.prod.yml", "    image: mongo:4.4.18\n", ["mongo-6"]),
        ("compose.yaml", "    image: mongo:7\n    image: mongo:60\n    image: mongo-express:1\n", []),
        (".github/workflows/a.yml", "      node-version: 22\n      node-version: 200\n", []),
        (".github/workflows/a.yml", "  - uses: actions/setup-python@v5.1\n", ["setup-python-node20"]),
        (".github/workflows/a.yml", "  - uses: actions/setup-python@v6\n", []),
        (".github/workflows/a.yml", "  - uses: actions/checkout@v10\n", []),
        (".github/actions/x/action.yml", "  - uses: expo/expo-github-action@v8\n", ["expo-action-node20"]),
        ("Dockerfile", "FROM --platform=linux/amd64 node:18-alpine AS b\n", ["node-20-image"]),
        ("Dockerfile", "FROM node:22\nFROM python:3.11-slim\nFROM python:3.9-slim\n", ["python-3.9"]),
        ("docker-compose.yml", 'version: "3.8"\nservices:\n  a:\n    version: 2\n', []),
        (
            "docker-compose.yml",
            "    image: postgis/postgis:16-3.4\n    image: postgres:12\n",
            ["postgres-13"],
        ),
        (
            "nginx/a.conf",
            "  listen 443 ssl http2;\n  http2 on;\n  # listen 80 http2;\n",
            ["nginx-listen-http2"],
        ),
        ("scripts/a.sh", "eas secret:create --name A\neas env:set\n", ["eas-secret-create"]),
        ("Dockerfile", 'CMD ["gunicorn", "-k", "uvicorn.workers.UvicornWorker"]\n', ["uvicorn-workers"]),
        ("Dockerfile", 'CMD ["gunicorn", "-k", "uvicorn_worker.UvicornWorker"]\n', []),
        ("a.tf", 'resource "aws_chatbot_slack_channel_configuration" "x" {}\n', ["aws-chatbot"]),
    ],
)
def test_hits(path: str, text: str, expected: list[str]) -> None:
    assert KINDS["aged"].claims.match(path)
    assert not expected or any(needle in text.encode() for needle in KINDS["aged"].needles)
    found = read(Source(path, text), None)  # type: ignore[arg-type]
    assert [hit.id for hit in found.hits] == expected if found else not expected
