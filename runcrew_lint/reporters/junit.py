"""JUnit's XML, as CI servers show it: a file is a suite, a finding a case that failed.

Read from the forms that Jenkins, GitLab and Azure take (testmoapp/junitxml, 2026-11). What XML 1.0 has no
character for is written out.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from runcrew_lint.model.finding import Finding
from runcrew_lint.patterns import lazily
from runcrew_lint.reporters.document import markup
from runcrew_lint.reporters.look import Look
from runcrew_lint.reporters.said import notes, where

if TYPE_CHECKING:
    from runcrew_lint.engine.run import Outcome

# XML 1.0, section 2.2: no other characters are in a document.
_NO_XML = lazily("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# A server takes a report without cases for a job that did not run.
_CLEAN = """\
  <testsuite name="runcrew-lint" tests="1" failures="0">
    <testcase classname="runcrew-lint" name="no findings"/>
  </testsuite>"""


def render(outcome: Outcome, _look: Look) -> str:
    """The report as one XML document, ending in a newline."""
    findings = outcome.report.findings
    suites = [_suite(path, list(found)) for path, found in groupby(findings, key=lambda each: each.path)]
    if not suites:
        suites = [_CLEAN]
    count = len(findings)
    head = f'<testsuites name="runcrew-lint" tests="{max(count, 1)}" failures="{count}">'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>\n"]
    return markup("\n".join(lines))


def _suite(path: str, findings: list[Finding]) -> str:
    count = len(findings)
    lines = [f'  <testsuite name={_attribute(path)} tests="{count}" failures="{count}">']
    lines += [_case(finding) for finding in findings]
    return "\n".join([*lines, "  </testsuite>"])


def _case(finding: Finding) -> str:
    place = f"{finding.rule} at {finding.line}:{finding.region.start.column}"
    said = [where(finding.region), *(f"{where(each.region)}: {each.message}" for each in finding.related)]
    said += [f"{label}: {text}" for label, text in notes(finding)]
    attributes = f'classname={_attribute(finding.path)} file={_attribute(finding.path)} line="{finding.line}"'
    return (
        f"    <testcase name={_attribute(place)} {attributes}>\n"
        f"      <failure type={_attribute(f'{finding.severity.value}[{finding.rule}]')}"
        f" message={_attribute(finding.message)}>{_text(chr(10).join(said))}</failure>\n"
        "    </testcase>"
    )


def _attribute(text: str) -> str:
    return quoteattr(_written(text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _text(text: str) -> str:
    return escape(_written(text), {"\r": "&#13;"})


def _written(text: str) -> str:
    return _NO_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
