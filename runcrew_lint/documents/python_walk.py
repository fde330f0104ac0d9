"""A walk over the statements of a module that matter, and over nothing of the rest.

`ast.walk` goes through every name and every operator of a file, 3,000 nodes in one of 500 lines; what a
reader asks for stands in a few of its statements, and the words on their lines tell which.
"""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from runcrew_lint.documents import python
from runcrew_lint.documents.python_parts import cuts
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source

# Text, and what holds an operator or whether a name is read or written: no node that anybody walks to.
_PLAIN = frozenset(
    (
        *("ctx", "op", "ops", "id", "attr", "arg", "name", "names", "asname", "module", "level"),
        *("kind", "type_comment", "conversion"),
    )
)
_WORTH = 0.8  # of a text: to parse so much of it twice costs more than it saves
_FIELDS: dict[type, tuple[str, ...]] = {}  # the fields of a kind of node that may hold others


def lines_with(source: Source, words: Iterable[str]) -> list[int]:
    """The lines, from 1 and in order, on which a word stands, whatever it is part of: one too many is only
    walked in vain.
    """
    text, starts = source.text, source.line_starts
    found: set[int] = set()
    for word in words:
        at = text.find(word)
        while at >= 0:
            line = bisect_right(starts, at)
            found.add(line)
            at = text.find(word, starts[line]) if line < len(starts) else -1
    return sorted(found)


def parsed(source: Source, lines: Sequence[int]) -> ast.Module:
    """A tree with the top-level statements on these lines, each in its place; it may have the others, too.

    Errors:
        Unreadable where one of them is no Python; of the others nobody asks.
    """
    whole = source.made(python.parse)
    if whole is None:
        text = _others_blank(source, lines)
        if text:
            try:
                return python.parse(Source(source.path, text))
            except Unreadable:
                pass  # cut wrongly, or no Python: the whole text tells
        whole = source.derive(python.parse)
    return whole


def _others_blank(source: Source, lines: Sequence[int]) -> str:
    """The text, the statements on none of the lines made empty lines; "" where these are few."""
    text, starts = source.text, source.line_starts
    begins = source.derive(_cuts)
    parts: list[str] = []
    kept = index = 0
    for begin, end in zip(begins, (*begins[1:], len(text)), strict=True):
        while index < len(lines) and starts[lines[index] - 1] < begin:
            index += 1
        if index < len(lines) and starts[lines[index] - 1] < end:
            parts.append(text[begin:end])
            kept += end - begin
        else:
            parts.append("\n" * text.count("\n", begin, end))
    return "".join(parts) if kept < _WORTH * len(text) else ""


def _cuts(source: Source) -> list[int]:
    return cuts(source.text)


def walk(tree: ast.Module, lines: Sequence[int]) -> Iterator[ast.AST]:
    """What `ast.walk` tells, in its order: of the statements on these lines and of those around them.

    Operators and contexts (`ast.Load`) are left out, and so are names of imports.
    """
    todo: deque[ast.AST] = deque((tree,))
    while todo:
        node = todo.popleft()
        yield node
        todo.extend(children(node, lines))


def children(node: ast.AST, lines: Sequence[int]) -> list[ast.AST]:
    """A node's parts as `ast.iter_child_nodes` tells them, without the statements on none of the lines."""
    fields = _FIELDS.get(type(node))
    if fields is None:
        fields = _FIELDS[type(node)] = tuple(field for field in node._fields if field not in _PLAIN)
    found: list[ast.AST] = []
    for field in fields:
        value = getattr(node, field, None)
        if type(value) is list:
            for each in value:
                if isinstance(each, ast.stmt):
                    at = bisect_left(lines, _first_line(each))
                    if at < len(lines) and lines[at] <= (each.end_lineno or each.lineno):
                        found.append(each)
                elif isinstance(each, ast.AST):
                    found.append(each)
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def _first_line(statement: ast.stmt) -> int:
    """Where a statement begins; one that is decorated begins before its own line."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return min((statement.lineno, *(each.lineno for each in statement.decorator_list)))
    return statement.lineno
