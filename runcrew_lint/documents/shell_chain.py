"""A chain of commands, `a && b || c`: the grammar nests it as deep as it is long."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Any

from runcrew_lint.documents.shell_tree import Chain, Statement
from runcrew_lint.tuples import NamedTuple

Block = tuple[Statement, ...]


class Link(NamedTuple):
    """An operator and the nodes behind it."""

    operator: str
    nodes: list[Any]


def links_of(node: Any) -> tuple[Any, list[Link]]:
    """The first command's node and what is chained to it, in their order."""
    links: list[Link] = []
    while node.type == "list":
        operator = next((child.type for child in node.children if child.type in ("&&", "||")), "")
        named = node.named_children
        if not operator or len(named) < 2:
            break
        links.append(Link(operator, named[1:]))
        node = named[0]
    return node, links[::-1]


def levels(links: Sequence[Link]) -> int:
    """How deep `chained` has to nest them, those of one `&&` after the other aside."""
    return sum(here.operator == "||" or here.operator != there.operator for here, there in pairwise(links))


def chained(first: Block, rest: Sequence[tuple[str, Block]]) -> Block:
    """One statement of them all: a run of `&&` in halves, all else from the left as the shell has it."""
    for operator, run in groupby(rest, key=lambda each: each[0]):
        first = (_joined(operator, [first, *(block for _, block in run)]),)
    return first


def _joined(operator: str, sides: Sequence[Block]) -> Chain:
    middle = (len(sides) + 1) // 2 if operator == "&&" else len(sides) - 1
    left, right = (
        half[0] if len(half) == 1 else (_joined(operator, half),) for half in (sides[:middle], sides[middle:])
    )
    return Chain(operator, left, right)
