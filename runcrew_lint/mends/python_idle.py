"""What a module has set for calls that go, and nothing else uses: it goes with them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Set

from runcrew_lint.documents import python
from runcrew_lint.mends.python_headings import gone
from runcrew_lint.mends.python_site import indentation, newline_after
from runcrew_lint.model.mend import Edit
from runcrew_lint.text import Source, Span

_PLAIN = frozenset(
    {"Enum", "ENUM", "sorted", "tuple", "list", "set"}
)  # they make a value and do nothing else


def idle(source: Source, spans: Set[Span]) -> list[Edit]:
    """The edits that take away the names of the module that only the statements at these spans use."""
    module = source.derive(python.parse)
    calls = [
        node for node in ast.walk(module) if isinstance(node, ast.Call) and python.span(source, node) in spans
    ]
    wanted = _names(calls)
    going: list[ast.Assign] = []
    while True:
        used = _used(module, {*map(id, calls), *map(id, going)})
        more = [
            each
            for each in module.body
            if isinstance(each, ast.Assign)
            and each not in going
            and _is_plain(each)
            and _name(each) in wanted - used
        ]
        if not more:
            break
        going += more
        wanted |= _names(each.value for each in more)
    alone = (each for each in going if _is_alone(source, each))
    return [
        Edit(source.path, gone(source, module.body, each, each, {python.span(source, each)}), "")
        for each in alone
    ]


def _name(statement: ast.Assign) -> str:
    (target, *others) = statement.targets
    return target.id if isinstance(target, ast.Name) and not others else ""


def _is_plain(statement: ast.Assign) -> bool:
    calls = (node.func for node in ast.walk(statement.value) if isinstance(node, ast.Call))
    return all(getattr(each, "attr", getattr(each, "id", "")) in _PLAIN for each in calls)


def _names(nodes: Iterable[ast.AST]) -> set[str]:
    return {node.id for each in nodes for node in ast.walk(each) if isinstance(node, ast.Name)}


def _used(node: ast.AST, without: Set[int]) -> set[str]:
    """The names that are read in a tree, but for some parts of it."""
    if id(node) in without:
        return set()
    own = {node.id} if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) else set()
    return own.union(*(_used(each, without) for each in ast.iter_child_nodes(node)))


def _is_alone(source: Source, statement: ast.Assign) -> bool:
    start, end = python.span(source, statement)
    return indentation(source, start) == "" and newline_after(source, end) is not None
