"""The commands of workflows, in a process that stays."""

from __future__ import annotations

from typing import Any

from runcrew_lint.domains.contracts.commands import ci_commands_of
from tests.delivery.mapping import repository, workflow


def _said(files: dict[str, str], kept: dict[type, Any]) -> list[tuple[str, tuple[str | None, ...]]]:
    return [(each.workflow.path, each.texts) for each in ci_commands_of(repository(files, kept=kept))]


def test_a_changed_workflow_is_read_again() -> None:
    a, b = ".github/workflows/a.yml", ".github/workflows/b.yml"
    kept: dict[type, Any] = {}
    rounds: list[dict[str, str]] = [
        {a: workflow("- run: make one"), b: workflow("- run: make up")},
        {a: workflow("- run: make two"), b: workflow("- run: make up")},
        {b: workflow("- run: make up")},
        {a: workflow("- run: make one"), b: workflow("- run: ssh h make up\n- run: '# none'")},
    ]
    for files in rounds:
        assert _said(files, kept) == _said(files, {})
    assert _said(rounds[1], kept) == [(a, ("make", "two")), (b, ("make", "up"))]


def test_what_stands_is_told_again() -> None:
    kept: dict[type, Any] = {}
    found = repository({".github/workflows/a.yml": workflow("- run: make one")}, kept=kept)
    first, again = ci_commands_of(found), ci_commands_of(found)
    assert first and first[0] is again[0]
