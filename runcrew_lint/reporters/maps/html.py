"""The map as one HTML page: the picture, what the rules say, and every way as a table. Nothing is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from runcrew_lint.patterns import lazily
from runcrew_lint.reporters.document import markup
from runcrew_lint.reporters.maps.chart import Chart, State
from runcrew_lint.reporters.maps.svg import picture

_STYLE = """
:root{color-scheme:light dark;--ground:#fff;--ink:#1b2230;--soft:#5d6878;--edge:#dfe4eb;--fault:#c62828}
@media (prefers-color-scheme:dark){:root{--ground:#12161d;--ink:#e6eaf1;--soft:#9aa6b8;--edge:#313a48;
--fault:#ff6b6b}}
body{margin:0;background:var(--ground);color:var(--ink);
font:14px/1.5 ui-sans-serif,system-ui,-apple-system,"Segoe UI","Noto Sans","Noto Sans CJK KR",sans-serif}
main{max-width:1500px;margin:0 auto;padding:8px 16px 48px}
.picture{overflow-x:auto}
svg.map{max-width:none;display:block}
h2{font-size:16px;margin:32px 0 8px}
ul{padding-left:20px;margin:0}
li{margin:6px 0}
code{font:12.5px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.error b{color:var(--fault)}
.soft{color:var(--soft)}
table{border-collapse:collapse;width:100%}
th{text-align:left;font-size:12px;color:var(--soft);font-weight:600}
td,th{padding:5px 12px 5px 0;border-bottom:1px solid var(--edge);vertical-align:top}
td:first-child,th:first-child{padding-left:8px}
td:not(:nth-child(4)){white-space:nowrap}
tr.fault td:first-child{box-shadow:inset 3px 0 var(--fault)}
td code{overflow-wrap:anywhere}
@media print{main{max-width:none}}
""".strip()
_CODE = lazily(r"`([^`]+)`")
_STATES = {State.FAULT: "against the policy", State.UNRESOLVED: "not known", State.UNSURE: "may happen"}


def render(chart: Chart) -> str:
    """The whole page."""
    title = escape(f"Delivery map of {chart.title}")
    return markup(
        "\n".join(
            [
                '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
                '<meta name="viewport" content="width=device-width,initial-scale=1">',
                f"<title>{title}</title><style>{_STYLE}</style></head><body><main>",
                f'<div class="picture">{picture(chart)}</div>',
                *_findings(chart),
                *_ways(chart),
                *_quiet(chart),
                "</main></body></html>\n",
            ]
        )
    )


def _findings(chart: Chart) -> Iterator[str]:
    if not chart.findings:
        return
    yield "<h2>What the rules say</h2><ul>"
    for each in chart.findings:
        place = f"{escape(each.path)}:{each.line}"
        word = each.severity.value
        said = _CODE.sub(r"<code>\1</code>", escape(each.message))
        yield (
            f'<li class="{word}"><b>{word}</b> <code>{escape(each.rule)}</code> '
            f'<span class="soft">{place}</span><br>{said}</li>'
        )
    yield "</ul>"


def _ways(chart: Chart) -> Iterator[str]:
    if not chart.rows:
        return
    yield "<h2>Every way</h2><table><thead><tr><th>ref</th><th>workflow</th><th>job</th><th>command</th>"
    yield "<th>reaches</th><th></th></tr></thead><tbody>"
    for ref, job, command, target, state in chart.rows:
        cells = (ref, job.workflow.rpartition("/")[2], job.id)
        said = "".join(f"<td>{escape(each)}</td>" for each in cells)
        yield (
            f'<tr class="{state.value}">{said}<td><code>{escape(command)}</code></td>'
            f'<td>{escape(target.name)}</td><td class="soft">{_STATES.get(state, "")}</td></tr>'
        )
    yield "</tbody></table>"


def _quiet(chart: Chart) -> Iterator[str]:
    if chart.quiet:
        names = ", ".join(escape(each.rpartition("/")[2]) for each in chart.quiet)
        yield f'<h2>Workflows that deliver nothing</h2><p class="soft">{names}</p>'
