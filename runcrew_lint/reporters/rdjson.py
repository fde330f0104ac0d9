"""reviewdog's diagnostic format, `reviewdog -f=rdjson`.

Read from proto/rdf/reviewdog.proto (github.com/reviewdog/reviewdog, 2026-11): columns are UTF-8 bytes from 1,
and the end of a range is the byte behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runcrew_lint.model.finding import Finding, Region, Severity
from runcrew_lint.model.mend import Edit
from runcrew_lint.reporters.document import document
from runcrew_lint.reporters.look import Look
from runcrew_lint.reporters.said import notes
from runcrew_lint.text import Position, Source

if TYPE_CHECKING:
    from runcrew_lint.engine.run import Outcome

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}


def render(outcome: Outcome, _look: Look) -> str:
    """The report as one JSON document, ending in a newline."""
    found = [_diagnostic(finding, outcome) for finding in outcome.report.findings]
    return document({"source": {"name": "runcrew-lint"}, "diagnostics": found}, ascii_only=True)


def _diagnostic(finding: Finding, outcome: Outcome) -> dict[str, Any]:
    said = [finding.message, *(f"{label}: {text}" for label, text in notes(finding))]
    told: dict[str, Any] = {
        "message": "\n".join(said),
        "location": _location(finding.region, outcome),
        "severity": _SEVERITIES.get(finding.severity, "UNKNOWN_SEVERITY"),
        "code": {"value": finding.rule},
    }
    if finding.related:
        told["related_locations"] = [
            {"message": each.message, "location": _location(each.region, outcome)} for each in finding.related
        ]
    suggestions = _suggestions(finding, outcome)
    if suggestions:
        told["suggestions"] = suggestions
    return told


def _suggestions(finding: Finding, outcome: Outcome) -> list[dict[str, Any]]:
    """What the fix writes, where it is one edit of the finding's own file: each suggestion is taken alone."""
    fix, source = finding.fix, outcome.sources(finding.path)
    if fix is None or source is None or len(fix.edits) != 1 or fix.paths != {finding.path}:
        return []
    if outcome.sources.bares(fix):
        return []
    (edit,) = fix.edits
    return [{"range": _edited(edit, source), "text": edit.text}]


def _edited(edit: Edit, source: Source) -> dict[str, Any]:
    return _range(source.position(edit.span.start), source.position(edit.span.end), source)


def _location(region: Region, outcome: Outcome) -> dict[str, Any]:
    return {"path": region.path, "range": _range(region.start, region.end, outcome.sources(region.path))}


def _range(start: Position, end: Position, source: Source | None) -> dict[str, Any]:
    return {"start": _position(start, source), "end": _position(end, source)}


def _position(position: Position, source: Source | None) -> dict[str, int]:
    """A column in bytes; that of characters where the file can't be read."""
    column = position.column
    if source is not None and not source.is_ascii:
        line = source.line(position.line)[: position.column - 1]
        column = len(line.encode(errors="surrogatepass")) + 1
    return {"line": position.line, "column": column}
