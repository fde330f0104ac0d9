"""Mends of a revision's index statements together: CONCURRENTLY, outside its transaction.

Those that stand in a row share one autocommit_block. It goes to the front of the revision where that could
else not be run again.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import pairwise

from runcrew_lint.documents import python
from runcrew_lint.mends.python import created, dropped
from runcrew_lint.mends.python_adjoining import joined
from runcrew_lint.mends.python_block import Around, around_of, by_database
from runcrew_lint.mends.python_call import parsed, shifted
from runcrew_lint.mends.python_headings import gone, said_above
from runcrew_lint.mends.python_site import (
    Site,
    comments_above,
    names_in,
    newline_after,
    set_in,
    site_of,
)
from runcrew_lint.mends.python_sql import concurrent
from runcrew_lint.mends.python_text import sent_by
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Plain, Safety
from runcrew_lint.text import Source, Span


def together(request: MendRequest, source: Source) -> Fix | None:
    """Makes index statements run CONCURRENTLY, outside the transaction, and so that they can be tried again.

    A build that failed leaves an INVALID index behind, which `if_not_exists` would take for the real one: so
    the index is dropped first if it is there. Refused is a call whose index, table or schema is neither a
    literal nor put together of names, a text that is not one statement, what is not a statement directly in
    upgrade(), in an `if`, a `for` or an autocommit_block of it, and one to be moved that names what upgrade()
    has set.

    Arguments of the request:
        calls: the start and end of each call, in their order, and the name of an index that it gives none.
        before: of the call before whose statement they go, empty where they stay.
        guarded: whether a database without IF EXISTS of an index runs the revision, too: there they stay
            as they are.
        lock_timeout, statement_timeout, begun: as in `python_block.Around`.
    """
    made = source.derive(_made)
    if request.arguments not in made:  # each of the calls asks for the same
        made[request.arguments] = _together(dict(request.arguments), source)
    fix, spans = made[request.arguments]
    return fix if request.place.span in spans else None


_Made = tuple[Fix | None, frozenset[Span]]


def _made(source: Source) -> dict[object, _Made]:
    del source
    return {}


def _together(told: Mapping[str, Plain], source: Source) -> _Made:
    """The fix of all the calls, and where those are that it mends."""
    guarded = bool(told.get("guarded"))
    mended = list(_mended(source, _calls(told["calls"]), stay=not told["before"], guarded=guarded))
    if not mended:
        return None, frozenset()
    around = around_of(told)
    mended = _dropped_once(mended)
    if told["before"]:
        ((before, _),) = _calls((told["before"],))
        edits, spans = _moved(source, mended, before, around)
    else:
        spans = frozenset(site.span for site, _ in mended)
        edits = [
            _beside(group, around)
            or Edit(source.path, Span(group[0][0].span.start, group[-1][0].span.end), grouped(group, around))
            for group in rows(mended)
        ]
    count = len(mended)
    if not edits or all(source.text[edit.span.start : edit.span.end] == edit.text for edit in edits):
        return None, spans
    if count == 1 and mended[0][0].autocommit and _is_concurrent(mended[0][0]):
        title = "drops the index first if it is there, so that its build can be tried again"
        return Fix(title, Safety.SAFE, tuple(edits)), spans
    what = _TITLES[_verb(mended[0][0])] if count == 1 else f"runs {count} statements on indexes"
    where = ", at the front of the revision" if told["before"] else ""
    where += ", on PostgreSQL" if any(site.shift for site, _ in mended) else ""
    title = f"{what} CONCURRENTLY, outside the transaction{where}"
    return Fix(title, Safety.SAFE, tuple(edits)), spans


_TITLES = {"create": "builds the index", "drop": "drops the index", "reindex": "rebuilds it"}


_Mended = tuple[Site, list[str]]


def _mended(source: Source, calls: list[tuple[Span, str]], *, stay: bool, guarded: bool) -> Iterator[_Mended]:
    """What can be mended; of what stays in its place, only what comes before the first that can't.

    A block commits whatever stands above it, and that one could not be done again.
    """
    for span, name in calls:
        mended = _at(source, span, name, guarded)
        if mended is not None:
            yield mended
        elif stay:
            return


def _dropped_once(mended: Sequence[_Mended]) -> list[_Mended]:
    """The same, without the drop that goes before a build where its author has one right above."""
    places = _places(mended[0][0].function) if mended else {}
    made = list(mended[:1])
    for (one, above), (other, lines) in pairwise(mended):
        follows = _follows(one, other, places)
        is_double = follows and len(lines) > 1 and _plainly(above[-1]) == _plainly(lines[0])
        made.append((other, lines[1:] if is_double else lines))
    return made


@lru_cache(maxsize=1024)
def _plainly(line: str) -> str:
    """A call without what only tells how its names are to be read."""
    tree = ast.parse(line)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            node.args = [_without_f(each) for each in node.args]
            node.keywords.sort(key=lambda each: each.arg or "")
    return ast.dump(tree)


def _without_f(value: ast.expr) -> ast.expr:
    is_f = isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "f"
    return value.args[0] if is_f and isinstance(value, ast.Call) and value.args else value


def _at(source: Source, span: Span, name: str, guarded: bool) -> _Mended | None:
    """The call at a span and what stands for it, found once: each of its neighbours asks for it."""
    known = source.derive(_known)
    if span not in known:
        site = site_of(source, span, looped=True)
        if guarded and site is not None and not site.is_on_postgres:
            site = site.one_deeper() if site.is_of_op and not site.autocommit else None
        lines = _lines(site, name) if site is not None else None
        known[span] = (site, lines) if site is not None and lines else None
    return known[span]


def _known(source: Source) -> dict[Span, _Mended | None]:
    del source
    return {}


def _calls(told: object) -> list[tuple[Span, str]]:
    calls = told if isinstance(told, tuple) else ()
    return [(Span(int(str(start)), int(str(end))), str(name)) for start, end, name in calls]


def _verb(site: Site) -> str:
    sent = sent_by(site)
    return sent.tokens[0].value if sent is not None else "drop" if site.method == "drop_index" else "create"


def _is_concurrent(site: Site) -> bool:
    """Whether it is built CONCURRENTLY as it stands."""
    sent = sent_by(site)
    if sent is not None:
        return "concurrently" in sent.words
    return any(each.arg == "postgresql_concurrently" for each in site.call.keywords)


def concurrently(source: Source, span: Span, name: str, by: str = "") -> list[str] | None:
    """The calls that stand for the one at a span in an autocommit_block one level deep; None where none can.

    The first drops the index if it is there.

    Arguments:
        name: of an index that the call gives none, else "".
        by: how much further right they are to stand.
    """
    site = site_of(source, span)
    if site is None or (site.base, site.unit) != ("    ", "    "):
        return None
    return _lines(site.one_deeper() if by else site, name)


def _lines(site: Site, name: str) -> list[str] | None:
    if site.method == "create_index":
        return created(site, name)
    if site.method == "drop_index":
        return dropped(site)
    sent = sent_by(site)
    return concurrent(sent) if sent is not None else None


def rows(mended: Sequence[_Mended]) -> list[list[_Mended]]:
    """Those that stand right below each other together."""
    places = _places(mended[0][0].function)
    groups = [[mended[0]]]
    for (one, _), (other, lines) in pairwise(mended):
        if _follows(one, other, places) and not one.autocommit:
            groups[-1].append((other, lines))
        else:
            groups.append([(other, lines)])
    return groups


_Places = dict[tuple[int, int], tuple[int, int]]


def _follows(one: Site, other: Site, places: _Places) -> bool:
    """Whether a statement stands right below another."""
    (held, at), after = places[_start(one)], places[_start(other)]
    return after == (held, at + 1)


def _start(site: Site) -> tuple[int, int]:
    return site.call.lineno, site.call.col_offset


def _places(function: ast.FunctionDef) -> _Places:
    """The list that each statement stands in, and its place there."""
    found: _Places = {}
    for node in ast.walk(function):
        for name in ("body", "orelse", "finalbody"):
            statements = getattr(node, name, None)
            for at, each in enumerate(statements if isinstance(statements, list) else ()):
                found[each.lineno, each.col_offset] = (id(statements), at)
    return found


def grouped(group: list[_Mended], around: Around) -> str:
    """The block that stands for statements in a row, with the comments between them."""
    first = group[0][0]
    if first.autocommit:
        return first.lines(group[0][1])
    inner = first.newline + first.base + first.unit
    text = around.head(first) + "".join(inner + each for each in around.off(first.receiver)) + _lined(group)
    text += "".join(inner + each for each in around.on(first.receiver))
    if not first.shift:
        return text
    calls = [(site, parsed(site.text)) for site, _ in group]
    kept = [shifted(call, site.shift, site.newline) for site, call in calls if call is not None]
    return by_database(first.receiver, first, text, kept)


def _beside(group: list[_Mended], around: Around) -> Edit | None:
    """The edit that puts statements in a row into the block beside them; None where none takes them."""
    return joined(group[0][0], group[-1][0], _lined(group)) if around == Around() else None


def _lined(group: list[_Mended]) -> str:
    """The statements, one level deeper, each with the line end before it and the comments between them."""
    first = group[0][0]
    inner = first.newline + first.base + first.unit
    gaps = [inner, *(_deeper(one.span.end, other) for (one, _), (other, _) in pairwise(group))]
    return "".join(gap + inner.join(lines) for gap, (_, lines) in zip(gaps, group, strict=True))


def _deeper(end: int, site: Site) -> str:
    """What stands between two statements, one level to the right."""
    first, *others = site.source.text[end : site.span.start].split(site.newline)
    moved = [
        site.deeper + each if each.strip() or at == len(others) - 1 else each
        for at, each in enumerate(others)
    ]
    return site.newline.join([first, *moved])


def _moved(
    source: Source, mended: list[_Mended], before: Span, around: Around
) -> tuple[list[Edit], frozenset[Span]]:
    """The statements taken out, and a block of them before another, with where they are; none where that
    can't be done.
    """
    nothing: tuple[list[Edit], frozenset[Span]] = [], frozenset()
    function = mended[0][0].function
    place = next((each for each in function.body if _holds(source, each, before)), None)
    direct = {(each.lineno, each.col_offset): each for each in function.body}
    taken = set_in(function)
    movable = [
        (site, lines) for site, lines in mended if _start(site) in direct and not names_in(site) & taken
    ]
    if place is None or not movable or newline_after(source, python.span(source, place).end) is None:
        return nothing
    first = movable[0][0]
    inner = first.newline + first.base + first.unit
    cut = {site.span for site, _ in movable}
    lines = [_with_comments(site, each, cut) for site, each in movable]
    flat = around.within(first.receiver, [line for each in lines for line in each])
    block = first.base + around.head(first) + "".join(inner + each for each in flat) + first.newline
    at = _above(source, place, first.base)
    going = [direct[_start(site)] for site, _ in movable]
    edits = [Edit(source.path, gone(source, function.body, each, each, cut), "") for each in going]
    if any(edit.span.start <= at <= edit.span.end and edit.span.start != edit.span.end for edit in edits):
        return nothing  # it stands in front already
    return [Edit(source.path, Span(at, at), block), *edits], frozenset(site.span for site, _ in movable)


def _holds(source: Source, statement: ast.stmt, span: Span) -> bool:
    start, end = python.span(source, statement)
    return bool(start <= span.start and span.end <= end)


def _above(source: Source, statement: ast.stmt, base: str) -> int:
    return source.line_starts[comments_above(source, statement.lineno - 1, base)]


def _with_comments(site: Site, lines: Sequence[str], cut: Set[Span]) -> list[str]:
    """The statement's lines, with the comments above and behind it; `cut` are the statements that go."""
    source = site.source
    ends = source.text.find("\n", site.span.end)
    behind = source.text[site.span.end : ends if ends >= 0 else len(source.text)].rstrip()
    *others, last = lines
    return [*said_above(source, site.span, site.function, cut), *others, last + behind]
