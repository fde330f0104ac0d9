"""The delivery map: the picture, and every way in it as a table."""

from __future__ import annotations

from runcrew_lint.engine.portrait import Portrait
from runcrew_lint.reporters.html.words import Entry, Section, code, plain, table
from runcrew_lint.reporters.maps.chart import Chart, Job, State, Target, chart_of
from runcrew_lint.reporters.maps.svg import picture

MOST = 500  # ways that are listed
_STATES = {
    State.FAULT: "against the policy",
    State.UNRESOLVED: "not known",
    State.UNSURE: "may happen",
    State.PLAIN: "happens",
}


def delivery(portrait: Portrait, name: str) -> Section | None:
    """The map; None where nothing is delivered."""
    chart = chart_of(portrait.delivery, name)
    if not chart.rows:
        return None
    parts = [
        "<p>Which ref starts which job, and what that reaches.</p>",
        f'<div class="picture" role="region" aria-label="Delivery map, as a picture" tabindex="0">'
        f"{picture(chart, alone=False)}</div>",
        f'<details class="ways"><summary>Every way, as a table ({len(chart.rows):,})</summary>{_ways(chart)}'
        "</details>",
    ]
    if chart.quiet:
        names = ", ".join(code(each.rpartition("/")[2]) for each in chart.quiet)
        parts.append(f'<p class="soft">Workflows that deliver nothing: {names}.</p>')
    return Section(Entry("delivery", "Delivery map"), (), "\n".join(parts))


def _ways(chart: Chart) -> str:
    head = ("ref", "job", "command", "reaches", "state")
    shown = table("Ways from a ref to what it reaches", head, map(_way, chart.rows[:MOST]), "ways")
    more = len(chart.rows) - MOST
    return (
        f"{shown}<p>and {more:,} more; <code>runcrew-lint map</code> has them all</p>" if more > 0 else shown
    )


def _way(row: tuple[str, Job, str, Target, State]) -> str:
    ref, job, command, target, state = row
    reached = plain(f"{target.name} ({target.note})" if target.note else target.name)
    return (
        f'<tr class="{state.value}"><th scope="row">{plain(ref)}</th>'
        f"<td>{plain(job.workflow.rpartition('/')[2])} · {plain(job.id)}</td>"
        f"<td>{code(command)}</td><td>{reached}</td><td>{_STATES[state]}</td></tr>"
    )
