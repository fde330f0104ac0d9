"""SARIF 2.1.0 (OASIS, errata 01), as code scanning services read it.

Only rules that have results are described. Nothing of a file's text is in it but what a fix inserts; one that
inserts a secret of its file is left out.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from runcrew_lint import __version__
from runcrew_lint.catalogue.page import page
from runcrew_lint.catalogue.words import words_of
from runcrew_lint.model.finding import Finding, Region, Severity
from runcrew_lint.model.mend import Fix
from runcrew_lint.model.rule import Rule
from runcrew_lint.reporters.document import document
from runcrew_lint.reporters.identity import identities
from runcrew_lint.reporters.look import Look
from runcrew_lint.text import Position

if TYPE_CHECKING:
    from runcrew_lint.engine.run import Outcome
    from runcrew_lint.engine.veil import Veil

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
FINGERPRINT = "runcrewLintFinding/v1"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note", Severity.OFF: "none"}


def render(outcome: Outcome, _look: Look) -> str:
    """The report as one SARIF log, ending in a newline."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(outcome)]}
    return document(log)


def _run(outcome: Outcome) -> dict[str, Any]:
    report = outcome.report
    names = sorted({finding.rule for finding in report.findings})
    index = {name: number for number, name in enumerate(names)}
    prints = identities(report.findings, outcome.sources)
    return {
        "tool": {
            "driver": {
                "name": "runcrew-lint",
                "semanticVersion": __version__,
                "rules": [_rule(name, outcome.rules) for name in names],
            }
        },
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "note", "message": {"text": notice}} for notice in report.notices
                ],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"uri": _folder_uri(report.root)}},
        "results": [
            _result(finding, index[finding.rule], fingerprint, outcome.sources)
            for finding, fingerprint in zip(report.findings, prints, strict=True)
        ],
        "properties": {"policy": report.policy, "files": report.files, "rules": report.rules},
    }


def _rule(name: str, rules: Mapping[str, Rule]) -> dict[str, Any]:
    rule = rules.get(name)
    if rule is None:
        return {"id": name}
    return {
        "id": name,
        "name": name.title().replace("-", ""),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": " ".join(words_of(rule)["why"].split())},
        "help": {"text": rule.remedy, "markdown": page(rule)},
        "defaultConfiguration": {
            "enabled": rule.severity is not Severity.OFF,
            "level": _LEVELS[rule.severity if rule.severity is not Severity.OFF else Severity.WARNING],
        },
        "properties": {"tags": [rule.family, rule.mark.value]},
    }


def _result(finding: Finding, index: int, fingerprint: str, sources: Veil) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}; {finding.help}"},
        "locations": [{"physicalLocation": _physical(finding.region)}],
        "partialFingerprints": {FINGERPRINT: fingerprint},
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _physical(related.region),
                "message": {"text": related.message},
            }
            for number, related in enumerate(finding.related, 1)
        ]
    if finding.notes:
        result["properties"] = {"notes": [f"{note.label}: {note.text}" for note in finding.notes]}
    fix = _fix(finding.fix, sources) if finding.fix else None
    if fix:
        result["fixes"] = [fix]
    return result


def _physical(region: Region) -> dict[str, Any]:
    return {"artifactLocation": _artifact(region.path), "region": _region(region)}


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote(os.fsencode(path)), "uriBaseId": ROOT}


def _folder_uri(root: str) -> str:
    """A base must end in a slash: what is relative to it goes behind."""
    return Path(root).resolve().as_uri().rstrip("/") + "/"


def _region(region: Region) -> dict[str, int]:
    return {
        "startLine": region.start.line,
        "startColumn": region.start.column,
        "endLine": region.end.line,
        "endColumn": region.end.column,
    }


def _fix(fix: Fix, sources: Veil) -> dict[str, Any] | None:
    """The fix as replacements; None where it has none, would tell a secret, or a file can't be read."""
    if sources.bares(fix):
        return None
    changes = []
    for path in sorted({edit.path for edit in fix.edits}):
        source = sources(path)
        if source is None:
            return None
        replacements = [
            {
                "deletedRegion": _region(
                    Region(path, source.position(edit.span.start), source.position(edit.span.end))
                ),
                "insertedContent": {"text": edit.text},
            }
            for edit in sorted(fix.edits, key=lambda edit: edit.span)
            if edit.path == path
        ]
        changes.append({"artifactLocation": _artifact(path), "replacements": replacements})
    for new in fix.creates:
        nothing = _region(Region(new.path, Position(1, 1), Position(1, 1)))
        whole = {"deletedRegion": nothing, "insertedContent": {"text": new.text}}
        changes.append({"artifactLocation": _artifact(new.path), "replacements": [whole]})
    if not changes:
        return None
    return {
        "description": {"text": fix.title},
        "artifactChanges": changes,
        "properties": {"safety": fix.safety.value},
    }
