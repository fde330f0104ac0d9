"""Findings as diagnostics, and what else a run has to say of a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from lsprotocol.types import (
    CodeDescription,
    Diagnostic,
    DiagnosticRelatedInformation,
    DiagnosticSeverity,
    DiagnosticTag,
    Location,
    Position,
    Range,
)

from runcrew_lint.catalogue.address import address
from runcrew_lint.editor.positions import Rulers
from runcrew_lint.model.errors import SetupError
from runcrew_lint.model.finding import Finding, Region, Severity
from runcrew_lint.model.rule import Rule
from runcrew_lint.patterns import lazily

SOURCE = "runcrew-lint"
_SEVERITIES = {
    Severity.ERROR: DiagnosticSeverity.Error,
    Severity.WARNING: DiagnosticSeverity.Warning,
    Severity.INFO: DiagnosticSeverity.Information,
}
# An editor fades what may go, and strikes out what its maker has given up: where a rule says just that.
TAGS = {
    "env-unused": DiagnosticTag.Unnecessary,
    "suppression-unused": DiagnosticTag.Unnecessary,
    "version-obsolete": DiagnosticTag.Unnecessary,
    "command-deprecated": DiagnosticTag.Deprecated,
    "eas-deprecated-key": DiagnosticTag.Deprecated,
    "maintainer-deprecated": DiagnosticTag.Deprecated,
    "runner-deprecated": DiagnosticTag.Deprecated,
}
_WHERE = lazily(r"(?P<path>.+?)(?::(?P<line>\d+):(?P<column>\d+))?\Z", re.DOTALL)

Uris = Callable[[str], str]


def diagnostic(finding: Finding, rules: Mapping[str, Rule], rulers: Rulers, uris: Uris) -> Diagnostic:
    """What an editor shows of a finding.

    Arguments:
        uris: a file's address, by its path.
    """
    href = address(rules[finding.rule]) if finding.rule in rules else ""
    return Diagnostic(
        range=range_of(finding.region, rulers),
        message=f"{finding.message}\n{finding.help}",
        severity=_SEVERITIES[finding.severity],
        code=finding.rule,
        code_description=CodeDescription(href) if href else None,
        source=SOURCE,
        tags=[TAGS[finding.rule]] if finding.rule in TAGS else None,
        related_information=[
            DiagnosticRelatedInformation(
                Location(uris(each.region.path), range_of(each.region, rulers)), each.message
            )
            for each in finding.related
            if "@" not in each.region.path  # a file as a commit left it
        ]
        or None,
    )


def range_of(region: Region, rulers: Rulers) -> Range:
    """A region of a report."""
    ruler = rulers(region.path)
    return Range(ruler.at(region.start), ruler.at(region.end))


def mistake(error: SetupError, root: Path) -> tuple[str, Diagnostic] | None:
    """The file of the set-up that is wrong, by its path, and where; None where the error names none."""
    found = _WHERE.match(error.where)
    if not found or not (root / found["path"]).is_file():
        return None
    line, column = int(found["line"] or 1) - 1, int(found["column"] or 1) - 1
    said = f"{error.what}\n{error.help}" if error.help else error.what
    place = Range(Position(line, column), Position(line + 1, 0))
    return found["path"], Diagnostic(
        range=place, message=said, severity=DiagnosticSeverity.Error, source=SOURCE
    )


def overlapping(
    shown: Iterable[tuple[Finding, Diagnostic]], asked: Range
) -> Iterator[tuple[Finding, Diagnostic]]:
    """What a selection, or the cursor, touches."""
    for finding, made in shown:
        if _key(made.range.start) <= _key(asked.end) and _key(asked.start) <= _key(made.range.end):
            yield finding, made


def _key(position: Position) -> tuple[int, int]:
    return position.line, position.character
