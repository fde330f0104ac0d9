"""The commands of workflows, in a process that stays."""

from __future__ import annotations

from typing import Any

import pytest

from runcrew_lint.domains.contracts.commands import all_commands_of, ci_commands_of
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


def _of(uses: str, inputs: str) -> list[tuple[tuple[str | None, ...], str | None, bool]]:
    """Each command of a step by its words, its folder and whether it runs on another machine."""
    steps = f"- uses: actions/checkout@v5\n- uses: {uses}@v1\n  with:\n    {inputs}"
    found = all_commands_of(repository({".github/workflows/a.yml": workflow(steps)}))
    return [(each.texts, each.folder, each.command.host is not None) for each in found]


@pytest.mark.parametrize(
    ("uses", "inputs", "commands"),
    [
        ("nick-fields/retry", "command: cd web && make test", [(("make", "test"), "web", False)]),
        ("azure/cli", "inlineScript: make test", [(("make", "test"), "", False)]),
        ("Azure/CLI", "inlinescript: make test", [(("make", "test"), "", False)]),
        ("devcontainers/ci", "subFolder: api\n    runCmd: make test", [(("make", "test"), "api", False)]),
        (
            "reactivecircus/android-emulator-runner",
            "working-directory: app\n    script: |\n      cd x\n      make test\n      cd web && make up",
            [(("make", "test"), "app", False), (("make", "up"), "app/web", False)],
        ),
        ("appleboy/ssh-action", "script: make test", [(("make", "test"), None, True)]),
        ("nick-fields/retry", "shell: python\n    command: make test", []),
        ("expo/expo-github-action/preview", "command: make test", []),
        ("actions/github-script", "script: make test", []),
        ("somebody/unknown", "command: make test", []),
    ],
)
def test_a_script_in_an_input_that_a_shell_reads(
    uses: str, inputs: str, commands: list[tuple[tuple[str | None, ...], str | None, bool]]
) -> None:
    assert [each for each in _of(uses, inputs) if each[0][0] != "cd"] == commands


def test_another_machine_has_none_of_the_steps_variables() -> None:
    steps = "- uses: {}@v1\n  env: {{T: test}}\n  with:\n    {}: make $T"
    for uses, name, word in (
        ("nick-fields/retry", "command", "test"),
        ("appleboy/ssh-action", "script", None),
        ("devcontainers/ci", "runCmd", None),
    ):
        found = all_commands_of(repository({".github/workflows/a.yml": workflow(steps.format(uses, name))}))
        assert [each.texts for each in found] == [("make", word)]
