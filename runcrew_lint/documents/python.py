"""Python as the standard library's `ast` reads it.

`ast` and not libcst: read in bulk, a long history costs a fourteenth (0.35 s against 5.0 s for a
thousand revisions). What is rewritten goes through the lossless parse in `mends`.
"""

from __future__ import annotations

import ast
import sys
import warnings
from typing import Any

from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source, Span

_new = tuple.__new__  # Span(...) goes through a lambda, and there are tens of thousands of them


_INVALID = f"not valid Python {sys.version_info.major}.{sys.version_info.minor}, on which this runs"


def parse(source: Source) -> ast.Module:
    """The module's tree.

    Errors:
        Unreadable where the text is no Python that this interpreter's version reads, at the place it
        names.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\d" in the linted file is not for our stderr
            return ast.parse(source.text)
    except SyntaxError as error:
        raise Unreadable(f"{_INVALID}: {error.msg}", _span_of(source, error)) from None
    except ValueError as error:
        raise Unreadable(f"{_INVALID}: {error}") from None
    except (RecursionError, MemoryError):
        raise Unreadable("nested too deeply to be read as Python") from None


def span(source: Source, node: Any) -> Span:
    """The characters of an expression or a statement (any node that has a place)."""
    if source.is_ascii:
        lines = source.line_starts
        return _new(
            Span, (lines[node.lineno - 1] + node.col_offset, lines[node.end_lineno - 1] + node.end_col_offset)
        )
    return Span(
        source.offset_of_bytes(node.lineno, node.col_offset),
        source.offset_of_bytes(node.end_lineno, node.end_col_offset),
    )


def callee(call: ast.Call) -> str:
    """The last word of what is called; "" where it is called by no name."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def literal_start(source: Source, node: ast.Constant) -> int | None:
    """The offset of a string literal's first character where its text stands in the file unchanged.

    None for a literal with escapes, for joined literals and for line ends that Python reads as "\\n".
    """
    value = node.value
    if not isinstance(value, str):
        return None
    start = source.offset_of_bytes(node.lineno, node.col_offset)
    end = source.offset_of_bytes(node.end_lineno or node.lineno, node.end_col_offset or 0)
    text = source.text
    first = start
    while text[first] not in "'\"":  # the prefix
        first += 1
    width = 3 if text.startswith(text[first] * 3, first) and end - first >= 6 else 1
    first += width
    # As long as it reads and the same to its end: else it has escapes or is joined of several.
    return first if end - width - first == len(value) and text.startswith(value, first) else None


def _span_of(source: Source, error: SyntaxError) -> Span:
    if error.lineno is None or not 1 <= error.lineno <= len(source.line_starts):
        return Span(len(source.text), len(source.text))
    line_start = source.line_starts[error.lineno - 1]
    start = min(line_start + max((error.offset or 1) - 1, 0), len(source.text))
    return Span(start, max(start, line_start + len(source.line(error.lineno))))
