"""Mends that put several statements in one's place: some can run outside the transaction, some can't."""

from __future__ import annotations

from runcrew_lint.mends.python_block import Around, around_of, by_database
from runcrew_lint.mends.python_call import parsed, shifted
from runcrew_lint.mends.python_site import Site, behind_line_above, site_of
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
        guarded: whether other databases run the revision, too: there the statement stays as it is.
        lock_timeout, statement_timeout, begun: as in `python_block.Around`.
    """
    told = dict(request.arguments)
    site = site_of(source, request.place.span)
    if site is not None and told.get("guarded") and not site.is_on_postgres:
        site = site.one_deeper()
    steps = told["steps"]
    if site is None or site.autocommit or not site.is_of_op or not isinstance(steps, tuple):
        return None
    call = parsed(site.text)
    if call is None:
        return None
    around = around_of(told)
    lines: list[str] = []
    block: list[str] = []
    for step in steps:
        where, sql = _step(step)
        written = shifted(call, site.shift, site.newline) if where == KEPT else execute(site.receiver, sql)
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
    edit = Edit(source.path, site.span, text)
    if _step(steps[0])[0] == "block":
        line = source.text.rfind("\n", 0, site.span.start)
        start = behind_line_above(source, site.call.lineno - 1)
        before = source.text[line : site.span.start]
        edit = Edit(source.path, Span(start, site.span.end), before + text)
    return Fix(str(told["title"]), Safety(str(told["safety"])), (edit,))


def _step(step: Plain) -> tuple[str, str]:
    return (str(step[0]), str(step[1])) if isinstance(step, tuple) else ("", "")


def _closed(site: Site, block: list[str], around: Around) -> list[str]:
    return [around.block(site, block)] if block else []
