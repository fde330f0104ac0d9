"""How a person finds a rule: by words, by a name that is nearly one, by what it weighs, by its fix."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands import said
from tests.fixtures_git import repository_from
from tests.own.rules import NO_X, OWN, POLICY

pytestmark = pytest.mark.usefixtures("git")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a rule of its own, and one that weighs otherwise."""
    policy = POLICY[".runcrew-lint.yaml"] + "  severity: {drop-column: info}\n  ignore: [eas]\n"
    files = {".runcrew-lint.yaml": policy, OWN: NO_X}
    return repository_from(files, tmp_path_factory.mktemp("find") / "r")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (["drop-colunm"], "# drop-column"),
        (["lock", "timeout"], "lock-timeout-ineffective"),
        (["Concurrently"], "autocommit-without-concurrently"),
        (["not", "wanted"], "# no-x"),
    ],
)
def test_explain_finds(words: list[str], first: str, root: Path) -> None:
    done = said(root, "explain", *words)
    assert done.returncode == 0
    assert done.stdout.split("\n")[0].strip().startswith(first)
    assert f"there is no rule {' '.join(words)}; " in done.stderr


def _names(root: Path, *asked: str) -> dict[str, str]:
    told = json.loads(said(root, "rules", "--format", "json", *asked).stdout)
    return {each["name"]: each["severity"] for each in told}


def test_rules_are_filtered(root: Path) -> None:
    everything = _names(root)
    assert everything["drop-column"] == "error"
    on = _names(root, "--on")
    assert on["drop-column"] == "info" and on["no-x"] == "error"
    assert "eas-unknown-key" in everything and "eas-unknown-key" not in on
    assert set(_names(root, "--on", "--severity", "info").values()) == {"info"}
    assert set(_names(root, "own", "eas-unknown-key")) == {"no-x", "eas-unknown-key"}
    fixable = _names(root, "--fixable")
    assert "no-x" not in fixable and 0 < len(fixable) < len(everything)
    shown = said(root, "rules", "--fixable", "--severity", "error").stdout.splitlines()
    assert all(" fix]" in line and " error " in line for line in shown if line.startswith("  "))


def test_the_linters_own_are_told_whatever_the_policy_says(tmp_path: Path) -> None:
    root = repository_from({".runcrew-lint.yaml": "nonsense: 1\n"}, tmp_path / "r")
    assert said(root, "explain", "drop-column").stdout.startswith("# drop-column\n")
    assert said(root, "explain", "no-x").returncode == 2
