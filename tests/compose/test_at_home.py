"""How much a fault of a developer's own services weighs: the option `in_development`."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from

RULES = ("database-exposed", "database-without-healthcheck", "docker-socket-mounted", "image-untagged")
FILE = """services:
  api:
    image: {image}
    depends_on: [db]
    volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
  db:
    image: postgres:16
    ports: ["5432:5432"]
"""
AT_HOME = {"recommended": "info", "runcrew": "warning"}
AWAY = dict.fromkeys(RULES, "error") | {"database-without-healthcheck": "warning"}


@pytest.mark.parametrize("policy", AT_HOME)
@pytest.mark.parametrize("name", ["compose.dev.yaml", "compose.test.yaml", "compose.prod.yaml"])
def test_weight(policy: str, name: str, tmp_path: Path) -> None:
    root = repository_from({name: FILE.format(image="ghcr.io/example/api")}, tmp_path / "r")
    found = run(Request(root, policy=policy, select=RULES)).report.findings
    weights = dict.fromkeys(RULES, AT_HOME[policy]) if "prod" not in name else AWAY
    assert {each.rule: each.severity.value for each in found} == weights


def test_one_use_beyond_development_decides(tmp_path: Path) -> None:
    files = {
        "compose.yaml": FILE.format(image="ghcr.io/example/api"),
        "compose.prod.yaml": "services:\n  api: {restart: always}\n  db: {restart: always}\n",
    }
    found = run(Request(repository_from(files, tmp_path / "r"), policy="recommended", select=RULES))
    assert {each.rule: each.severity.value for each in found.report.findings} == AWAY
