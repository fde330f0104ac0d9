"""Every line of the teams' documents is accounted for: by rules that are there, or by a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runcrew_lint.catalogue.build import read
from runcrew_lint.catalogue.load import load
from runcrew_lint.catalogue.words import words_of

ROOT = Path(__file__).parent.parent
SAID: dict[str, list[dict[str, Any]]] = read(ROOT / "docs" / "coverage.yaml")
CATALOGUE = load()


def _lines(row: dict[str, Any]) -> range:
    first, last = row["lines"].split("-")
    return range(int(first), int(last) + 1)


@pytest.mark.parametrize("team", SAID)
def test_each_line_is_accounted_for_once(team: str) -> None:
    text = (ROOT / "fixtures/seed/documents" / f"{team}.md").read_text("utf-8").split("\n")
    written = [number for number, line in enumerate(text, 1) if line.strip()]
    covered = [number for row in SAID[team] for number in _lines(row)]
    assert len(covered) == len(set(covered)), "two rows hold one line"
    assert covered == sorted(covered)
    assert set(written) <= set(covered), sorted(set(written) - set(covered))
    assert set(covered) <= set(range(1, len(text) + 1))
    assert all(_lines(row)[-1] in written or not text[_lines(row)[-1] - 1].strip() for row in SAID[team])


@pytest.mark.parametrize(
    ("team", "row"),
    [pytest.param(team, row, id=f"{team} {row['lines']}") for team, rows in SAID.items() for row in rows],
)
def test_a_row_names_rules_that_are_there_or_says_why_none_is(team: str, row: dict[str, Any]) -> None:
    rules = row.get("rules", [])
    assert rules or row.get("reason"), "neither a rule nor a reason"
    assert set(rules) <= set(CATALOGUE.rules), sorted(set(rules) - set(CATALOGUE.rules))
    assert len(rules) == len(set(rules))


def test_no_demand_is_without_its_line() -> None:
    """A rule that asks for what no fact makes wrong must stand on a document's line."""
    named = {name for rows in SAID.values() for row in rows for name in row.get("rules", ())}
    demands = {name for name, rule in CATALOGUE.rules.items() if rule.mark.value == "demand"}
    assert demands <= named, sorted(demands - named)


def test_sections_that_rules_serve_are_there() -> None:
    heads = {
        "runcrew": {str(number) for number in range(1, 9)},
        "zibro": {
            f"{phase}.{step}"
            for phase, steps in ((1, 2), (2, 3), (3, 3), (4, 2))
            for step in range(1, steps + 1)
        },
    }
    for name, rule in CATALOGUE.rules.items():
        for served in words_of(rule).get("serves", ()):
            team, _, section = served.partition(" ")
            whole = section in heads[team] or any(head.startswith(f"{section}.") for head in heads[team])
            assert whole, f"{name} serves {served}"
