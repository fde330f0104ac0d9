"""One line a finding, as editors and `grep` read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runcrew_lint.model.finding import Finding
from runcrew_lint.reporters.look import Look, visible
from runcrew_lint.reporters.said import where

if TYPE_CHECKING:
    from runcrew_lint.engine.run import Outcome


def render(outcome: Outcome, look: Look) -> str:
    """`path:line:column: severity[rule] message` for each finding; nothing where there is none."""
    return "".join(f"{_line(finding, look)}\n" for finding in outcome.report.findings)


def _line(finding: Finding, look: Look) -> str:
    head = look.paint(f"{finding.severity.value}[{finding.rule}]", finding.severity.value)
    # A file's own name never reads as a command to the log it is printed in (`::set-output ...`).
    home = "./" if finding.path.startswith("::") else ""
    return f"{home}{visible(where(finding.region))}: {head} {visible(finding.message)}"
