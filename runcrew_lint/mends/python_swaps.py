"""Mends that build an index at the front of a revision, for a statement further down to take over."""

from __future__ import annotations

from runcrew_lint.mends.python import created
from runcrew_lint.mends.python_block import around_of
from runcrew_lint.mends.python_headings import comments_of
from runcrew_lint.mends.python_removal import removed
from runcrew_lint.mends.python_site import Site, comments_above, is_docstring, names_in, set_in, site_of
from runcrew_lint.mends.python_text import execute
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Plain, Safety
from runcrew_lint.text import Source, Span


def built_first(request: MendRequest, source: Source) -> Fix | None:
    """Builds a key's index CONCURRENTLY in a block at the front of upgrade(), and hands it over in place.

    Refused is what is not a statement directly in upgrade(), an index whose names can't be repeated, and one
    that names what upgrade() has set.

    Arguments of the request:
        name: the index's until it is handed over.
        block: the SQL that builds it; empty where the call itself is a create_index.
        put: the SQL that takes it over, in the call's place.
        lock_timeout, statement_timeout, begun: as in `python_block.Around`.
    """
    told = dict(request.arguments)
    site = site_of(source, request.place.span)
    if site is None or not site.is_of_op:
        return None
    block = _block(site, told["block"], str(told["name"]))
    put = _sent(site, told["put"])
    if block is None or put is None or names_in(site) & set_in(site.function):
        return None
    if not put:  # nothing stays that the comments could belong to
        block[1:1] = comments_of(source, site.span, site.function, {site.span})
    first = next(each for each in site.function.body if not is_docstring(each))
    at = source.line_starts[comments_above(source, first.lineno - 1, site.base)]
    front = site.base + around_of(told).block(site, block) + site.newline
    gone = removed(source, site.function, {site.span: put}, behind=False)
    if gone is None or any(edit.span.start <= at < edit.span.end for edit in gone):
        return None
    title = "builds its index CONCURRENTLY first, at the front of the revision, and hands it over here"
    return Fix(title, Safety.UNSAFE, (Edit(source.path, Span(at, at), front), *gone))


def _block(site: Site, block: Plain, name: str) -> list[str] | None:
    """The lines that build the index, for the inside of a block."""
    if not block:
        return created(site, name) if site.method == "create_index" else None
    return _sent(site, block)


def _sent(site: Site, statements: Plain) -> list[str] | None:
    lines = (
        [execute(site.receiver, str(each)) for each in statements] if isinstance(statements, tuple) else []
    )
    return [line for line in lines if line is not None] if None not in lines else None
