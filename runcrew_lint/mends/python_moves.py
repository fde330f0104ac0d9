"""Mends that take statements out of a revision and put them into one that comes right after it.

What came after it before comes after the new one then: the order of the whole is as it was. So a database
that has run the revision already has what the new one does, and one that has not gets it from there.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping, Sequence

from runcrew_lint.documents import python
from runcrew_lint.mends.python_batch import alone
from runcrew_lint.mends.python_block import Around, around_of, on_postgres
from runcrew_lint.mends.python_call import parsed, shifted, without_keyword
from runcrew_lint.mends.python_elsewhere import Gone, kept_elsewhere, sent_of
from runcrew_lint.mends.python_headings import comments_of
from runcrew_lint.mends.python_indexes import concurrently
from runcrew_lint.mends.python_removal import leaves_announced, removed
from runcrew_lint.mends.python_site import function_of, names_of_op, site_of
from runcrew_lint.mends.revision import follow_of, followed
from runcrew_lint.model.mend import Edit, Fix, MendRequest, NewFile, Plain, Safety
from runcrew_lint.text import Source, Span
from runcrew_lint.tuples import NamedTuple

_UNIT = "    "


class _Moved(NamedTuple):
    """A call that goes, and what of the new revision stands for it.

    Arguments:
        block, plain: what upgrade() sends outside the transaction, and then in it.
        undo: what downgrade() sends.
        back: the calls of downgrade() that go, likewise.
        name: of an index that the call gives none.
    """

    gone: Gone
    block: Sequence[str]
    plain: Sequence[str]
    undo: Sequence[str]
    back: Sequence[Gone]
    name: str


def into_revision(request: MendRequest, source: Source) -> Fix | None:
    """Takes calls out of upgrade(), and what takes them back out of downgrade(), into a new revision.

    Refused is what is not a statement directly in its function or in a batch there, an index that is not
    named by literals, and what names something that the new revision does not know; the others go without it.

    Arguments of the request:
        title: `{path}` in it is the new file.
        message: the new revision's.
        moved: for each call its start and end, lists of SQL as in `Gone` and `_Moved`, for each call that
            goes from downgrade() its start, end, SQL and keyword, its own keyword as in `Gone`, and its name
            as in `_Moved`. Where the lists of `_Moved` are empty the call builds an index, which the new
            revision builds CONCURRENTLY.
        children: path, start and end of each place that names this revision as its parent.
        guarded: whether another database runs the revisions, too: there the calls stay.
        lock_timeout, statement_timeout, begun: as in `python_block.Around`.
        head, id, folder, template, file_template, today: as in `revision.Follow`.
    """
    made = source.derive(_kept)
    if request.arguments not in made:
        made[request.arguments] = _made(dict(request.arguments), source)
    moves = made[request.arguments]
    return moves.fix if moves is not None and request.place.span in moves.calls else None


class _Moves(NamedTuple):
    """The fix of all calls of a request, and the places of those that it takes: each of them asks for it."""

    fix: Fix
    calls: frozenset[Span]


def _kept(_: Source) -> dict[object, _Moves | None]:
    return {}


def _made(told: dict[str, Plain], source: Source) -> _Moves | None:
    follow, around = follow_of(told), around_of(told)
    up, down = function_of(source, "upgrade"), function_of(source, "downgrade")
    alias = _alias(source, up)
    if up is None or not alias:
        return None
    guarded = bool(told.get("guarded"))
    taken = kept_elsewhere if guarded else _taken

    def edits_of(units: list[_Moved]) -> list[Edit] | None:
        ahead = taken(source, up, [each.gone for each in units], alias, behind=True)
        undone = taken(source, down, [each for unit in units for each in unit.back], alias, behind=False)
        return [*ahead, *undone] if ahead is not None and undone is not None else None

    moved = [each for each in map(_moved, _listed(told["moved"])) if edits_of([each]) is not None]
    said = {} if guarded else _said(source, (up, down), moved)
    bodied = [(each, body) for each in moved if (body := _body(source, each, said, guarded)) is not None]
    units = [each for each, _ in bodied]
    edits = edits_of(units)
    if not edits:
        return None
    if not guarded and leaves_announced(source, up, {each.gone.span for each in units if not each.gone.put}):
        return None
    bodies = _upgrade([body for _, body in bodied], around), _downgrade([body for _, body in bodied], around)
    if guarded:
        bodies = _on_postgres(bodies[0]), _on_postgres(bodies[1])
    needed = [ast.unparse(each) for each in _imports(source, *bodies)]
    new = followed(follow, str(told["message"]), *bodies, imports=needed)
    if new is None or not _is_closed(new):
        return None
    renamed = [
        Edit(str(path), Span(int(str(start)), int(str(end))), new.name)
        for path, start, end in map(_listed, _listed(told["children"]))
    ]
    title = str(told["title"]).replace("{path}", new.path)
    fix = Fix(title, Safety.UNSAFE, (*edits, *renamed), (new,))
    return _Moves(fix, frozenset(each.gone.span for each in units))


def _listed(value: Plain) -> tuple[Plain, ...]:
    return value if isinstance(value, tuple) else ()


def _texts(value: Plain) -> list[str]:
    return [str(each) for each in _listed(value)]


def _moved(value: Plain) -> _Moved:
    start, end, put, *lists, back, without, name = _listed(value)
    block, plain, undo = map(_texts, lists)
    own = _gone((start, end, put, without))
    return _Moved(own, block, plain, undo, [*map(_gone, _listed(back))], str(name))


def _gone(value: Plain) -> Gone:
    start, end, put, without = _listed(value)
    return Gone(_span(start, end), _texts(put), str(without))


def _span(start: Plain, end: Plain) -> Span:
    return Span(int(str(start)), int(str(end)))


def _alias(source: Source, function: ast.FunctionDef | None) -> str:
    """What the function calls `alembic.op`: a name of the module, or an argument that env.py hands to it."""
    given = {each.arg for each in function.args.args} if function is not None else set()
    names = names_of_op(source)
    return "op" if "op" in given or "op" in names else min(names, default="")


def _taken(
    source: Source, function: ast.FunctionDef | None, calls: Sequence[Gone], alias: str, *, behind: bool
) -> list[Edit] | None:
    edits: list[Edit] = []
    puts = {}
    for each in calls:
        lines = sent_of(alias, each.put)
        if function is None or lines is None:
            return None
        if not each.without:
            puts[each.span] = lines
            continue
        split = _split(source, each, lines, function.name)
        if split is None:
            return None
        edits += split
    gone = removed(source, function, puts, behind=behind) if function is not None else []
    return [*edits, *gone] if gone is not None else None


def _split(source: Source, gone: Gone, lines: Sequence[str], function: str) -> list[Edit] | None:
    """A call that stays without one of its keywords, and what comes behind its line."""
    site = site_of(source, gone.span, (function,))
    call = parsed(site.text) if site is not None else None
    kept = without_keyword(call, gone.without) if call is not None else None
    if site is None or kept is None:
        return None
    ends = source.text.find("\n", site.span.end)
    at = ends if ends >= 0 else len(source.text)
    behind = "".join(f"\n{site.base}{line}" for line in lines)
    return [
        Edit(source.path, site.span, shifted(kept, "", site.newline)),
        Edit(source.path, Span(at, at), behind),
    ]


class _Body(NamedTuple):
    """The lines that stand for one call in the new revision, outside its transaction (`block`) and in it."""

    block: list[str]
    plain: list[str]
    undo: list[str]
    undo_block: list[str]


def _said(
    source: Source, functions: Iterable[ast.FunctionDef | None], moved: Sequence[_Moved]
) -> dict[Span, list[str]]:
    """The comments of the calls in whose place nothing stays, by their spans."""
    calls = [each for unit in moved for each in (unit.gone, *unit.back)]
    cut = {each.span for each in calls if not (each.put or each.without)}
    return {
        span: comments_of(source, span, function, cut)
        for function in functions
        if function is not None
        for span in cut
        if python.span(source, function).start <= span.start < python.span(source, function).end
    }


def _body(source: Source, moved: _Moved, said: Mapping[Span, list[str]], guarded: bool) -> _Body | None:
    """What stands for a call, with its comments and those of what takes it back."""
    span = moved.gone.span
    comments = said.get(span, [])
    undone = [line for each in moved.back for line in said.get(each.span, ())]
    if not moved.block and not moved.plain:
        by = _UNIT if guarded else ""
        built = concurrently(source, span, moved.name, by) or _of_batch(source, span, by)
        if not built:
            return None
        return _Body([*built[:1], *comments, *built[1:]], [], [], [*undone, *built[:1]])
    lists = [sent_of("op", each) for each in (moved.block, moved.plain, moved.undo)]
    block, plain, undo = (each or [] for each in lists)
    if None in lists:
        return None
    (block or plain)[:0] = comments
    return _Body(block, plain, [*undone, *undo], [])


def _upgrade(bodies: Sequence[_Body], around: Around) -> list[str]:
    block = [line for each in bodies for line in each.block]
    return [*_blocked(block, around), *(line for each in bodies for line in each.plain)]


def _downgrade(bodies: Sequence[_Body], around: Around) -> list[str]:
    block = [line for each in reversed(bodies) for line in each.undo_block]
    return [*(line for each in reversed(bodies) for line in each.undo), *_blocked(block, around)]


def _on_postgres(body: list[str]) -> list[str]:
    return [on_postgres("op"), *(f"{_UNIT}{line}" for line in body)] if body else []


def _of_batch(source: Source, span: Span, by: str) -> list[str] | None:
    found = alone(source, span, by)
    return found[1] if found is not None else None


def _blocked(lines: list[str], around: Around) -> list[str]:
    if not lines:
        return []
    return [*around.opened("op"), *(f"{_UNIT}{line}" for line in around.within("op", lines))]


def _imports(source: Source, *bodies: list[str]) -> Iterator[ast.stmt]:
    """The imports of this revision that the new one's statements rest on, but for `op`."""
    used = {name for body in bodies for name in _names(ast.parse("\n".join(_flat(body))))} - {"op"}
    for statement in source.derive(python.parse).body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            bound = {(each.asname or each.name).partition(".")[0] for each in statement.names}
            if bound & used:
                yield statement


def _flat(body: list[str]) -> Iterator[str]:
    """The lines as a module of their own: what continues a call stands deeper than it anyway."""
    yield "if True:"
    yield f"{_UNIT}pass"
    yield from (f"{_UNIT}{line}" for line in body)


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _is_closed(new: NewFile) -> bool:
    """Whether every name that the new revision's functions use is one of its own."""
    module = ast.parse(new.text)
    bound = set(dir(builtins)) | {"op"}
    for statement in module.body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            bound |= {(each.asname or each.name).partition(".")[0] for each in statement.names}
    functions = [each for each in module.body if isinstance(each, ast.FunctionDef)]
    return all(_names(statement) <= bound for each in functions for statement in each.body)
