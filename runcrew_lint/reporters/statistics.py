"""How often each rule speaks: for `--statistics`, no format of its own."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from runcrew_lint.model.finding import Severity
from runcrew_lint.reporters.look import Look
from runcrew_lint.reporters.text import summary

if TYPE_CHECKING:
    from runcrew_lint.engine.run import Outcome


def render(outcome: Outcome, look: Look) -> str:
    """One line a rule and severity, the commonest first, `*` where a fix is at hand; then the summary."""
    report = outcome.report
    counts = Counter((each.rule, each.severity) for each in report.findings)
    mended = {each.rule for each in report.findings if each.offered}
    width = max((len(f"{count:,}") for count in counts.values()), default=1)
    lines = [
        f"{count:>{width},} {look.paint(f'{severity.value}[{rule}]', severity.value)}"
        f"{' *' if rule in mended else ''}{_summary(outcome, rule)}"
        for (rule, severity), count in sorted(counts.items(), key=_order)
    ]
    return "\n".join([*lines, *([""] if lines else []), summary(report, look)]) + "\n"


def _order(counted: tuple[tuple[str, Severity], int]) -> tuple[int, int, str]:
    (rule, severity), count = counted
    return -count, -severity.weight, rule


def _summary(outcome: Outcome, rule: str) -> str:
    return f": {outcome.rules[rule].summary}" if rule in outcome.rules else ""
