"""`sentry_sdk.init(...)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from runcrew_lint.documents import python
from runcrew_lint.documents.python_walk import lines_with, walk
from runcrew_lint.domains.runtime.facts import Option, SentryInit
from runcrew_lint.text import Source, Span

_SDK = "sentry_sdk"


def inits(source: Source) -> tuple[SentryInit, ...]:
    """The calls of one Python file."""
    tree = source.derive(python.parse)
    names = {"sentry_sdk.init"} | set(_imported(source, tree))
    lines = lines_with(source, {name.rpartition(".")[2] for name in names})
    found = []
    for node in walk(tree, lines):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in names:
            found.append(_init(source, node))
    return tuple(found)


def _imported(source: Source, tree: ast.Module) -> Iterator[str]:
    for node in walk(tree, lines_with(source, (_SDK,))):
        if isinstance(node, ast.ImportFrom) and node.module == _SDK:
            yield from (alias.asname or alias.name for alias in node.names if alias.name == "init")
        elif isinstance(node, ast.Import):
            yield from (f"{each.asname}.init" for each in node.names if each.name == _SDK and each.asname)


def _init(source: Source, call: ast.Call) -> SentryInit:
    options = [_option(source, word.arg, word.value) for word in call.keywords if word.arg]
    if call.args and not isinstance(call.args[0], ast.Starred):
        options.insert(0, _option(source, "dsn", call.args[0]))
    is_open = any(word.arg is None for word in call.keywords) or any(
        isinstance(each, ast.Starred) for each in call.args
    )
    return SentryInit(
        _SDK,
        python.span(source, call.func),
        tuple(options),
        is_open,
        options[-1].span if options else None,
    )


def _option(source: Source, name: str, value: ast.expr) -> Option:
    span = python.span(source, value)
    is_literal = isinstance(value, ast.Constant) and isinstance(value.value, str | int | float | bool | None)
    literal = value.value if isinstance(value, ast.Constant) else None
    return Option(
        name,
        span,
        literal if isinstance(literal, str | int | float | bool) and name != "dsn" else None,
        is_literal,
        tuple(_numbers(value)),
        "" if is_literal and name == "dsn" else _cut(source, span),
    )


def _numbers(value: ast.expr) -> Iterator[float]:
    if isinstance(value, ast.Constant) and isinstance(value.value, int | float):
        if not isinstance(value.value, bool):
            yield float(value.value)
    elif isinstance(value, ast.IfExp):
        yield from _numbers(value.body)
        yield from _numbers(value.orelse)


def _cut(source: Source, span: Span) -> str:
    return source.text[span.start : min(span.end, span.start + 120)]
