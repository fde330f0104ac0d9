"""Without a policy of its own a repository is judged by RunCrew's: what only a team can have said is not held
against it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from runcrew_lint.catalogue.load import load
from runcrew_lint.catalogue.words import words_of
from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from

CATALOGUE = load()
SILENT = (
    "branch-unknown",
    "eas-api-url-mismatch",
    "eas-profile-mismatch",
    "print-instead-of-log",
    "sentry-sample-rate",
)


@pytest.mark.parametrize("name", SILENT)
def test_a_rule_that_needs_a_teams_word_waits_for_it(name: str, tmp_path: Path) -> None:
    examples = words_of(CATALOGUE.rules[name])["examples"]
    example = next(each for each in examples if "bad" in each)
    root = repository_from(example["bad"], tmp_path / "repository")
    file = tmp_path / "policy.json"
    file.write_text(json.dumps({"extends": "runcrew", **example.get("policy", {})}))
    unnamed = Request(root, select=(name,))
    assert not run(unnamed).report.findings
    assert run(replace(unnamed, policy=file)).report.findings
