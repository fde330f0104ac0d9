"""The map as a Mermaid flowchart, as GitHub renders it in Markdown."""

from __future__ import annotations

from runcrew_lint.reporters.look import visible
from runcrew_lint.reporters.maps.chart import Chart, Link, State

_ARROWS = {State.FAULT: "==>", State.UNRESOLVED: "-.->", State.UNSURE: "-.->", State.PLAIN: "-->"}
_COLOURS = (
    "classDef production fill:#fff1d6,stroke:#b26a00,color:#402600",
    "classDef unresolved stroke-dasharray:3 3",
    "classDef ref fill:#e8eefc,stroke:#4464b4,color:#12224a",
)


def render(chart: Chart) -> str:
    """A flowchart from left to right; a workflow is a subgraph, faults are red."""
    lines = ["flowchart LR"]
    for index, labels in enumerate(chart.refs):
        lines.append(f'  r{index}(["{"<br>".join(_said(each) for each in labels)}"]):::ref')
    jobs = {job: f"j{index}" for index, job in enumerate(chart.jobs)}
    for number, workflow in enumerate(dict.fromkeys(job.workflow for job in chart.jobs)):
        lines.append(f'  subgraph w{number}["{_said(workflow.rpartition("/")[2])}"]')
        lines += [f'    {name}["{_said(job.id)}"]' for job, name in jobs.items() if job.workflow == workflow]
        lines.append("  end")
    targets = {target: f"t{index}" for index, target in enumerate(chart.targets)}
    for target, name in targets.items():
        note = f"<br>{_said(target.note)}" if target.note else ""
        kind = "unresolved" if target.kind == "unresolved" else target.reach
        style = f":::{kind}" if kind in ("production", "unresolved") else ""
        lines.append(f'  {name}[/"{_said(target.name)}{note}"/]{style}')
    red: list[int] = []
    count = 0

    def link(start: str, end: str, of: Link) -> None:
        nonlocal count
        if of.state is State.FAULT:
            red.append(count)
        lines.append(f"  {start} {_ARROWS[of.state]} {end}")
        count += 1

    for (index, job), each in chart.starts.items():
        link(f"r{index}", jobs[job], each)
    for (job, target), each in chart.ends.items():
        link(jobs[job], targets[target], each)
    lines += [f"  {each}" for each in _COLOURS]
    if red:
        lines.append(f"  linkStyle {','.join(map(str, red))} stroke:#c62828,stroke-width:3px")
    return "\n".join(lines) + "\n"


_ENTITIES = {ord("&"): "#amp;", ord('"'): "#quot;", ord("<"): "#lt;", ord(">"): "#gt;", ord("#"): "#35;"}
# What stands for Markdown, for a directive or a style, or for a line's end in a label.
_ENTITIES |= {ord(each): f"#{ord(each)};" for each in "`%:;\\{}"}


def _said(text: str) -> str:
    """A label's text: what Mermaid or HTML would read is written as entities."""
    return visible(text).translate(_ENTITIES)
