"""The words of every rule and the code of every rule say the same."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from runcrew_lint.catalogue.bind import check_of
from runcrew_lint.catalogue.build import compile_index, read
from runcrew_lint.catalogue.load import load
from runcrew_lint.catalogue.words import words_of
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.model.rule import Rule, Scope

ROOT = Path(__file__).parent.parent
CATALOGUE = load()
RULES = [pytest.param(rule, id=name) for name, rule in sorted(CATALOGUE.rules.items())]


def _schema(name: str) -> Any:
    return json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text("utf-8"))


@pytest.mark.parametrize("rule", RULES)
def test_words_have_their_schema(rule: Rule) -> None:
    jsonschema.validate(words_of(rule), _schema("rule"))


@pytest.mark.parametrize("rule", RULES)
def test_kinds_exist(rule: Rule) -> None:
    assert {*rule.reads, *rule.speaks} <= set(KINDS)
    assert set(rule.heeds) <= set(rule.reads) - set(rule.speaks)


@pytest.mark.parametrize("rule", RULES)
def test_options_agree_with_the_check(rule: Rule) -> None:
    if rule.scope not in (Scope.FILE, Scope.REPOSITORY):
        insert = " ".join((rule.shape or {}).get("insert", {}).values())
        assert all(f"{{{option}}}" in insert for option in rule.options)
        return
    parameters = inspect.signature(check_of(rule)).parameters.values()
    named = {each.name: each.default for each in parameters if each.kind is inspect.Parameter.KEYWORD_ONLY}
    # A sequence is a list in YAML and a tuple in Python.
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in named.items()}
    assert plain == rule.options


@pytest.mark.parametrize("rule", RULES)
def test_examples_show_both_sides(rule: Rule) -> None:
    if rule.scope is Scope.ENGINE:
        return
    examples = words_of(rule).get("examples", [])
    assert sum("bad" in example for example in examples) >= 1
    assert sum("good" in example for example in examples) >= 1
    if rule.fix == "safe":
        assert any("fixed" in example for example in examples), "a fix is claimed and never shown"


def test_every_check_has_its_words() -> None:
    checks = ROOT / "runcrew_lint" / "checks"
    code = {
        (file.parent.name, file.stem.replace("_", "-"))
        for file in checks.glob("*/*.py")
        if not file.stem.startswith("_")
    }
    words = {
        (rule.family, name)
        for name, rule in CATALOGUE.rules.items()
        if rule.scope in (Scope.FILE, Scope.REPOSITORY)
    }
    assert code == words


def test_presets_have_their_schema() -> None:
    for file in (ROOT / "rules" / "policies").glob("*.yaml"):
        jsonschema.validate(read(file), _schema("policy"))


def test_index_survives_json() -> None:
    index = compile_index(ROOT / "rules")
    assert json.loads(json.dumps(index)) == index
