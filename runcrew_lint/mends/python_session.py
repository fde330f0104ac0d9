"""Mends of a revision's session: timeouts that are set before its statements."""

from __future__ import annotations

import ast

from runcrew_lint.documents import python
from runcrew_lint.mends.python_block import on_postgres
from runcrew_lint.mends.python_site import (
    comments_above,
    function_of,
    indentation,
    is_autocommit,
    is_docstring,
    names_of_op,
    newline_after,
    statements_in,
)
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Safety
from runcrew_lint.text import Source, Span


def set_local(request: MendRequest, source: Source) -> Fix | None:
    """Sets a timeout for the transaction: first in the function, or behind the autocommit_block that a
    statement comes after, since that ends the transaction and what holds for it.

    Refused is a statement in an autocommit_block, behind one in the same loop or branch, or in a helper, and
    a function on one line.

    Arguments of the request:
        function: "upgrade" or "downgrade".
        setting, value: what is set to what, such as "lock_timeout" and "4s".
        behind: the span of a call that it has to stand behind, empty for none.
        guarded: whether other databases run the revision, too, so that it asks which one this is.
    """
    told = dict(request.arguments)
    function = function_of(source, str(told["function"]))
    aliases = sorted(names_of_op(source))
    if function is None or len(aliases) != 1:
        return None
    body = function.body
    holder = next((at for at, each in enumerate(body) if _holds(source, each, request.place.span)), None)
    if holder is None or _is_cut_off(source, body[holder], request.place.span):
        return None
    behind = told.get("behind")
    last = Span(int(str(behind[0])), int(str(behind[1]))) if isinstance(behind, tuple) and behind else None
    blocks = [
        at
        for at in range(holder)
        if any(map(_ends_transaction, statements_in(body[at]))) or (last and _holds(source, body[at], last))
    ]
    at = blocks[-1] + 1 if blocks else 1 if is_docstring(body[0]) else 0
    start = python.span(source, body[at]).start
    base = indentation(source, start)
    newline = newline_after(source, python.span(source, body[at]).end)
    if not base or newline is None:
        return None
    first = source.line_starts[comments_above(source, body[at].lineno - 1, base)]
    line = f"{base}{aliases[0]}.execute(\"SET LOCAL {told['setting']} = '{told['value']}'\"){newline}"
    if told.get("guarded"):
        line = f"{base}{on_postgres(aliases[0])}{newline}{base}{line}"
    title = f"gives up after {told['value']} where a lock is not to be had ({told['setting']})"
    return Fix(title, Safety.SAFE, (Edit(source.path, Span(first, first), line),))


def _holds(source: Source, statement: ast.stmt | ast.AST, span: Span) -> bool:
    start, end = python.span(source, statement)
    return bool(start <= span.start and span.end <= end)


def _is_cut_off(source: Source, holder: ast.stmt, span: Span) -> bool:
    """Whether an autocommit_block of the same statement holds the span, or may end what is set before it."""
    blocks = [python.span(source, each) for each in statements_in(holder) if _ends_transaction(each)]
    if any(block.start <= span.start for block in blocks):
        return True
    loops = (each for each in statements_in(holder) if isinstance(each, (ast.For, ast.While)))
    return any(
        _holds(source, loop, span) and _holds(source, loop, block) for loop in loops for block in blocks
    )


def _ends_transaction(node: ast.AST) -> bool:
    return isinstance(node, ast.With) and is_autocommit(node)
