"""`make compare-inputs` reads the three specialists' own tests, and tells where they and we part."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.catalogue.build import read
from runcrew_lint.catalogue.load import load
from tests.tools import compare_inputs
from tests.tools.compare_inputs import DATA, KINDS, Answer, Reason, Shared, answers, shared_of, table
from tests.tools.peer_findings import Said
from tests.tools.peer_inputs import INPUTS, Input

_SPEC = r"""
spec = do
  it "asked of one line" $ ruleCatches "DL3004" "RUN sudo ls"
  it "and of another" $ ruleCatchesNot "DL3004" "FROM a:1\nRUN ls \"sudo\""
  -- it "not this" $ ruleCatches "DL3004" "RUN sudo comment"
  it "of lines with a name" $
    let dockerFile = ["FROM a:1", "USER root"]
     in ruleCatches "DL3002" $ Text.unlines dockerFile
  it "of a list" $ ruleCatchesNot "DL3002" $ Text.unlines ["FROM a:1", "USER a"]
  it "not of what is computed" $ ruleCatches "DL3002" (make 2)
"""
WHY = Reason("policy", "a reason")
_WORKFLOW = "on: push\njobs:\n  a: {}\n"
_TESTS = """
def test_it():
    check("services:\\n  a: {}\\n")
    check(FIXTURES / "bad.yml", "missing.yml", "words")
"""


def _laid_out(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root


def test_hadolint_says_what_it_expects(tmp_path: Path) -> None:
    root = _laid_out(tmp_path, {"test/Hadolint/Rule/DL3004Spec.hs": _SPEC})
    assert [
        (each.rule, each.name.rpartition(":")[2], each.text, each.tells) for each in INPUTS["hadolint"](root)
    ] == [
        ("DL3004", "3", "FROM debian:12\nRUN sudo ls\n", True),
        ("DL3004", "4", 'FROM a:1\nRUN ls "sudo"\n', False),
        ("DL3002", "8", "FROM a:1\nUSER root\n", True),
        ("DL3002", "9", "FROM a:1\nUSER a\n", False),
    ]


def test_the_others_have_files(tmp_path: Path) -> None:
    data = "crates/zizmor/tests/integration/test-data"
    files = {
        f"{data}/a-rule.yml": _WORKFLOW,
        f"{data}/b/one.yml": _WORKFLOW,
        f"{data}/b/no.yml": "runs: {}\n",
    }
    files |= {"tests/test_CL0004.py": _TESTS, "tests/compose_files/bad.yml": "services: {}\n"}
    root = _laid_out(tmp_path, files)
    assert list(INPUTS["zizmor"](root)) == [
        Input("a-rule", "a-rule.yml", _WORKFLOW),
        Input("b", "b/one.yml", _WORKFLOW),
    ]
    found = {(each.rule, each.text) for each in INPUTS["compose-lint"](root)}
    assert found == {("CL-0004", "services:\n  a: {}\n"), ("CL-0004", "services: {}\n")}


def test_who_tells_of_what(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = [Said("hadolint", "DL3006", "c2/Dockerfile", 1, "untagged")]
    monkeypatch.setattr(compare_inputs, "said_by", lambda *_: iter(theirs))
    inputs = [
        Input("DL3004", "sudo:0", "FROM a:1\nRUN sudo ls\n", True),
        Input("DL9999", "ours:0", "FROM a\n", True),
        Input("DL3006", "untagged:0", "FROM python\n", False),
        Input("DL3006", "asked:0", "FROM python:latest\n"),
        Input("DL3006", "asked:1", "FROM python\n"),
        Input("DL3006", "asked:2", "FROM python:3.12\n"),
    ]
    shared = {
        "DL3004": Shared(("sudo-in-image",), "", {}),
        "DL3006": Shared(("base-untagged",), "has no tag", {"untagged:0": WHY, "asked:2": WHY}),
    }
    found = list(answers("hadolint", inputs, shared))
    assert [(each.theirs, each.ours, each.reason) for each in found] == [
        (True, True, None),
        (False, True, WHY),
        (True, False, None),
        (False, True, None),
        (False, False, WHY),
    ]
    assert list(table(found)) == [
        "DL3004: 1 of 1",
        "DL3006: 1 of 4",
        "  untagged:0: we tell: policy: a reason",
        "  asked:0: they tell: no reason is written",
        "  asked:1: we tell: no reason is written",
        "  asked:2: no disagreement any more, and a reason for one",
        "in all: 2 of 5 (40.0 %); of those that one of the two tells of: 1 of 4 (25.0 %)",
        "0 missed, 0 harmless, 1 policy, 2 unexplained",
    ]


@pytest.mark.parametrize(
    ("ours", "reason", "status"), [(False, None, 1), (False, WHY, 0), (True, None, 0), (True, WHY, 1)]
)
def test_a_disagreement_without_a_reason_fails_and_a_reason_without_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ours: bool, reason: Reason | None, status: int
) -> None:
    answer = Answer(Input("DL3004", "sudo:0", "", True), True, ours, reason)
    monkeypatch.setattr(compare_inputs, "answers", lambda *_: iter([answer]))
    monkeypatch.setattr("sys.argv", ["compare_inputs", "hadolint", str(tmp_path)])
    assert compare_inputs.main() == status


def test_what_answers_is_a_rule() -> None:
    rules = load().rules
    for peer in INPUTS:
        assert {name for each in shared_of(peer).values() for name in each.ours} <= rules.keys()


def test_every_reason_is_of_a_kind() -> None:
    for peer in INPUTS:
        for told in read(DATA)[peer].values():
            assert set(told.get("differ", {})) <= set(KINDS)


def test_services_are_asked_one_by_one(tmp_path: Path) -> None:
    apart = "x: 1\nservices:\n  a: {image: x}\n  b:\n    image: y\nvolumes: {}\n"
    tied = "services:\n  a: &a\n    image: x\n  b: *a\n"
    tests = 'check("apart.yml")\ncheck("tied.yml")\n'
    folder = "tests/compose_files"
    files = {"tests/test_CL0004.py": tests, f"{folder}/apart.yml": apart, f"{folder}/tied.yml": tied}
    assert [(each.name, each.text) for each in INPUTS["compose-lint"](_laid_out(tmp_path, files))] == [
        ("apart.yml#a", "x: 1\nservices:\n  a: {image: x}\nvolumes: {}\n"),
        ("apart.yml#b", "x: 1\nservices:\n  b:\n    image: y\nvolumes: {}\n"),
        ("tied.yml", tied),
    ]


def test_every_rule_that_ours_answer_is_asked_of_both_or_known_to_ask_something_else() -> None:
    answered = read(Path(__file__).parents[2] / "docs" / "compared.yaml")["findings"]
    for peer in INPUTS:
        ours = {rule for rule, told in answered[peer].items() if isinstance(told, dict) and "ours" in told}
        apart = {rule for rules in read(DATA)["apart"][peer].values() for rule in rules}
        assert ours - shared_of(peer).keys() == apart
