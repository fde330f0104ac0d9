"""JSON, concise and GitHub's commands; and that no format tells a secret."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from runcrew_lint.data import data_path
from runcrew_lint.engine.run import Outcome
from runcrew_lint.model.finding import Region, Severity
from runcrew_lint.model.mend import Safety
from runcrew_lint.reporters import FORMATS, concise, github
from runcrew_lint.reporters import json as json_reporter
from runcrew_lint.reporters.look import Look, visible_lines
from runcrew_lint.text import Place, Position
from tests.reporters.cases import CASES, LOOK, secret
from tests.reporters.made import Tree, finding, fix, point

SCHEMA = json.loads(data_path("schemas/report.schema.json").read_text(encoding="utf-8"))
# Anything, and what reads like an escape already.
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1) | st.lists(
    st.sampled_from(["%", "%25", "%0A", "%2C", "25", "\r\n", ":", ",", "::"]), min_size=1
).map("".join)


def rendered(form: str, outcome: Outcome) -> str:
    render: Any = import_module(f"runcrew_lint.reporters.{form}").render
    text: str = render(outcome, LOOK)
    return text


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_every_format_ends_its_last_line(form: str, case: Callable[[], Outcome]) -> None:
    text = rendered(form, case())
    assert text == "" or (text.endswith("\n") and not text.endswith("\n\n"))


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_tells_a_secret(form: str) -> None:
    told = rendered(form, secret())
    assert told
    for part in ("t-value", "0123456789", "BBBB"):
        assert part not in told


@pytest.mark.parametrize("form", ["sarif", "rdjson"])
def test_a_fix_that_moves_a_secret_is_not_told(form: str) -> None:
    """One beside it that writes other words is."""
    text, token = "f(\n# tok-0123456789\na)\nb\n", "tok-0123456789"
    tree = Tree.of({"a.py": text})
    moved = fix(tree.edit("a.py", text[:-3], f"g(\n# {token}\n)"))
    plain = fix(tree.edit("a.py", "b", "the plain one"))
    found = [
        finding(tree.region("a.py", "f("), "moved", fix=moved),
        finding(tree.region("a.py", "b"), "plain", fix=plain),
    ]
    told = rendered(form, tree.outcome(*found, veiled=[Place("a.py", tree.span("a.py", token))]))
    assert token not in told
    assert "the plain one" in told


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_json_keeps_its_contract(case: Callable[[], Outcome]) -> None:
    data = json.loads(rendered("json", case()))
    assert [error.message for error in Draft7Validator(SCHEMA).iter_errors(data)] == []


def test_json_counts_characters_from_one() -> None:
    tree = Tree.of({"서버/a.py": "x\n# 🏃 러닝 = 1\n"})
    made = fix(tree.edit("서버/a.py", "1", "2"), safety=Safety.UNSAFE)
    outcome = tree.outcome(
        finding(tree.region("서버/a.py", "러닝"), "러닝 is wrong", notes=[("lock", "SHARE")], fix=made,
                related=[(tree.region("서버/a.py", "x\n"), "the line before")]),
        notices=["a notice"],
    )  # fmt: skip
    told = rendered("json", outcome)
    assert "러닝" in told
    assert json.loads(told) == {
        "version": 1,
        "findings": [
            {
                "rule": "some-rule",
                "family": "some-family",
                "severity": "error",
                "message": "러닝 is wrong",
                "help": "do it otherwise",
                "path": "서버/a.py",
                "line": 2,
                "column": 5,
                "end_line": 2,
                "end_column": 7,
                "related": [
                    {"path": "서버/a.py", "line": 1, "column": 1, "end_line": 2, "end_column": 1,
                     "message": "the line before"},
                ],
                "notes": [{"label": "lock", "text": "SHARE"}],
                "fix": {"title": "rewrites it", "safety": "unsafe"},
            }
        ],
        "summary": {
            "error": 1, "warning": 0, "info": 0, "excused": 0, "files": 1, "rules": 40, "policy": "runcrew",
            "notices": ["a notice"],
        },
    }  # fmt: skip
    assert json_reporter.as_data(outcome.report) == json.loads(told)


def test_concise_is_one_line_a_finding() -> None:
    outcome = Tree().outcome(
        finding(point("a.py", 2, 3), "first\nsecond \x1b[31m"),
        finding(point("::set-output name=x::y", 1), "third", severity=Severity.INFO),
    )
    assert concise.render(outcome, Look()) == (
        "a.py:2:3: error[some-rule] first\\x0asecond \\x1b[31m\n"
        "./::set-output name=x::y:1:1: info[some-rule] third\n"
    )


def command(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command read back, as the runner reads one."""
    assert line.startswith("::")
    head, _, message = line[2:].partition("::")
    name, _, listed = head.partition(" ")
    properties = dict(each.split("=", 1) for each in listed.split(","))
    return name, {key: unescaped(value) for key, value in properties.items()}, unescaped(message)


def unescaped(text: str) -> str:
    for escape, character in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(escape, character)
    return text


@given(path=ANY_TEXT, message=ANY_TEXT, help=ANY_TEXT)
def test_github_reads_what_was_said(path: str, message: str, help: str) -> None:
    outcome = Tree().outcome(finding(point(path, 3, 7), message, help=help))
    (line, end) = github.render(outcome, Look()).split("\n")
    name, properties, said = command(line)
    assert (end, "\r" in line) == ("", False)
    assert name == "error"
    assert properties == {
        "file": visible_lines(path), "line": "3", "endLine": "3", "col": "7", "endColumn": "7",
        "title": "error[some-rule]",
    }  # fmt: skip
    assert said == visible_lines(f"{path}:3:7: {message}\nhelp: {help}")


@pytest.mark.parametrize(
    ("severity", "name"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "notice")],
)
def test_github_has_a_command_for_each_weight(severity: Severity, name: str) -> None:
    assert command(github.render(Tree().outcome(finding(point("a"), severity=severity)), Look()))[0] == name


def test_github_gives_columns_within_one_line_alone() -> None:
    region = Region("a.py", Position(1, 5), Position(3, 2))
    outcome = Tree().outcome(finding(region, related=[(point("b.py", 4), "made here")]), notices=["a\nb"])
    first, notice = github.render(outcome, Look()).splitlines()
    assert command(first)[1] == {
        "file": "a.py", "line": "1", "endLine": "3", "title": "error[some-rule]",
    }  # fmt: skip
    assert "b.py:4:1: made here\n" in command(first)[2]
    assert command(notice)[2] == "a\nb"


@pytest.mark.parametrize(
    ("errors", "warnings", "infos", "notices", "said"),
    [
        (10, 10, 8, 2, ""),
        (0, 0, 9, 2, "2 infos"),
        (12, 3, 0, 0, "2 errors"),
        (11, 31, 9, 1, "1 error, 21 warnings, 1 info"),
        (1, 0, 1, 12, "1 info"),
    ],
)
def test_github_shows_ten_of_each_weight(
    errors: int, warnings: int, infos: int, notices: int, said: str
) -> None:
    """The gravest come first, as many as a step shows; one annotation tells of the others, in a group."""
    weights = [(Severity.INFO, infos), (Severity.WARNING, warnings), (Severity.ERROR, errors)]
    made = [
        finding(point("a.py", at + 1), f"{severity.value} {at}", severity=severity)
        for severity, count in weights
        for at in range(count)
    ]
    outcome = Tree().outcome(*made, notices=[f"notice {at}" for at in range(notices)])
    lines = github.render(outcome, Look()).splitlines()
    at = lines.index("::group::findings without an annotation") if said else len(lines)
    shown = [command(line) for line in lines[:at]]
    names = [name for name, _, _ in shown]
    assert names == sorted(names, key=["error", "warning", "notice"].index)
    assert all(names.count(each) <= 10 for each in set(names)) or notices > 9
    told = [message for _, _, message in shown if " without an annotation, " in message]
    assert [message.split(" without")[0] for message in told] == ([said] if said else [])
    rest = [command(line)[2] for line in lines[at + 1 : -1]] if said else []
    everything = [*(message for _, _, message in shown if message.startswith("a.py")), *rest]
    said_of = sorted(message.partition(": ")[2].partition("\n")[0] for message in everything)
    assert said_of == sorted(each.message for each in made), "nothing is lost"
    assert not said or lines[-1] == "::endgroup::"
