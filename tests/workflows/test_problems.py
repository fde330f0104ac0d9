"""What GitHub refuses in a workflow, and what it passes over: how each weighs."""

from __future__ import annotations

from pathlib import Path

from runcrew_lint.engine.run import Request, run
from runcrew_lint.model.finding import Severity
from tests.fixtures_git import repository_from

STEPS = "{runs-on: ubuntu-latest, steps: [{run: a}]}"


def told(root: Path, text: str) -> list[tuple[int, Severity]]:
    """The lines and weights of what workflow-invalid says of one file."""
    made = repository_from({".github/workflows/a.yml": text}, root)
    found = run(Request(made, policy="recommended", select=("workflow-invalid",))).report.findings
    return [(each.line, each.severity) for each in found]


def test_what_is_passed_over_weighs_less_than_what_is_refused(tmp_path: Path) -> None:
    dispatched = f"on:\n  workflow_dispatch:\n    branches: [main]\njobs:\n  a: {STEPS}\n"
    assert told(tmp_path / "a", dispatched) == [(3, Severity.WARNING)]
    twice = f"on: push\njobs:\n  a: {STEPS}\n  A: {STEPS}\n"
    assert told(tmp_path / "b", twice) == [(4, Severity.ERROR)]


def test_a_number_is_an_id_that_is_none(tmp_path: Path) -> None:
    assert told(tmp_path / "a", f"on: push\njobs:\n  1: {STEPS}\n") == [(3, Severity.ERROR)]
