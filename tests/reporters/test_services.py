"""The formats that services read: each held to what its reader takes, and to a reader where there is one."""

from __future__ import annotations

import json
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from runcrew_lint.engine.run import Outcome
from runcrew_lint.model.finding import Region, Severity
from runcrew_lint.model.mend import Safety
from runcrew_lint.reporters import gitlab, junit, markdown, rdjson
from runcrew_lint.reporters.look import unheard, visible
from runcrew_lint.reporters.markdown import MOST, code, escaped, prose
from runcrew_lint.text import Position
from tests.components.component import absent
from tests.reporters.cases import CASES, LOOK
from tests.reporters.made import Tree, finding, fix
from tests.reporters.test_formats import ANY_TEXT

# docs.gitlab.com, "Code Quality": what a report must hold. GitLab's own schema of it asks for less:
# description, fingerprint, severity, location (gitlabhq, app/validators/json_schemas/codeclimate.json, 2026).
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 8},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "additionalProperties": False,
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./|/)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
# reviewdog.proto, as JSON has it: nothing that it does not name.
_POSITION = {
    "type": "object",
    "additionalProperties": False,
    "properties": {each: {"type": "integer", "minimum": 1} for each in ("line", "column")},
}
_RANGE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["start"],
    "properties": {"start": _POSITION, "end": _POSITION},
}
_LOCATION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["path"],
    "properties": {"path": {"type": "string"}, "range": _RANGE},
}
_PLACED = {
    "properties": {"message": {"type": "string"}, "location": _LOCATION},
    "additionalProperties": False,
}
_SUGGESTED = {"properties": {"range": _RANGE, "text": {"type": "string"}}, "additionalProperties": False}
RDJSON = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "source": {"type": "object", "required": ["name"]},
        "diagnostics": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["message", "location"],
                "properties": {
                    "message": {"type": "string"},
                    "location": _LOCATION,
                    "severity": {"enum": ["UNKNOWN_SEVERITY", "ERROR", "WARNING", "INFO"]},
                    "code": {"type": "object", "properties": {"value": {"type": "string"}}},
                    "suggestions": {"type": "array", "items": _SUGGESTED},
                    "related_locations": {"type": "array", "items": _PLACED},
                },
            },
        },
    },
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_gitlab_and_reviewdog_take_it(case: Callable[[], Outcome]) -> None:
    for reporter, schema in ((gitlab, GITLAB), (rdjson, RDJSON)):
        data = json.loads(reporter.render(case(), LOOK))
        assert [error.message for error in Draft7Validator(schema).iter_errors(data)] == []
        assert data or reporter is gitlab


def test_a_validator_of_reviewdogs_format_takes_it(node: Path, rdformat: Path) -> None:
    program = """
        const { RDFormatValidator } = require("@umbrelladocs/rdformat-validator");
        const validator = new RDFormatValidator({ strictMode: true, allowExtraFields: false });
        const reports = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
        console.log(JSON.stringify(reports.map((each) => validator.validateObject(each).errors)));
    """
    reports = [json.loads(rdjson.render(case(), LOOK)) for case in CASES]
    broken = {"source": {"name": "x"}, "diagnostics": [{"message": "m", "location": {"line": 1}}]}
    ran = subprocess.run(
        [node, "-e", program],
        input=json.dumps([*reports, broken]),
        env={"NODE_PATH": str(rdformat)},
        capture_output=True,
        text=True,
        check=True,
    )
    *told, wrong = json.loads(ran.stdout)
    assert told == [[] for _ in CASES]
    assert wrong


def test_gitlab_tells_findings_of_a_line_apart() -> None:
    tree = Tree.of({"a.py": "x = 1\n"})
    twice = [finding(tree.region("a.py", "x")), finding(tree.region("a.py", "1"), severity=Severity.INFO)]
    told = json.loads(gitlab.render(tree.outcome(*twice), LOOK))
    assert len({each["fingerprint"] for each in told}) == 2
    assert [each["severity"] for each in told] == ["critical", "info"]
    moved = Tree.of({"a.py": "\n\nx = 1\n"})
    again = json.loads(gitlab.render(moved.outcome(finding(moved.region("a.py", "x"))), LOOK))
    assert again[0]["fingerprint"] == told[0]["fingerprint"] and again[0]["location"]["lines"]["begin"] == 3


def test_reviewdog_counts_bytes() -> None:
    """As in its own example: behind a letter of four bytes comes the sixth."""
    tree = Tree.of({"a.py": "a\N{DESERET CAPITAL LETTER LONG I}b = 1\nc\n"})
    made = fix(tree.edit("a.py", "b", "bb"), safety=Safety.SAFE)
    (told,) = json.loads(rdjson.render(tree.outcome(finding(tree.region("a.py", "b"), fix=made)), LOOK))[
        "diagnostics"
    ]
    place = {"start": {"line": 1, "column": 6}, "end": {"line": 1, "column": 7}}
    assert told["location"] == {"path": "a.py", "range": place}
    assert told["suggestions"] == [{"range": place, "text": "bb"}]
    both = fix(tree.edit("a.py", "b", "bb"), tree.edit("a.py", "c", "cc"), safety=Safety.SAFE)
    (whole,) = json.loads(rdjson.render(tree.outcome(finding(tree.region("a.py", "b"), fix=both)), LOOK))[
        "diagnostics"
    ]
    assert "suggestions" not in whole, "half of a fix is none"


def junit_of(outcome: Outcome) -> ET.Element:
    return ET.fromstring(junit.render(outcome, LOOK).encode(errors="backslashreplace"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_junit_is_read_by_a_reader_of_it(case: Callable[[], Outcome], tmp_path: Path) -> None:
    try:
        import junitparser
    except ImportError:
        absent("junitparser", "it is not installed")
    file = tmp_path / "junit.xml"
    file.write_text(junit.render(case(), LOOK), encoding="utf-8")
    suites: Any = junitparser.JUnitXml.fromfile(str(file))
    found = case().report.findings
    cases = [each for suite in suites for each in suite]
    assert len(cases) == max(len(found), 1) == suites.tests
    assert sum(suite.failures for suite in suites) == len(found) == suites.failures
    said = [(each.result[0].message, each.result[0].type) for each in cases if each.result]
    assert [kind for _, kind in said] == [f"{each.severity.value}[{each.rule}]" for each in found]


@given(ANY_TEXT)
def test_junit_says_what_was_said(text: str) -> None:
    tree = Tree.of({"a.py": "x\n"})
    root = junit_of(tree.outcome(finding(tree.region("a.py", "x"), text)))
    (failure,) = root.iter("failure")
    wanted = "".join(each if each in "\t\n\r" or each >= " " else f"\\u{ord(each):04x}" for each in text)
    wanted = re.sub("[\ufffe\uffff]", lambda found: f"\\u{ord(found[0]):04x}", wanted)
    assert failure.attrib["message"] == wanted


HOSTILE = [
    "a|b",
    "<img src=x>",
    "[x](http://y)",
    "*a* _b_ `c`",
    "a\nb",
    "# t",
    "@octocat",
    "http://x.y",
    "\x1b[31m",
    "&lt;b&gt; &#42; ~~gone~~ \\*",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_obeys_nothing(text: str) -> None:
    tree = Tree.of({"a.py": "x\n"})
    told = markdown.render(tree.outcome(finding(tree.region("a.py", "x"), text)), LOOK)
    (row,) = [line for line in told.splitlines() if "some-rule" in line]
    assert len(re.findall(r"(?<!\\)\|", row)) == 4
    assert not re.search(r"(?<!\\)[<@\[*_#]", escaped(text))
    assert "\x1b" not in told
    assert row.endswith(f"| {prose(text)}<br>do it otherwise |")


class Shown(HTMLParser):
    """What GitHub shows of Markdown: the tags, and the text of each cell."""

    def __init__(self, markdown_text: str) -> None:
        super().__init__()
        try:
            parser: Any = import_module("cmarkgfm")
        except ImportError:
            absent("cmarkgfm", "it is not installed")
        self.tags: set[str] = set()
        self.cells: list[str] = []
        self._in_cell = False
        self.feed(
            parser.github_flavored_markdown_to_html(markdown_text, parser.cmark.Options.CMARK_OPT_UNSAFE)
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "td":
            self.cells.append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.cells[-1] += data


@given(ANY_TEXT | st.sampled_from(HOSTILE), ANY_TEXT | st.sampled_from(HOSTILE))
def test_githubs_parser_reads_what_was_said(message: str, path: str) -> None:
    message, path = message.replace("`", "'"), path.replace("/", "_").replace("\0", "_")
    told = finding(Region(path, Position(1, 1), Position(1, 1)), message, help=message)
    shown = Shown(markdown.render(Tree.of({}).outcome(told), LOOK))
    where, rule, what = shown.cells
    assert (" ".join(where.split()), rule) == (" ".join(unheard(f"{visible(path)}:1").split()), "some-rule")
    assert " ".join(what.split()) == " ".join((visible(message) * 2).split())
    assert shown.tags <= {"p", "h3", "table", "thead", "tbody", "tr", "th", "td", "code", "br"}


@pytest.mark.parametrize(
    ("text", "shown"), [("a", "`a`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), ("a|b", r"`a\|b`")]
)
def test_a_code_span_holds_its_text(text: str, shown: str) -> None:
    assert code(text) == shown


def test_markdown_is_bounded_and_grave_first() -> None:
    tree = Tree.of({"a.py": "x\n"})
    many = [
        finding(tree.region("a.py", "x"), f"n{number}", severity=Severity.WARNING)
        for number in range(MOST + 5)
    ]
    grave = finding(tree.region("a.py", "x"), "grave")
    told = markdown.render(tree.outcome(*many, grave, notices=["by a * policy"]), LOOK)
    assert told.index("grave") < told.index("n0")
    assert f"and {6:,} more" in told and told.count("`some-rule`") == MOST
    assert told.endswith("- by a \\* policy\n")


def test_what_stands_between_backticks_is_code_unless_a_name_holds_one() -> None:
    assert prose("run `make *` now") == "run `make *` now"
    assert prose("a` run `make *` now") == r"a\` run \`make \*\` now"
