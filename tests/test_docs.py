"""Generated pages are fresh, and links lead somewhere."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

from runcrew_lint.catalogue.load import load

ROOT = Path(__file__).parent.parent
DOCS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


@pytest.fixture(name="generator")
def _generator(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(ROOT / "docs")
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_rule_pages_are_fresh(generator: Any) -> None:
    pages = generator.pages(load())
    kept = {file.name: file.read_text("utf-8") for file in (ROOT / "docs" / "rules").glob("*.md")}
    assert kept == pages, "run `python docs/generate.py`"


def test_screenshots_are_fresh(generator: Any) -> None:
    kept = {file.name: file.read_text("utf-8") for file in (ROOT / "docs" / "assets").glob("*.svg")}
    assert kept == generator.screens(load()), "run `python docs/generate.py`"


@pytest.mark.parametrize("name", ["compared", "proof"])
def test_claims_are_fresh(generator: Any, name: str) -> None:
    kept = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
    assert kept == getattr(generator.claims, name)(), "run `python docs/generate.py`"


def test_what_is_named_is_there(generator: Any) -> None:
    named = set(generator.claims.named())
    assert len(named) > 60
    assert {each for each in named if not _is_a_test(*each.partition("::")[::2])} == set()
    targets = re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"))
    commands = [
        row["command"] for part in generator.claims.PROOF.values() for row in part["rows"] if "command" in row
    ]
    assert {command.split()[:2][-1] for command in commands} <= set(targets)
    assert {command.split()[0] for command in commands} == {"make"}


def _is_a_test(file: str, name: str) -> bool:
    """Whether the file has tests, and that one where one is named."""
    if not (ROOT / file).is_file():
        return False
    tests = [
        each.name
        for each in ast.walk(ast.parse((ROOT / file).read_text("utf-8")))
        if isinstance(each, ast.FunctionDef)
    ]
    return name in tests if name else any(each.startswith("test_") for each in tests)


def test_coverage_is_fresh(generator: Any) -> None:
    kept = (ROOT / "docs" / "coverage.md").read_text("utf-8")
    assert kept == generator.coverage(load()), "run `python docs/generate.py`"


@pytest.mark.parametrize("document", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?://|#)([^)#\s]+)", document.read_text("utf-8")):
        assert (document.parent / target).exists(), target
