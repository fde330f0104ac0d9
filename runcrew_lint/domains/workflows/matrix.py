"""A job's matrix: its axes as they are written, and the combinations that GitHub makes of them.

Source: docs.github.com, "Running variations of jobs in a workflow" (include adds to every combination
whose values it does not overwrite, and is one of its own where it fits none; exclude goes first).
"""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents.tree import Mapping, Node, Scalar, Sequence, at
from runcrew_lint.domains.workflows.evaluate import to_text
from runcrew_lint.domains.workflows.facts import Axis, Cell, Job
from runcrew_lint.domains.workflows.nodes import entries, items

MAX_COMBINATIONS = 64  # of one job; GitHub itself stops at 256
MAX_BEFORE_EXCLUDE = 1024

Combination = dict[str, str]  # lower-case dotted names


def axes(matrix: Node | None) -> tuple[Axis, ...]:
    """Each axis with the cells of its list."""
    found = []
    for entry in entries(matrix):
        name = str(entry.key.value)
        if name in ("include", "exclude"):
            continue
        nodes = items(entry.value)
        cells = [tuple(_cell(name, node)) for node in nodes]
        is_open = not isinstance(entry.value, Sequence) or not all(cells)
        found.append(
            Axis(name, entry.key.span, tuple(dict.fromkeys(each for each in cells if each)), is_open)
        )
    return tuple(found)


def rows(node: Node | None) -> tuple[Cell, ...]:
    """The rows of `include` or `exclude`."""
    return tuple(
        tuple(pair for entry in entries(row) for pair in _cell(str(entry.key.value), entry.value))
        for row in items(node)
    )


def _cell(name: str, node: Node) -> Iterator[tuple[str, str]]:
    if isinstance(node, Scalar):
        yield name.lower(), to_text(node.value)
    elif isinstance(node, Mapping):
        for entry in entries(node):
            value = entry.value
            if isinstance(value, Scalar):
                yield f"{name}.{entry.key.value}".lower(), to_text(value.value)
            elif at(value, "_") is None:
                yield from _cell(f"{name}.{entry.key.value}", value)


def combinations(job: Job) -> tuple[Combination, ...] | None:
    """Every combination that the job runs; None where they are too many, or made when it runs."""
    if job.matrix_is_open or any(axis.open for axis in job.matrix):
        return None
    made: list[Combination] = [{}] if job.matrix else []
    for axis in job.matrix:
        if len(made) * len(axis.cells) > MAX_BEFORE_EXCLUDE:
            return None
        made = [one | dict(cell) for one in made for cell in axis.cells]
    made = [one for one in made if not any(_agrees(one, row) for row in job.matrix_exclude)]
    names = {name for axis in job.matrix for cell in axis.cells for name, _ in cell}
    added: list[Combination] = []
    for row in job.matrix_include:
        own = [pair for pair in row if pair[0] in names]
        fitting = [one for one in made if _agrees(one, own)]
        if fitting:
            for one in fitting:
                one |= dict(row)
        else:
            added.append(dict(row))
        if len(added) > MAX_COMBINATIONS:
            return None
    made += added
    return tuple(made) if len(made) <= MAX_COMBINATIONS else None


def _agrees(one: Combination, row: Cell | list[tuple[str, str]]) -> bool:
    return all(one.get(name) == value for name, value in row)
