"""The whole repositories under fixtures/: what must be found in them, and what must not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from runcrew_lint.catalogue.load import load
from runcrew_lint.catalogue.words import words_of
from runcrew_lint.engine.run import Request, run
from runcrew_lint.model.report import Report
from runcrew_lint.model.rule import Scope
from runcrew_lint.reporters.json import as_data
from tests.fixtures_git import repository_of
from tests.tools.lint_fixture import difference, seen

FIXTURES = Path(__file__).parent.parent / "fixtures"
CATALOGUE = load()


def _lint(name: str, folder: Path, team: str = "runcrew") -> Report:
    root = repository_of(FIXTURES / name / team, folder / team)
    policy = None if (root / ".runcrew-lint.yaml").exists() else "runcrew"
    return run(Request(root, policy=policy)).report


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return _lint("bad", tmp_path_factory.mktemp("bad"))


def test_every_planted_fault_is_found_and_nothing_else(bad: Report) -> None:
    planted: list[dict[str, Any]] = yaml.safe_load((FIXTURES / "bad" / "runcrew.expected.yaml").read_text())
    known = [each for each in planted if each["rule"] in CATALOGUE.rules]
    assert not difference(seen(known), seen(as_data(bad)["findings"]))


def test_every_rule_fires_in_the_bad_repository(bad: Report) -> None:
    judged = {
        name
        for name, rule in CATALOGUE.rules.items()
        if rule.scope is not Scope.ENGINE and not words_of(rule).get("since")
    }
    assert judged - {finding.rule for finding in bad.findings} == set()


def test_the_good_repository_is_clean(tmp_path: Path) -> None:
    findings = _lint("good", tmp_path).findings
    assert [(f.rule, f.path, f.line, f.message) for f in findings] == []


def test_what_is_planted_in_zibros_repository_is_found(tmp_path: Path) -> None:
    planted: list[dict[str, Any]] = yaml.safe_load((FIXTURES / "bad" / "zibro.expected.yaml").read_text())
    assert not difference(seen(planted), seen(as_data(_lint("bad", tmp_path, "zibro"))["findings"]))


def test_zibros_good_repository_is_clean(tmp_path: Path) -> None:
    findings = _lint("good", tmp_path, "zibro").findings
    assert [(f.rule, f.path, f.line, f.message) for f in findings] == []


def test_the_seed_is_judged_as_its_author_would(tmp_path: Path) -> None:
    """The seed document's own files, verbatim. A change of this report is read by a person before it is kept:
    each finding is one that the author of the document would accept.
    """
    golden = FIXTURES / "seed" / "runcrew.report.json"
    found = as_data(_lint("seed", tmp_path))["findings"]
    assert found == json.loads(golden.read_text("utf-8"))["findings"]
