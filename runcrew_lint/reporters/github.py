"""GitHub's workflow commands: a finding becomes an annotation on the pull request.

Read from "Workflow commands for GitHub Actions" (docs.github.com, 2026-11); what must be escaped, and
how, is in the toolkit's own `command` module. A step shows ten annotations of each weight; the log
has them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runcrew_lint.model.finding import Finding, Severity
from runcrew_lint.reporters.look import Look
from runcrew_lint.reporters.said import notes, where

if TYPE_CHECKING:
    from runcrew_lint.engine.run import Outcome

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(outcome: Outcome, _look: Look) -> str:
    """One command a finding, then one for each notice about the run."""
    commands = [_annotation(finding) for finding in outcome.report.findings]
    commands += [f"::notice title=runcrew-lint::{_data(notice)}" for notice in outcome.report.notices]
    return "".join(f"{command}\n" for command in commands)


def _annotation(finding: Finding) -> str:
    start, end = finding.region.start, finding.region.end
    properties = {"file": finding.path, "line": start.line, "endLine": end.line}
    if start.line == end.line:  # columns are for a place on one line
        properties |= {"col": start.column, "endColumn": end.column}
    properties["title"] = f"{finding.severity.value}[{finding.rule}]"
    said = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {said}::{_data(chr(10).join(_lines(finding)))}"


def _lines(finding: Finding) -> Iterator[str]:
    """The log shows the message alone, so it says where as well."""
    yield f"{where(finding.region)}: {finding.message}"
    for related in finding.related:
        yield f"{where(related.region)}: {related.message}"
    yield from (f"{label}: {text}" for label, text in notes(finding))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
