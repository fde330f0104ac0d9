"""The map as an SVG that stands alone, light or dark as its reader's screen is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from runcrew_lint.reporters.document import markup
from runcrew_lint.reporters.maps.chart import Chart, Job, Link, State, Target
from runcrew_lint.reporters.maps.layout import LINE, PAD, ROW, TOP, Box, Layout, layout, shortened

_LEVEL = 4.0  # pixels: a line that is nearly level is drawn level
STYLE = """
.map{--ground:#ffffff;--ink:#1b2230;--soft:#5d6878;--line:#a3adbb;--box:#f4f6f9;--edge:#d5dbe4;
--ref:#e6edfb;--refedge:#8fa8dd;--prod:#fff1d6;--prodedge:#c98a1b;--fault:#c62828;--unsure:#7d6bb3;
font-family:ui-sans-serif,system-ui,-apple-system,"Segoe UI","Noto Sans","Noto Sans CJK KR",
"Malgun Gothic",sans-serif}
@media (prefers-color-scheme:dark){.map{--ground:#12161d;--ink:#e6eaf1;--soft:#9aa6b8;--line:#5d697c;
--box:#1b212b;--edge:#313a48;--ref:#1d2a46;--refedge:#4f6db3;--prod:#3b2c10;--prodedge:#c98a1b;
--fault:#ff6b6b;--unsure:#a795e0}}
.map .ground{fill:var(--ground)}
.map text{fill:var(--ink);font-size:13px}
.map .soft{fill:var(--soft);font-size:11.5px}
.map .title{font-size:19px;font-weight:650}
.map .head{fill:var(--soft);font-size:11px;font-weight:600;letter-spacing:.08em}
.map .file{font-size:12px;font-weight:600}
.map rect.box{fill:var(--box);stroke:var(--edge)}
.map rect.job{fill:var(--ground);stroke:var(--edge)}
.map rect.ref{fill:var(--ref);stroke:var(--refedge)}
.map rect.target{fill:var(--box);stroke:var(--line)}
.map rect.production{fill:var(--prod);stroke:var(--prodedge)}
.map rect.unresolved{stroke-dasharray:2 3}
.map path{fill:none;stroke:var(--line);stroke-width:1.4}
.map path.unsure{stroke:var(--unsure);stroke-dasharray:7 4}
.map path.unresolved{stroke:var(--soft);stroke-dasharray:1.5 4;stroke-linecap:round;stroke-width:2}
.map path.fault{stroke:var(--fault);stroke-width:2.4}
.map rect.fault{stroke:var(--fault);stroke-width:1.8}
""".strip()


def render(chart: Chart) -> str:
    """The picture with its own style and ground."""
    return markup(f'<?xml version="1.0" encoding="UTF-8"?>\n{picture(chart)}\n')


def picture(chart: Chart, *, alone: bool = True) -> str:
    """The `<svg>` element; a page that has a heading and STYLE already shows it without them."""
    placed = layout(chart)
    top = 0 if alone else TOP - 28
    width, height = f"{placed.width:.0f}", f"{placed.height - top:.0f}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" viewBox="0 {top} {width} {height}" '
        f'width="{width}" height="{height}" role="img" '
        f'aria-label="{escape("delivery map of " + chart.title)}">',
        *(_opening(chart) if alone else ()),
        *_head(chart, placed),
        *_groups(placed),
        *_links(chart, placed),
        *_refs(chart, placed),
        *_jobs(chart, placed),
        *_targets(chart, placed),
        *_legend(chart, placed),
        "</svg>",
    ]
    return "\n".join(parts)


def _opening(chart: Chart) -> Iterator[str]:
    yield f'<style>{STYLE}</style><rect class="ground" width="100%" height="100%"/>'
    faults = sum(each.severity.value in ("error", "warning") for each in chart.findings)
    said = "no findings" if not faults else f"{faults} finding{'s' if faults > 1 else ''}"
    yield _text(PAD, 36, f"Delivery map of {chart.title}", "title")
    more = f" · {len(chart.quiet)} workflows that deliver nothing are left out" if chart.quiet else ""
    yield _text(PAD, 56, f"policy {chart.policy} · {said}{more}", "soft")


def _head(chart: Chart, placed: Layout) -> Iterator[str]:
    columns = (
        ("REFS", placed.refs.values()),
        ("WORKFLOWS AND JOBS", placed.groups.values()),
        ("WHAT THEY REACH", placed.targets.values()),
    )
    for name, boxes in columns:
        first = next(iter(boxes), None)
        if first is not None:
            yield _text(first.x, 82, name, "head")
    if not chart.refs:
        yield _text(PAD, 110, "Nothing here delivers anything that the map knows.", "")


def _links(chart: Chart, placed: Layout) -> Iterator[str]:
    """Every link, the worst on top."""
    drawn: list[tuple[Link, Box, Box, str, str]] = []
    for (index, job), link in chart.starts.items():
        start, end = placed.refs[index], placed.jobs[job]
        drawn.append((link, start, end, ", ".join(chart.refs[index]), _job_name(job)))
    for (job, target), link in chart.ends.items():
        drawn.append((link, placed.jobs[job], placed.targets[target], _job_name(job), target.name))
    order = [State.PLAIN, State.UNSURE, State.UNRESOLVED, State.FAULT]
    for link, start, end, one, other in sorted(drawn, key=lambda each: order.index(each[0].state)):
        x1, y1, x2, y2 = start.x + start.width, start.middle, end.x, end.middle
        if abs(y2 - y1) < _LEVEL:
            y1 = y2 = (y1 + y2) / 2
        bend = (x2 - x1) * 0.5
        commands = "\n".join(list(link.says)[:8])
        title = escape(f"{one} → {other}\n{commands}")
        yield (
            f'<path class="{link.state.value}" d="M{x1:.1f},{y1:.1f} C{x1 + bend:.1f},{y1:.1f} '
            f'{x2 - bend:.1f},{y2:.1f} {x2:.1f},{y2:.1f}"><title>{title}</title></path>'
        )


def _refs(chart: Chart, placed: Layout) -> Iterator[str]:
    for index, box in placed.refs.items():
        labels = list(chart.refs[index])
        if len(labels) > 8:
            labels = [*labels[:7], f"and {len(labels) - 7} more"]
        worst = _worst(link for (one, _), link in chart.starts.items() if one == index)
        yield _box(box, f"ref {worst}", 15)
        for line, label in enumerate(labels):
            yield _text(box.x + 14, box.y + 20 + line * LINE, shortened(label), "")


def _groups(placed: Layout) -> Iterator[str]:
    for name, box in placed.groups.items():
        yield _box(box, "box", 8)
        file = shortened(name.rpartition("/")[2])
        yield f"<g><title>{escape(name)}</title>{_text(box.x + 12, box.y + 17, file, 'file')}</g>"


def _jobs(chart: Chart, placed: Layout) -> Iterator[str]:
    for job, box in placed.jobs.items():
        worst = _worst(link for (one, _), link in chart.ends.items() if one == job)
        yield _box(box, f"job {worst}", 6)
        yield _text(box.x + 12, box.y + 20, shortened(job.id), "")


def _targets(chart: Chart, placed: Layout) -> Iterator[str]:
    for target, box in placed.targets.items():
        yield _box(box, f"target {_kind(target)}", 6)
        yield _text(box.x + 12, box.y + 20, shortened(target.name), "")
        if target.note:
            yield _text(box.x + 12, box.y + 20 + LINE, shortened(target.note), "soft")


def _legend(chart: Chart, placed: Layout) -> Iterator[str]:
    y = placed.height - PAD + 4
    x = float(PAD)
    for state, said in (
        ("plain", "happens"),
        ("unsure", "may happen"),
        ("unresolved", "not known"),
        ("fault", "against the policy"),
    ):
        yield f'<path class="{state}" d="M{x:.0f},{y - 4:.0f} h34"/>'
        yield _text(x + 42, y, said, "soft")
        x += 62 + len(said) * 6.6
    if any(_kind(each) == "production" for each in chart.targets):
        yield f'<rect class="target production" x="{x:.0f}" y="{y - 11:.0f}" width="34" height="14" rx="4"/>'
        yield _text(x + 42, y, "production", "soft")


def _worst(links: Iterable[Link]) -> str:
    return "fault" if any(each.state is State.FAULT for each in links) else ""


def _kind(target: Target) -> str:
    return "unresolved" if target.kind == "unresolved" else target.reach


def _job_name(job: Job) -> str:
    return f"{job.workflow.rpartition('/')[2]} · {job.id}"


def _box(box: Box, style: str, radius: float) -> str:
    height = max(box.height, ROW)
    return (
        f'<rect class="{style.strip()}" x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" '
        f'height="{height:.1f}" rx="{radius}"/>'
    )


def _text(x: float, y: float, said: str, style: str) -> str:
    kind = f' class="{style}"' if style else ""
    return f'<text{kind} x="{x:.1f}" y="{y:.1f}">{escape(said)}</text>'
