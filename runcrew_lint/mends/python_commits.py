"""Mends of COMMITs that a revision sends itself: they go, and what needs no transaction gets a block."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence

from runcrew_lint.documents import python
from runcrew_lint.mends.python_block import around_of
from runcrew_lint.mends.python_call import parsed, shifted
from runcrew_lint.mends.python_headings import said_above
from runcrew_lint.mends.python_indexes import grouped, rows
from runcrew_lint.mends.python_removal import removed
from runcrew_lint.mends.python_site import function_of, site_of
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Plain, Safety
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

# A COMMIT that ends a text, up to its closing quotes, behind the statement before it.
_LAST = lazily(
    r"(?<=;)\s*\bcommit(?:\s+(?:work|transaction))?\s*;?(?=\s*(?:'{3}|\"{3}|'|\")\Z)", re.IGNORECASE
)


def left_out(request: MendRequest, source: Source) -> Fix | None:
    """Takes a function's COMMITs away, and puts what can't run in a transaction into autocommit_blocks.

    Refused is a COMMIT that is neither a statement of its own on `op`, in the function or in an `if`, nor the
    last one of a text that is one literal, a call for a block that is not such a statement, and a
    function that catches errors.

    Arguments of the request:
        function: "upgrade" or "downgrade".
        commits: for each the start and end of its call, and whether that sends nothing else.
        apart: the start and end of each call that needs a block.
        begun: as in `python_block.Around`.
    """
    told = dict(request.arguments)
    name = str(told["function"])
    function = function_of(source, name)
    # A statement that fails ends a transaction, though not what stands behind a COMMIT.
    if function is None or any(isinstance(each, ast.Try) for each in ast.walk(function)):
        return None
    edits: list[Edit] = []
    puts: dict[Span, Sequence[str]] = {}
    for start, end, is_alone in map(_listed, _listed(told["commits"])):
        span = Span(int(str(start)), int(str(end)))
        site = site_of(source, span, (name,))
        if is_alone and (site is None or not site.is_of_op):
            return None
        if is_alone:
            puts[span] = []
            continue
        place = _last_in(source, function, span)
        if place is None:
            return None
        edits.append(Edit(source.path, place, ""))
    gone = removed(source, function, puts, behind=True, within=True) if puts else []
    apart = [Span(int(str(a)), int(str(b))) for a, b in map(_listed, _listed(told["apart"]))]
    comments = {span: said_above(source, span, function, set(puts)) for span in puts}
    blocks = _blocks(source, name, apart, comments, told)
    if gone is None or blocks is None:
        return None
    what = "the COMMIT" if len(edits) + len(puts) == 1 else "the COMMITs"
    title = f"leaves out {what}, which Alembic sends when the revision is done"
    if blocks:
        title = f"puts an autocommit_block in the place of {what}"
    return Fix(title, Safety.UNSAFE, (*edits, *gone, *blocks))


def _listed(value: Plain) -> tuple[Plain, ...]:
    return value if isinstance(value, tuple) else ()


def _last_in(source: Source, function: ast.FunctionDef, call: Span) -> Span | None:
    """Where the COMMIT stands that ends the one literal which a call sends."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and python.span(source, node) == call:
            texts = [
                each
                for each in ast.walk(node)
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            ]
            if len(texts) != 1 or any(isinstance(each, ast.JoinedStr) for each in ast.walk(node)):
                return None
            start, end = python.span(source, texts[0])
            found = _LAST.search(source.text[start:end])
            return Span(start + found.start(), start + found.end()) if found is not None else None
    return None


def _blocks(
    source: Source,
    function: str,
    calls: Sequence[Span],
    comments: Mapping[Span, list[str]],
    told: dict[str, Plain],
) -> list[Edit] | None:
    """The calls in blocks, those right below each other in one; None where one can't be.

    Arguments:
        comments: those of each COMMIT that goes; the next block stands for it.
    """
    mended = []
    for span in calls:
        site = site_of(source, span, (function,))
        call = parsed(site.text) if site is not None else None
        if site is None or call is None or site.autocommit or not site.is_of_op:
            return None
        mended.append((site, [shifted(call, site.unit, site.newline)]))
    around = around_of(told)
    edits, last = [], 0
    for group in rows(mended) if mended else ():
        first = group[0][0]
        said = [
            each
            for span, lines in comments.items()
            if last <= span.start < first.span.start
            for each in lines
        ]
        last = group[-1][0].span.end
        above = "".join(each + first.newline + first.base for each in said)
        edits.append(Edit(source.path, Span(first.span.start, last), above + grouped(group, around)))
    return edits
