"""How a finding quotes a command of the delivery map."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.delivery.map import Edge
from runcrew_lint.model.finding import Related

_MOST = 70  # characters


def short(edge: Edge) -> str:
    """The command, cut to what a line holds."""
    return edge.command if len(edge.command) <= _MOST else f"{edge.command[: _MOST - 3]}..."


def script(edge: Edge) -> Iterator[Related]:
    """The script that the command stands in, if any: whoever quotes the command names it."""
    if edge.script:
        yield Related(edge.script, f"this script runs `{short(edge)}`")
