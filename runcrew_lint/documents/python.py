"""Python as the standard library's `ast` reads it.

`ast` and not libcst: read in bulk, a long history costs a fourteenth (0.35 s against 5.0 s for a
thousand revisions). What is rewritten goes through the lossless parse in `mends`.
"""

from __future__ import annotations

import ast
import warnings
from typing import Any

from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source, Span


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
        raise Unreadable(f"not valid Python: {error.msg}", _span_of(source, error)) from None
    except ValueError as error:
        raise Unreadable(f"not valid Python: {error}") from None
    except (RecursionError, MemoryError):
        raise Unreadable("nested too deeply to be read as Python") from None


def span(source: Source, node: Any) -> Span:
    """The characters of an expression or a statement (any node that has a place)."""
    return Span(
        source.offset_of_bytes(node.lineno, node.col_offset),
        source.offset_of_bytes(node.end_lineno, node.end_col_offset),
    )


def literal_start(source: Source, node: ast.Constant) -> int | None:
    """The offset of a string literal's first character where its text stands in the file unchanged.

    None for a literal with escapes, for joined literals and for line ends that Python reads as "\\n".
    """
    value = node.value
    if not isinstance(value, str):
        return None
    start, end = span(source, node)
    quote = min((at for mark in "'\"" if (at := source.text.find(mark, start, end)) >= 0), default=-1)
    if quote < 0:
        return None
    width = 3 if source.text.startswith(source.text[quote] * 3, quote) and end - quote >= 6 else 1
    first = quote + width
    return first if source.text[first : end - width] == value else None


def _span_of(source: Source, error: SyntaxError) -> Span:
    if error.lineno is None or not 1 <= error.lineno <= len(source.line_starts):
        return Span(len(source.text), len(source.text))
    line_start = source.line_starts[error.lineno - 1]
    start = min(line_start + max((error.offset or 1) - 1, 0), len(source.text))
    return Span(start, max(start, line_start + len(source.line(error.lineno))))
