"""A rule of a team's own as text, and repositories that have one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from runcrew_lint.catalogue.load import load as load_catalogue
from runcrew_lint.catalogue.own import with_own
from runcrew_lint.engine.run import Request, run
from runcrew_lint.model.errors import SetupError
from runcrew_lint.policy.load import load
from tests.fixtures_git import repository_from

FOLDER = "lint/rules"
POLICY = {".runcrew-lint.yaml": f"extends: recommended\nrules:\n  own: [{FOLDER}]\n"}
WORDS = {
    "summary": "what is not wanted here",
    "why": "it has hurt before, and nobody wants that again",
    "remedy": "do otherwise",
    "message": "`{key}` is `{value}`",
}


def rule(**words: Any) -> str:
    """A rule's file; what it does not say is the same in all."""
    return yaml.safe_dump({**WORDS, **words}, sort_keys=False)


NO_X = rule(files=["*.py"], must_not={"contain": "x"}, severity="error")
OWN = f"{FOLDER}/no-x.yaml"


def repository(rules: Mapping[str, str], files: Mapping[str, str], into: Path) -> Path:
    """A repository with these rules, by name, and these files."""
    own = {f"{FOLDER}/{name}.yaml": text for name, text in rules.items()}
    return repository_from({**POLICY, **own, **files}, into)


def found(root: Path, **asked: Any) -> list[tuple[str, str, int, str]]:
    """Rule, file, line and message of each finding of a team's own rules."""
    findings = run(Request(root, **{"select": ("own",), **asked})).report.findings
    return [(each.rule, each.path, each.line, each.message) for each in findings if each.family == "own"]


def mistake(rules: Mapping[str, str], folder: Path) -> SetupError:
    """What is wrong with these rules."""
    for name, text in rules.items():
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)
        (folder / FOLDER / f"{name}.yaml").write_text(text, "utf-8")
    (folder / ".runcrew-lint.yaml").write_text(POLICY[".runcrew-lint.yaml"])
    catalogue = load_catalogue()
    with pytest.raises(SetupError) as error:
        with_own(catalogue, load(folder, None, catalogue.policies))
    return error.value
