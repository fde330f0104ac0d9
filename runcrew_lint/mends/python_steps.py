"""Mends that put several statements in one's place: some can run outside the transaction, some can't."""

from __future__ import annotations

from collections.abc import Mapping

from runcrew_lint.mends.python_block import Around, around_of, by_database
from runcrew_lint.mends.python_call import parsed, shifted
from runcrew_lint.mends.python_site import Site, behind_line_above, comment_behind, site_of
from runcrew_lint.mends.python_text import execute
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Plain, Safety
from runcrew_lint.text import Source, Span

KEPT = "kept"


def in_steps(request: MendRequest, source: Source) -> Fix | None:
    """Puts SQL statements before, behind or in place of one, some of them in an autocommit_block.

    Refused is a call of anything but `op`, and one that is not a statement directly in upgrade() or in an
    `if` of it.

    Arguments of the request:
        title, safety: as in mends.text.
        steps: pairs of where ("block" is the autocommit_block, "plain" the transaction, "kept" the
            statement itself) and the SQL.
        row: of statements that are mended together where all can be: title, and of each start, end and steps.
        guarded: whether other databases run the revision, too: there the statement stays as it is.
        lock_timeout, statement_timeout, begun: as in `python_block.Around`.
    """
    told = dict(request.arguments)
    safety = Safety(str(told["safety"]))
    row = told.get("row")
    if isinstance(row, tuple):
        title, *calls = row
        edits = tuple(_edit(source, *_call(each), told) for each in calls)
        if None not in edits:
            return Fix(str(title), safety, tuple(each for each in edits if each is not None))
    edit = _edit(source, request.place.span, told["steps"], told)
    return Fix(str(told["title"]), safety, (edit,)) if edit is not None else None


def _call(told: Plain) -> tuple[Span, Plain]:
    start, end, steps = told if isinstance(told, tuple) else (0, 0, None)
    return Span(int(str(start)), int(str(end))), steps


def _edit(source: Source, span: Span, steps: Plain, told: Mapping[str, Plain]) -> Edit | None:
    """The statements in the place of the one at a span; None where they can't be put there."""
    site = site_of(source, span)
    if site is not None and told.get("guarded") and not site.is_on_postgres:
        site = site.one_deeper()
    if site is None or site.autocommit or not site.is_of_op or not isinstance(steps, tuple):
        return None
    call = parsed(site.text)
    if call is None:
        return None
    around = around_of(told)
    remark = comment_behind(source, site.span.end)
    end = site.span.end
    lines: list[str] = []
    block: list[str] = []
    for step in steps:
        where, sql = _step(step)
        written = execute(site.receiver, sql)
        if where == KEPT:  # with the comment on it
            written, end = shifted(call, site.shift, site.newline) + remark, end + len(remark)
        if written is None:
            return None
        if where == "block":
            block.append(written)
            continue
        lines += _closed(site, block, around)
        block = []
        lines.append(written)
    lines += _closed(site, block, around)
    text = site.lines(lines)
    if site.shift:
        text = by_database(site.receiver, site, text, [shifted(call, site.shift, site.newline)])
    if _step(steps[0])[0] != "block":
        return Edit(source.path, Span(site.span.start, end), text)
    line = source.text.rfind("\n", 0, site.span.start)
    start = behind_line_above(source, site.call.lineno - 1)
    before = source.text[line : site.span.start]
    return Edit(source.path, Span(start, end), before + text)


def _step(step: Plain) -> tuple[str, str]:
    return (str(step[0]), str(step[1])) if isinstance(step, tuple) else ("", "")


def _closed(site: Site, block: list[str], around: Around) -> list[str]:
    return [around.block(site, block)] if block else []
