"""Calls that leave a revision for PostgreSQL alone: for any other database they stay where they are."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from runcrew_lint.documents import python
from runcrew_lint.mends.python_block import by_database, elsewhere, on_postgres
from runcrew_lint.mends.python_call import parsed, shifted
from runcrew_lint.mends.python_site import Site, made, site_of, statement_lines
from runcrew_lint.mends.python_text import execute
from runcrew_lint.model.mend import Edit
from runcrew_lint.text import Source, Span
from runcrew_lint.tuples import NamedTuple


class Gone(NamedTuple):
    """A call that goes.

    Arguments:
        put: the SQL that stays in its place.
        without: the keyword that the call loses, where it stays for what else it does; "" where it goes.
    """

    span: Span
    put: Sequence[str]
    without: str


def sent_of(alias: str, statements: Sequence[str]) -> list[str] | None:
    """The calls that send SQL; None where one would need an escape."""
    lines = [execute(alias, each) for each in statements]
    return None if None in lines else [line for line in lines if line is not None]


def kept_elsewhere(
    source: Source, function: ast.FunctionDef | None, calls: Sequence[Gone], alias: str, *, behind: bool
) -> list[Edit] | None:
    """The edits after which PostgreSQL is sent what is put in the calls' places, and any other the calls.

    None for a call that is to stay for what else it does, and one that stands neither in the function itself
    nor in a batch there; in a batch of indexes, too, which can only leave one that holds plain calls.

    Arguments:
        behind: whether what is put in the place of a batch's call goes behind the batch, else before it.
    """
    edits: list[Edit] = []
    beside: dict[int, list[str]] = {}
    for each in calls:
        lines = sent_of(alias, each.put)
        if function is None or lines is None or each.without:
            return None
        batch = _batch_of(source, function, each.span)
        site = _site(source, function, each.span, batch)
        call = parsed(site.text) if site is not None else None
        if site is None or call is None or site.is_on_postgres:
            return None
        if batch is not None and lines and any(map(_is_of_index, _calls(batch))):
            return None
        kept = shifted(call, site.shift, site.newline)
        if batch is None and lines:
            edits.append(Edit(source.path, site.span, by_database(alias, site, site.lines(lines), [kept])))
            continue
        edits.append(Edit(source.path, site.span, elsewhere(alias, site, kept)))
        if batch is not None and lines:
            whole = statement_lines(source, batch)
            at = whole.end if behind else whole.start
            base = source.text[whole.start : python.span(source, batch).start]
            asked = [base + on_postgres(alias)] if at not in beside else []
            beside.setdefault(at, []).extend([*asked, *(f"{base}{site.unit}{line}" for line in lines)])
    newline = "\r\n" if "\r\n" in source.text else "\n"
    edits += [
        Edit(source.path, Span(at, at), "".join(each + newline for each in lines))
        for at, lines in beside.items()
    ]
    return edits


def _site(source: Source, function: ast.FunctionDef, span: Span, batch: ast.With | None) -> Site | None:
    """The site of a call, one level deeper than it stands."""
    if batch is None:
        site = site_of(source, span, (function.name,))
        return site.one_deeper() if site is not None else None
    call = next(each.value for each in _calls(batch) if python.span(source, each) == span)
    found = made(source, function, call, span, autocommit=True) if isinstance(call, ast.Call) else None
    whole = statement_lines(source, batch)
    ends = source.text[whole.start : whole.end].endswith("\n")
    return found.one_deeper() if found is not None and ends else None


def _batch_of(source: Source, function: ast.FunctionDef, span: Span) -> ast.With | None:
    """The batch directly in a function that holds a call; None where none does."""
    for statement in function.body:
        if isinstance(statement, ast.With) and isinstance(statement.items[0].optional_vars, ast.Name):
            if any(python.span(source, each) == span for each in _calls(statement)):
                return statement
    return None


def _is_of_index(statement: ast.Expr) -> bool:
    called = statement.value.func if isinstance(statement.value, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr in ("create_index", "drop_index")


def _calls(batch: ast.With) -> list[ast.Expr]:
    return [each for each in batch.body if isinstance(each, ast.Expr)]
