"""For a person at a terminal: code frames, what is wrong, why it hurts here, what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from runcrew_lint.model.finding import Finding, Severity
from runcrew_lint.model.mend import Safety
from runcrew_lint.model.report import Report
from runcrew_lint.reporters.alike import Alike, alike, own_words
from runcrew_lint.reporters.excerpt import Mark, marks_of
from runcrew_lint.reporters.frame import frame, gutter_of
from runcrew_lint.reporters.look import Look, visible
from runcrew_lint.reporters.said import FLAGS, counted, notes, where
from runcrew_lint.text import Source

if TYPE_CHECKING:
    from runcrew_lint.engine.run import Outcome

FRAMED = 4  # findings beside the first of a group that its frames show
LISTED = 5  # files in which a group goes on that are named


def render(outcome: Outcome, look: Look) -> str:
    """The findings with their frames, a blank line between them, and a summary."""
    findings = outcome.report.findings
    groups = alike(each for each in findings if not each.settled)
    blocks = ["\n".join(_block(each, outcome, look)) for each in groups]
    if folded := [each for each in findings if each.settled]:
        blocks.append("\n".join(_folded(folded, look)))
    told = [f"{look.paint('note', 'info')}: {visible(each)}" for each in outcome.report.notices]
    blocks.append("\n".join([*told, summary(outcome.report, look)]))
    return "\n\n".join(blocks) + "\n"


def _folded(findings: list[Finding], look: Look) -> Iterator[str]:
    """One line, and one more for each severity with its rules, the loudest first."""
    files = counted(len({each.path for each in findings}), "revision")
    found = look.paint(counted(len(findings), "finding"), "strong")
    yield (
        f"{found} in {files} that {visible(findings[0].settled)} has already; "
        "`migrations.after` settles them, `--format concise` lists them"
    )
    for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO):
        rules = Counter(each.rule for each in findings if each.severity is severity)
        if rules:
            told = ", ".join(f"{rule} {many:,}" for rule, many in rules.most_common())
            yield f"  {look.paint(f'{severity.value:<7}', severity.value)}  {told}"


def summary(report: Report, look: Look) -> str:
    """One line: how many findings of each weight, in how many files, how many `--fix` would mend."""
    looked = [
        counted(report.files, "file"),
        counted(report.rules, "rule"),
        f"policy {visible(report.policy)}",
    ]
    promised = report.excused - report.baselined - report.before
    if promised:
        looked.append(f"{promised:,} excused")
    if report.before:
        looked.append(f"{report.before:,} there before")
    if report.baselined:
        looked.append(f"{report.baselined:,} in the baseline")
    about = f"({', '.join(looked)})"
    if not report.findings:
        return f"{look.paint('no findings', 'good')} {about}"
    counts = [
        look.paint(counted(report.count(severity), severity.value), severity.value)
        for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)
        if report.count(severity)
    ]
    files = counted(len({finding.path for finding in report.findings}), "file")
    return f"{', '.join(counts)} in {files} {about}{_mends(report)}"


def _mends(report: Report) -> str:
    fixes = [finding.offered.safety for finding in report.findings if finding.offered]
    counts = [(FLAGS[safety], fixes.count(safety)) for safety in Safety if safety in fixes]
    return "".join(f"; `{flag}` mends {number:,}{' more' * (index > 0)}"
                   for index, (flag, number) in enumerate(counts))  # fmt: skip


def _block(group: Alike, outcome: Outcome, look: Look) -> Iterator[str]:
    finding = group.first
    head = look.paint(f"{finding.severity.value}[{finding.rule}]", finding.severity.value)
    yield f"{head}: {look.paint(visible(finding.message), 'strong')}"
    words = {each.message for each in (finding, *group.beside)}
    telling = (*group.beside, *(each for each in group.elsewhere if each.message not in words))
    framed = [each for each in telling if each.region.start.line == each.region.end.line][:FRAMED]
    files = _marks(finding, framed)
    sources = {path: _shown(outcome.sources(path)) for path in files}
    gutter = max(
        gutter_of(source, marks) if source else len(str(marks[0].region.start.line))
        for source, marks in ((sources[path], marks) for path, marks in files.items())
    )
    for path, marks in files.items():
        source, arrow = sources[path], "-->" if path == finding.path else ":::"
        said = f": {visible(marks[0].label)}" if source is None and marks[0].label else ""
        yield f"{' ' * gutter}{look.paint(arrow, 'dim')} {visible(where(marks[0].region))}{said}"
        if source:
            yield from frame(source, marks, gutter, look)
    told: dict[str, dict[str, None]] = {}
    for label, text in (note for each in (finding, *framed) for note in notes(each)):
        told.setdefault(label, {})[text] = None
    if also := [each for each in (*group.beside, *group.elsewhere) if each not in framed]:
        told["also"] = {_also(also): None}
    for label, texts in told.items():
        edge, tail = look.paint(f"{' ' * gutter} =", "dim"), look.paint(f"{visible(label)}:", "strong")
        yield from (f"{edge} {tail} {visible(text)}" for text in texts)


def _marks(first: Finding, framed: list[Finding]) -> dict[str, list[Mark]]:
    """The marks of a group by their file; under each of the others stands what it says otherwise."""
    files = marks_of(first)
    for each in framed:
        for path, marks in marks_of(each).items():
            if path == each.path:
                marks[0] = marks[0]._replace(label=own_words(each.message, first.message))
            there = files.setdefault(path, [])
            there += [mark for mark in marks if mark not in there]
    return files


def _also(findings: list[Finding]) -> str:
    """Where the rest of a group is: each file once, with its lines."""
    lines: dict[str, dict[int, None]] = {}
    for each in findings:
        lines.setdefault(each.path, {})[each.line] = None
    shown = [f"{path}:{', '.join(map(str, there))}" for path, there in list(lines.items())[:LISTED]]
    more = [f"{counted(len(lines) - LISTED, 'file')} more"] if len(lines) > LISTED else []
    return "; ".join([*shown, *more])


def _shown(source: Source | None) -> Source | None:
    """An empty file has nothing to frame."""
    return source if source and source.text.strip() else None
