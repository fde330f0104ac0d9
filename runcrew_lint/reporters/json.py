"""The published contract: schemas/report.schema.json."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runcrew_lint.model.finding import Finding, Region, Severity
from runcrew_lint.model.report import Report
from runcrew_lint.reporters.document import document
from runcrew_lint.reporters.look import Look

if TYPE_CHECKING:
    from runcrew_lint.engine.run import Outcome

VERSION = 1


def render(outcome: Outcome, _look: Look) -> str:
    """The report as one JSON document, ending in a newline."""
    return document(as_data(outcome.report))


def as_data(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    counted = (Severity.ERROR, Severity.WARNING, Severity.INFO)
    return {
        "version": VERSION,
        "findings": [_finding(finding) for finding in report.findings],
        "summary": {
            **{severity.value: report.count(severity) for severity in counted},
            "excused": report.excused,
            "files": report.files,
            "rules": report.rules,
            "policy": report.policy,
            "notices": list(report.notices),
        },
    }


def _finding(finding: Finding) -> dict[str, Any]:
    fix = finding.fix
    return {
        "rule": finding.rule,
        "family": finding.family,
        "severity": finding.severity.value,
        "message": finding.message,
        "help": finding.help,
        **_region(finding.region),
        "related": [{**_region(each.region), "message": each.message} for each in finding.related],
        "notes": [{"label": note.label, "text": note.text} for note in finding.notes],
        "fix": {"title": fix.title, "safety": fix.safety.value} if fix else None,
    }


def _region(region: Region) -> dict[str, Any]:
    return {
        "path": region.path,
        "line": region.start.line,
        "column": region.start.column,
        "end_line": region.end.line,
        "end_column": region.end.column,
    }
