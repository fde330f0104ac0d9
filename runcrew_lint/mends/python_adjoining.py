"""Statements that go into the autocommit_block right above or below them: no second one is put beside it."""

from __future__ import annotations

import ast
from typing import TypeGuard

from runcrew_lint.documents import python
from runcrew_lint.mends.python_site import Site, statement_lines
from runcrew_lint.model.mend import Edit
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Span

_OPENED = lazily(r"[ \t]*:[ \t]*(?:#[^\r\n]*)?(?=\r?\n)")


def joined(first: Site, last: Site, inner: str) -> Edit | None:
    """The edit that puts lines into the block beside the statements from `first` to `last`, in their place.

    None where no such block begins or ends there, or a comment stands between.

    Arguments:
        inner: the lines, as deep as the block's own, each with the line end before it.
    """
    body = _body(first.function.body, first)
    if body is None:
        return None
    at = next(at for at, each in enumerate(body) if _is(each, first))
    end = next((at for at, each in enumerate(body) if _is(each, last)), at)
    source = first.source
    below = body[end + 1] if end + 1 < len(body) else None
    if _takes(below, first):
        start = python.span(source, below).start
        opened = _OPENED.match(source.text, python.span(source, below.items[0].context_expr).end)
        if opened is not None and not source.text[last.span.end : start].strip():
            return Edit(
                source.path,
                Span(first.span.start, opened.end()),
                source.text[start : opened.end()] + inner,
            )
    above = body[at - 1] if at else None
    if _takes(above, first):
        close = len(source.text[: statement_lines(source, above).end].rstrip("\r\n"))
        if not source.text[close : first.span.start].strip():
            return Edit(source.path, Span(close, last.span.end), inner)
    return None


def _takes(statement: ast.stmt | None, site: Site) -> TypeGuard[ast.With]:
    """Whether it is a block of the same context, one level deep."""
    return (
        isinstance(statement, ast.With)
        and [*map(ast.unparse, statement.items)] == [f"{site.receiver}.get_context().autocommit_block()"]
        and statement.body[0].col_offset == len(site.base + site.unit)
    )


def _body(statements: list[ast.stmt], site: Site) -> list[ast.stmt] | None:
    """The list of statements that a site's stands in."""
    if any(_is(each, site) for each in statements):
        return statements
    for each in statements:
        for field in ("body", "orelse", "finalbody"):
            found = _body(getattr(each, field, []), site)
            if found is not None:
                return found
    return None


def _is(statement: ast.stmt, site: Site) -> bool:
    return (statement.lineno, statement.col_offset) == (site.call.lineno, site.call.col_offset)
