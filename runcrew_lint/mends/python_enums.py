"""Mends of enums: labels are added in place of a new type."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from runcrew_lint.documents import python
from runcrew_lint.mends.python_block import around_of, on_postgres
from runcrew_lint.mends.python_idle import idle
from runcrew_lint.mends.python_removal import removed
from runcrew_lint.mends.python_site import (
    behind_line_above,
    comments_above,
    function_of,
    indentation,
    names_of_op,
    site_of,
)
from runcrew_lint.mends.python_text import execute
from runcrew_lint.model.mend import Fix, MendRequest, Plain, Safety
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span


def extended(request: MendRequest, source: Source) -> Fix | None:
    """Adds labels to an enum, in an autocommit_block, in place of the calls that make it anew.

    Refused is a call that is not a statement directly in upgrade() or in an `if` of it, and a function that
    says why it commits nothing.

    Arguments of the request:
        calls: the start and end of each call, in their order.
        statements: the SQL that adds the labels.
        guarded: whether other databases run the revision, too: none of them has enums that are types.
        begun: as in `python_block.Around`.
    """
    told = dict(request.arguments)
    up = function_of(source, "upgrade")
    alias = min(names_of_op(source), default="")
    spans = [Span(int(str(start)), int(str(end))) for start, end in map(_listed, _listed(told["calls"]))]
    lines = [execute(alias, str(each)) for each in _listed(told["statements"])]
    inner = indentation(source, python.span(source, up.body[0]).start) if up is not None else None
    if up is None or not inner or not alias or None in lines or _REASON.search(_said_in(source, up)):
        return None
    block = [*around_of(told).opened(alias), *(f"{inner}{line}" for line in lines)]
    site = site_of(source, spans[0])
    if told.get("guarded") and not (site is not None and site.is_on_postgres):
        block = [on_postgres(alias), *(f"{inner}{line}" for line in block)]
    puts: dict[Span, Sequence[str]] = {span: [] for span in spans}
    puts[spans[0]] = block
    edits = removed(source, up, puts, behind=False, within=True)
    if not edits:
        return None
    first = comments_above(source, source.position(spans[0].start).line - 1, inner)
    start = behind_line_above(source, first)
    own = next(at for at, each in enumerate(edits) if each.span.start <= spans[0].start < each.span.end)
    kept = source.text[source.line_starts[first] - 1 : edits[own].span.start]
    edits[own] = edits[own]._replace(span=Span(start, edits[own].span.end), text=kept + edits[own].text)
    edits += idle(source, set(spans))
    what = "the label" if len(lines) == 1 else f"{len(lines)} labels"
    return Fix(f"adds {what} to the enum in place of making it anew", Safety.SAFE, tuple(edits))


_REASON = lazily(r"\b(?:commit|transaction)", re.IGNORECASE)
_COMMENT = lazily(r"#[^\n]*")


def _said_in(source: Source, function: ast.FunctionDef) -> str:
    """The docstring and the comments of a function."""
    start, end = python.span(source, function)
    return "\n".join([ast.get_docstring(function) or "", *_COMMENT.findall(source.text[start:end])])


def _listed(value: Plain) -> tuple[Plain, ...]:
    return value if isinstance(value, tuple) else ()
