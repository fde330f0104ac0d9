"""GitLab's Code Quality report, an artefact of a job (`artifacts:reports:codequality`).

Read from "Code Quality", "Implement a custom tool" (docs.gitlab.com, 2026-11): an array of objects with
description, check_name, fingerprint, location and severity; a file without a byte order mark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from runcrew_lint.model.finding import Severity
from runcrew_lint.reporters.document import document
from runcrew_lint.reporters.identity import identities
from runcrew_lint.reporters.look import Look

if TYPE_CHECKING:
    from runcrew_lint.engine.run import Outcome

_SEVERITIES = {
    Severity.ERROR: "critical",
    Severity.WARNING: "minor",
    Severity.INFO: "info",
    Severity.OFF: "info",
}


def render(outcome: Outcome, _look: Look) -> str:
    """The findings as one JSON array, ending in a newline."""
    findings = outcome.report.findings
    entries = [
        {
            "description": f"{finding.message}; {finding.help}",
            "check_name": finding.rule,
            "fingerprint": identity,
            "severity": _SEVERITIES[finding.severity],
            "location": {
                "path": finding.path,
                "lines": {"begin": finding.line, "end": max(finding.line, finding.region.end.line)},
            },
        }
        for finding, identity in zip(findings, identities(findings, outcome.sources), strict=True)
    ]
    return document(entries, ascii_only=True)
