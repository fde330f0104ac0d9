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


@pytest.mark.parametrize(
    ("files", "at_home"),
    [
        ({"crew/kafka/__init__.py": ""}, True),
        ({}, False),
    ],
)
def test_what_lies_among_modules_is_for_trying_them(
    files: dict[str, str], at_home: bool, tmp_path: Path
) -> None:
    text = FILE.format(image="ghcr.io/example/api")
    root = repository_from({"crew/kafka/compose.yaml": text, **files}, tmp_path / "r")
    found = run(Request(root, policy="recommended", select=RULES)).report.findings
    expected = dict.fromkeys(RULES, "info") if at_home else AWAY | {"database-exposed": "warning"}
    assert {each.rule: each.severity.value for each in found} == expected


@pytest.mark.parametrize(("image", "severity"), [("acme/birds-local", "info"), ("acme/localizer", "warning")])
def test_a_stand_in_is_a_developers(image: str, severity: str, tmp_path: Path) -> None:
    text = f"services:\n  birds: {{image: {image}}}\n  db: {{image: 'postgres:16', ports: ['5432:5432']}}\n"
    root = repository_from({"compose.yaml": text}, tmp_path / "r")
    found = run(Request(root, policy="recommended", select=("database-exposed",))).report.findings
    assert [each.severity.value for each in found] == [severity]
