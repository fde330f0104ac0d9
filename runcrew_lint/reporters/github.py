"""GitHub's workflow commands: a finding becomes an annotation on the pull request.

Read from "Workflow commands for GitHub Actions" (docs.github.com, 2026-11); what must be escaped, and
how, is in the toolkit's own `command` module. Of a step GitHub shows the first ten annotations of each
weight, of a job the first fifty (actions/toolkit, docs/problem-matchers.md, "Limitations"): so the gravest
come first, one says how many are not shown, and those stand in a group of the log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from runcrew_lint.model.finding import Finding, Severity
from runcrew_lint.reporters.look import Look, visible_lines
from runcrew_lint.reporters.said import notes, where

if TYPE_CHECKING:
    from runcrew_lint.engine.run import Outcome

MOST = 10  # annotations of one weight that a step shows
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(outcome: Outcome, _look: Look) -> str:
    """One command a finding, the gravest first, and one for each notice about the run."""
    report = outcome.report
    found = {weight: [each for each in report.findings if each.severity is weight] for weight in _COMMANDS}
    room = dict.fromkeys(_COMMANDS, MOST) | {Severity.INFO: max(MOST - len(report.notices), 0)}
    notices, rest = list(report.notices), list[Finding]()
    if any(len(of) > room[weight] for weight, of in found.items()):
        room[Severity.INFO] = max(room[Severity.INFO] - 1, 0)
        rest = [each for weight, of in found.items() for each in of[room[weight] :]]
        notices.insert(0, _left_out(rest))
    lines = [_annotation(each) for weight, of in found.items() for each in of[: room[weight]]]
    lines += [f"::notice title=runcrew-lint::{_data(notice)}" for notice in notices]
    if rest:
        lines += ["::group::findings without an annotation", *map(_annotation, rest), "::endgroup::"]
    return "".join(f"{line}\n" for line in lines)


def _left_out(rest: Sequence[Finding]) -> str:
    """What is not shown, and where it is."""
    counts = Counter(each.severity.value for each in rest)
    said = ", ".join(f"{count:,} {weight}{'' if count == 1 else 's'}" for weight, count in counts.items())
    return (
        f"{said} without an annotation, since GitHub shows {MOST} of each weight: the end of this "
        "step's log has them all, the job's summary the gravest"
    )


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
    return visible_lines(text).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
