"""Where the nodes of a chart stand: three columns, each ordered so that few links cross."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from runcrew_lint.frozen import frozen
from runcrew_lint.reporters.maps.chart import Chart, Job, Target
from runcrew_lint.tuples import NamedTuple

K = TypeVar("K")
ROW = 30  # height of a job, and of a ref's or target's single line
LINE = 17  # height of each further line
GAP = 14
HEAD = 24  # of a workflow's box
PAD = 24
TOP = 92
MAX_TEXT = 38  # characters that a label may have
ROUNDS = 6


class Box(NamedTuple):
    """A rectangle; y is its upper edge."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """The height at which links meet it."""
        return self.y + self.height / 2


@frozen
class Layout:
    """Every box by what it holds; `groups` are the workflows around their jobs."""

    width: float
    height: float
    refs: dict[int, Box]
    jobs: dict[Job, Box]
    groups: dict[str, Box]
    targets: dict[Target, Box]


def layout(chart: Chart) -> Layout:
    """The places of a chart; columns are as wide as their longest label."""
    refs = list(range(len(chart.refs)))
    workflows = list(dict.fromkeys(job.workflow for job in chart.jobs))
    targets = list(chart.targets)
    for _ in range(ROUNDS):
        heights = _job_heights(chart, workflows)
        refs = _ordered(
            refs, {ref: [heights[job] for one, job in chart.starts if one == ref] for ref in refs}
        )
        rank = {ref: float(index) for index, ref in enumerate(refs)}
        ends = {target: [heights[job] for job, one in chart.ends if one == target] for target in targets}
        targets = _ordered(targets, ends)
        right = {target: float(index) for index, target in enumerate(targets)}
        pulls = {
            name: [rank[ref] * 2 / max(len(refs), 1) for ref, job in chart.starts if job.workflow == name]
            + [right[target] / max(len(targets), 1) for job, target in chart.ends if job.workflow == name]
            for name in workflows
        }
        workflows = _ordered(workflows, pulls)
    return _placed(chart, refs, workflows, targets)


def _job_heights(chart: Chart, workflows: list[str]) -> dict[Job, float]:
    order = {name: index for index, name in enumerate(workflows)}
    jobs = sorted(chart.jobs, key=lambda job: order[job.workflow])
    return {job: float(index) for index, job in enumerate(jobs)}


def _ordered(items: list[K], pulls: dict[K, list[float]]) -> list[K]:
    return sorted(items, key=lambda each: sum(pulls[each]) / len(pulls[each]) if pulls[each] else 0.0)


def _placed(chart: Chart, refs: list[int], workflows: list[str], targets: list[Target]) -> Layout:
    left = _width((text for labels in chart.refs for text in labels), 120)
    middle = _width((job.id for job in chart.jobs), 150)
    middle = max(middle, _width((name.rpartition("/")[2] for name in workflows), 150)) + 2 * GAP
    right = _width((text for each in targets for text in (each.name, each.note)), 150)
    gutter = 150.0 + min(4.0 * max(len(chart.jobs) - 20, 0), 250.0)  # a tall picture needs room to bend
    x_jobs = PAD + left + gutter
    x_targets = x_jobs + middle + gutter
    groups: dict[str, Box] = {}
    jobs: dict[Job, Box] = {}
    y = float(TOP)
    for name in workflows:
        inside = [job for job in chart.jobs if job.workflow == name]
        height = HEAD + len(inside) * (ROW + 6) + 8
        groups[name] = Box(x_jobs, y, middle, height)
        for index, job in enumerate(inside):
            jobs[job] = Box(x_jobs + GAP, y + HEAD + index * (ROW + 6), middle - 2 * GAP, ROW)
        y += height + GAP
    bottom = max(y, TOP + 60)
    sizes = {ref: ROW + (min(len(chart.refs[ref]), 8) - 1) * LINE for ref in refs}
    wanted = {ref: [jobs[job].middle for one, job in chart.starts if one == ref] for ref in refs}
    ref_boxes = _column(refs, sizes, wanted, PAD, left, bottom)
    tall = {each: ROW + (LINE if each.note else 0) for each in targets}
    ends = {each: [jobs[job].middle for job, one in chart.ends if one == each] for each in targets}
    target_boxes = _column(targets, tall, ends, x_targets, right, bottom)
    lowest = max([bottom, *(box.y + box.height for box in (*ref_boxes.values(), *target_boxes.values()))])
    return Layout(x_targets + right + PAD, lowest + PAD + 24, ref_boxes, jobs, groups, target_boxes)


def _column(
    items: list[K],
    sizes: Mapping[K, float],
    wanted: dict[K, list[float]],
    x: float,
    width: float,
    bottom: float,
) -> dict[K, Box]:
    """Boxes as near to the middle of what they link to as their order allows."""
    found: dict[K, Box] = {}
    y = float(TOP)
    rest = sum(sizes.values()) + GAP * len(items)
    for each in items:
        middle = sum(wanted[each]) / len(wanted[each]) if wanted[each] else y
        top = max(y, min(middle - sizes[each] / 2, bottom - rest))
        found[each] = Box(x, top, width, sizes[each])
        y = top + sizes[each] + GAP
        rest -= sizes[each] + GAP
    return found


def _width(texts: Iterable[str], least: float) -> float:
    return max([least, *(text_width(shortened(each)) + 28 for each in texts)])


def shortened(text: str) -> str:
    """A label cut to what a box holds."""
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"


def text_width(text: str) -> float:
    """About how wide a text of 13 pixels stands; ideographs take twice as much as letters."""
    return sum(13.0 if ord(each) > 0x2E80 else 7.3 for each in text)
