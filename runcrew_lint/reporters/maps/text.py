"""The map as text: each ref, the jobs that it starts, what they reach."""

from __future__ import annotations

from runcrew_lint.reporters.maps.chart import Chart, State

_MARKS = {State.FAULT: "✗", State.UNRESOLVED: "?", State.UNSURE: "~", State.PLAIN: "→"}
_ORDER = {state: at for at, state in enumerate(State)}


def render(chart: Chart) -> str:
    """One block a ref; `✗` is a fault, `?` is not known, `~` may be."""
    lines = [f"delivery map of {chart.title}, policy {chart.policy}", ""]
    for index, labels in enumerate(chart.refs):
        lines.append(", ".join(labels))
        links = _links(chart, labels)
        for job in chart.jobs:
            if (index, job) not in chart.starts:
                continue
            lines.append(f"  {job.workflow.rpartition('/')[2]} · {job.id}")
            for target in chart.targets:
                link = links.get((job, target))
                if link is not None:
                    note = f" ({target.note})" if target.note else ""
                    lines.append(f"    {_MARKS[link]} {target.name}{note}")
        lines.append("")
    if not chart.refs:
        lines += ["nothing here delivers anything that the map knows", ""]
    if chart.quiet:
        deliver = "workflow delivers" if len(chart.quiet) == 1 else "workflows deliver"
        lines.append(f"{len(chart.quiet)} {deliver} nothing: {', '.join(_names(chart.quiet))}")
    for each in chart.findings:
        if each.severity.value in ("error", "warning"):
            lines.append(f"{each.severity.value}: {each.path}:{each.line} {each.rule}: {each.message}")
    return "\n".join(lines).rstrip() + "\n"


def _links(chart: Chart, labels: tuple[str, ...]) -> dict[tuple[object, object], State]:
    """What these refs are to each target by each job: the first state that any of them is in."""
    found: dict[tuple[object, object], State] = {}
    for ref, job, _, target, state in chart.rows:
        if ref in labels:
            known = found.setdefault((job, target), state)
            found[job, target] = min(known, state, key=_ORDER.__getitem__)
    return found


def _names(paths: tuple[str, ...]) -> list[str]:
    return [each.rpartition("/")[2] for each in paths]
