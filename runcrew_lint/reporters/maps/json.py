"""The map as JSON: one object a way from a ref to what it reaches."""

from __future__ import annotations

from runcrew_lint.reporters.document import document
from runcrew_lint.reporters.maps.chart import Chart


def render(chart: Chart) -> str:
    """`ways` are the rows of the map, `findings` what the rules say of it."""
    data = {
        "title": chart.title,
        "policy": chart.policy,
        "ways": [
            {
                "ref": ref,
                "workflow": job.workflow,
                "job": job.id,
                "command": command,
                "target": target._asdict(),
                "state": state.value,
            }
            for ref, job, command, target, state in chart.rows
        ],
        "quiet": list(chart.quiet),
        "findings": [
            {
                "rule": each.rule,
                "severity": each.severity.value,
                "path": each.path,
                "line": each.line,
                "message": each.message,
            }
            for each in chart.findings
        ],
    }
    return document(data)
