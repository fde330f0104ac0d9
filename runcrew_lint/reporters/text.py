"""For a person at a terminal: code frames, what is wrong, why it hurts here, what to do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import chain

from runcrew_lint.model.finding import Finding, Region, Severity
from runcrew_lint.model.mend import Safety
from runcrew_lint.model.report import Report
from runcrew_lint.text import Source

Sources = Callable[[str], Source | None]
Paint = Callable[[str, str], str]  # text and a style name to the text as the terminal shows it

MAX_LINES = 6  # of a frame; a longer finding shows its first lines
MAX_WIDTH = 160  # of a line in a frame; minified files have longer ones
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain(text: str, _style: str) -> str:
    """No colour."""
    return text


def render(report: Report, sources: Sources, paint: Paint = plain) -> str:
    """The findings with their frames, a blank line between them, and a summary line."""
    blocks = ["\n".join(_block(finding, sources, paint)) for finding in report.findings]
    blocks.append(
        "\n".join(chain((f"note: {notice}" for notice in report.notices), [summary(report, paint)]))
    )
    return "\n\n".join(blocks) + "\n"


def summary(report: Report, paint: Paint = plain) -> str:
    """One line: how many findings of each weight, in how many files, how many `--fix` would mend."""
    looked = f"{_count(report.files, 'file')}, {_count(report.rules, 'rule')}, policy {report.policy}"
    if not report.findings:
        return f"{paint('no findings', 'good')} ({looked})"
    counts = [
        paint(_count(report.count(severity), severity.value), severity.value)
        for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)
        if report.count(severity)
    ]
    safe = sum(finding.fix is not None and finding.fix.safety is Safety.SAFE for finding in report.findings)
    mends = f"; `--fix` mends {safe}" if safe else ""
    return (
        f"{', '.join(counts)} in {_count(len({f.path for f in report.findings}), 'file')} ({looked}){mends}"
    )


def _count(number: int, word: str) -> str:
    plural = word if word == "info" or number == 1 else f"{word}s"
    return f"{number:,} {plural}"


def _block(finding: Finding, sources: Sources, paint: Paint) -> Iterator[str]:
    head = paint(f"{finding.severity.value}[{finding.rule}]", finding.severity.value)
    yield f"{head}: {paint(visible(finding.message), 'strong')}"
    lines = [finding.region, *(related.region for related in finding.related)]
    gutter = len(str(max(region.start.line + MAX_LINES for region in lines)))
    yield from _frame(finding.region, "^", "", gutter, finding.severity.value, sources, paint)
    for related in finding.related:
        yield from _frame(related.region, "-", related.message, gutter, "dim", sources, paint)
    edge = " " * gutter + " " + paint("=", "dim")
    for note in finding.notes:
        yield f"{edge} {paint(note.label + ':', 'strong')} {visible(note.text)}"
    yield f"{edge} {paint('help:', 'strong')} {visible(finding.help)}"
    if finding.fix:
        flag = "--fix" if finding.fix.safety is Safety.SAFE else "--unsafe-fixes"
        yield (
            f"{edge} {paint('fix:', 'strong')} `{flag}` {visible(finding.fix.title)}"
            f" ({finding.fix.safety.value})"
        )


def _frame(
    region: Region, mark: str, label: str, gutter: int, style: str, sources: Sources, paint: Paint
) -> Iterator[str]:
    blank, bar = " " * gutter, paint("|", "dim")
    where = f"{visible(region.path)}:{region.start.line}:{region.start.column}"
    said = f": {visible(label)}" if label else ""
    yield f"{blank}{paint('-->', 'dim')} {where}{said}"
    source = sources(region.path)
    if source is None or not source.text:
        return
    yield f"{blank} {bar}"
    last = region.end.line if region.end.column > 1 else max(region.end.line - 1, region.start.line)
    for number in range(region.start.line, min(last, region.start.line + MAX_LINES - 1) + 1):
        line = source.line(number)
        start = region.start.column - 1 if number == region.start.line else len(line) - len(line.lstrip())
        end = region.end.column - 1 if number == region.end.line else len(line.rstrip())
        left = max(0, start - MAX_WIDTH // 2) if len(line) > MAX_WIDTH else 0
        shown, width = line[left : left + MAX_WIDTH], max(end, start + 1)
        yield f"{paint(str(number).rjust(gutter), 'dim')} {bar} {visible(shown)}".rstrip()
        under = _columns(line[start : min(width, left + MAX_WIDTH)]) or 1
        yield f"{blank} {bar} {' ' * _columns(line[left:start])}{paint(mark * under, style)}"
    if last >= region.start.line + MAX_LINES:
        yield f"{blank} {bar} ... {_count(last - region.start.line - MAX_LINES + 1, 'line')} more"


def visible(text: str) -> str:
    """Text that a terminal shows and does not obey: controls and direction marks are written out."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text.replace("\t", "    "))


def _columns(text: str) -> int:
    """How many terminal columns a text takes: Hangul and other wide characters take two."""
    if text.isascii() and "\t" not in text:
        return len(visible(text))
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    combining = sum(unicodedata.combining(character) > 0 for character in text)
    return len(visible(text)) + wide - combining
