"""Markdown as GitHub shows it: a comment, a wiki page, the summary of a job.

Nothing of a repository is obeyed: what a name or message holds of Markdown and HTML is escaped (GitHub
Flavored Markdown, sections 2.4, 6.1 and 6.6).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from runcrew_lint.model.finding import Finding, Severity
from runcrew_lint.model.report import Report
from runcrew_lint.patterns import lazily
from runcrew_lint.reporters.look import Look, unheard, visible
from runcrew_lint.reporters.said import FLAGS
from runcrew_lint.reporters.text import summary

if TYPE_CHECKING:
    from runcrew_lint.engine.run import Outcome

MOST = 200  # findings that are shown; GitHub cuts a summary at 1 MiB
# An underscore within a word is one (GFM, 6.4).
_SPECIAL = lazily(r"([\\`*\[\]<>#!|~&@:]|(?<![^\W_])_|_(?![^\W_]))")
_TITLES = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings", Severity.INFO: "Told"}


def render(outcome: Outcome, _look: Look) -> str:
    """The findings in a table a severity, the gravest first, then the notices; the summary heads it."""
    return "\n\n".join(blocks(outcome.report)) + "\n"


def blocks(report: Report) -> list[str]:
    """The parts of the report, each without its last line end."""
    shown = 0
    parts = [prose(summary(report, Look()))]
    for severity, title in _TITLES.items():
        found = [each for each in report.findings if each.severity is severity]
        rows = [_row(each) for each in found[: max(MOST - shown, 0)]]
        shown += len(rows)
        if rows:
            head = [f"### {title} ({len(found):,})", "", "| where | rule | what |", "| --- | --- | --- |"]
            parts.append("\n".join([*head, *rows]))
        if len(found) > len(rows):
            parts.append(f"and {len(found) - len(rows):,} more")
    if report.notices:
        parts.append("\n".join(f"- {prose(each)}" for each in report.notices))
    return parts


def _row(finding: Finding) -> str:
    what = [prose(finding.message), prose(finding.help)]
    if finding.offered:
        what.append(f"`{FLAGS[finding.offered.safety]}`: {prose(finding.offered.title)}")
    place = f"{finding.path}:{finding.line}"
    return f"| {code(place)} | {code(finding.rule)} | {'<br>'.join(what)} |"


def escaped(text: str) -> str:
    """Text that stands for itself, on one line, in a table, too."""
    return _SPECIAL.sub(r"\\\1", visible(text))


def prose(text: str) -> str:
    """A sentence of ours: what stands between two backticks is code, the rest stands for itself."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a name holds one
        return escaped(text)
    return "".join(code(part) if index % 2 and part else escaped(part) for index, part in enumerate(parts))


def code(text: str) -> str:
    """Text in a code span, whatever backticks it holds; a bar would end a table's cell."""
    shown = unheard(visible(text)).replace("|", "\\|")
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"
