"""Mends of what stands in `op.batch_alter_table`: index operations that leave it, to run on their own."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from runcrew_lint.documents import python
from runcrew_lint.frozen import frozen
from runcrew_lint.mends.python import CREATE, DROP, dropped_first
from runcrew_lint.mends.python_block import Around, around_of, on_postgres
from runcrew_lint.mends.python_call import on_table, parsed, shifted, with_arguments
from runcrew_lint.mends.python_site import (
    Site,
    comments_above,
    indentation,
    names_of_op,
    newline_after,
    runs_on_postgres,
    statement_lines,
)
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Safety
from runcrew_lint.text import Source, Span

# What a later statement of the batch may be without a need for the index that leaves it.
_ADDITIVE = frozenset(
    {
        "create_index",
        "create_foreign_key",
        "create_check_constraint",
        "create_unique_constraint",
        "add_column",
    }
)


@frozen
class _Batch:
    """A batch whose body holds calls of its own name alone, one a statement."""

    source: Source
    function: ast.FunctionDef
    statement: ast.With
    alias: str
    table: dict[str, str]
    calls: tuple[tuple[ast.Expr, ast.Call], ...]

    def method(self, at: int) -> str:
        """What the call at that place does."""
        return self.calls[at][1].func.attr  # type: ignore[attr-defined, no-any-return]


def take_out(request: MendRequest, source: Source) -> Fix | None:
    """Moves the create_index, or the drop_index, calls of a batch behind or before it, CONCURRENTLY.

    All calls of the kind go together. Refused is a batch whose table or schema is no literal, one that
    copies the table (`recreate="always"`), one that holds anything but plain calls, and a call that
    something beside it may need: a drop behind another operation, a create before a drop or an alter.

    Arguments of the request:
        guarded: whether a database without IF EXISTS of an index runs the revision, too: there they stay
            in a batch.
        lock_timeout, statement_timeout, begun: as in `python_block.Around`.
    """
    batch = _batch_of(source, request.place.span)
    if batch is None:
        return None
    at = next(i for i, (_, call) in enumerate(batch.calls) if python.span(source, call) == request.place.span)
    kind = batch.method(at)
    if kind not in ("create_index", "drop_index"):
        return None
    moved = [i for i in range(len(batch.calls)) if batch.method(i) == kind]
    if kind == "create_index":
        clear = {batch.method(i) for i in range(moved[0], len(batch.calls))} <= _ADDITIVE
        title = "builds the index CONCURRENTLY, outside the batch and the transaction"
    else:
        clear = moved == list(range(len(moved)))
        title = "drops the index CONCURRENTLY, outside the batch and the transaction"
    told = dict(request.arguments)
    guarded = told.get("guarded") and not runs_on_postgres(batch.function, batch.calls[at][1])
    edits = (_guarded if guarded else _edits)(batch, moved, around_of(told)) if clear else None
    return Fix(title, Safety.SAFE, tuple(edits)) if edits else None


def alone(source: Source, span: Span, by: str = "") -> tuple[str, list[str]] | None:
    """The name of `op`, and the calls of it that stand for a create_index of a batch, on their own.

    They are moved to the right by so much.

    None where the batch does more than calls, or its table is no literal.
    """
    batch = _batch_of(source, span)
    if batch is None:
        return None
    at = next(i for i, (_, call) in enumerate(batch.calls) if python.span(source, call) == span)
    inner, newline = indentation(source, span.start), newline_after(source, span.end)
    if batch.method(at) != "create_index" or not inner or newline is None:
        return None
    lines = _calls(batch, at, inner, newline, by)
    return (batch.alias, lines) if lines else None


def _edits(batch: _Batch, moved: list[int], around: Around) -> list[Edit] | None:
    source, statement = batch.source, batch.statement
    base = indentation(source, python.span(source, statement).start)
    newline = newline_after(source, python.span(source, statement).end)
    body = python.span(source, statement.body[0]).start
    inner = indentation(source, body)
    whole = statement_lines(source, statement)
    if base is None or newline is None or not inner:
        return None
    if not source.text[whole.start : whole.end].endswith("\n"):
        return None
    head = (newline + base).join(around.opened(batch.alias))
    lines, gone = [], []
    for at in moved:
        calls = _calls(batch, at, inner, newline)
        if calls is None:
            return None
        text = (newline + inner).join(calls)
        place = _with_comments(source, batch.calls[at][0], inner)
        gone.append(place)
        span = python.span(source, batch.calls[at][0])
        lines.append(source.text[place.start : span.start] + text + source.text[span.end : place.end])
    lines[0] = "".join(f"{inner}{each}{newline}" for each in around.off(batch.alias)) + lines[0]
    lines[-1] += "".join(f"{inner}{each}{newline}" for each in around.on(batch.alias))
    if len(moved) == len(batch.calls):
        header = Span(python.span(source, statement).start, _after_header(batch))
        if "#" in source.text[header.start : header.end]:
            return None
        return [
            Edit(source.path, header, head),
            *(Edit(source.path, span, text) for span, text in zip(gone, lines, strict=True)),
        ]
    block = base + head + newline + "".join(lines)
    at_end = batch.method(moved[0]) == "create_index"
    place = Span(whole.end, whole.end) if at_end else Span(whole.start, whole.start)
    return [*(Edit(source.path, span, "") for span in gone), Edit(source.path, place, block)]


def _guarded(batch: _Batch, moved: list[int], around: Around) -> list[Edit] | None:
    """The edits where the calls leave the batch on PostgreSQL alone."""
    source, statement = batch.source, batch.statement
    span, body = python.span(source, statement), python.span(source, statement.body[0]).start
    base, inner = indentation(source, span.start), indentation(source, body)
    newline = newline_after(source, span.end)
    whole = statement_lines(source, statement)
    header = source.text[span.start : _after_header(batch)]
    if base is None or newline is None or not inner or not source.text[: whole.end].endswith("\n"):
        return None
    unit = inner.removeprefix(base)
    top = source.text.find("\n", span.start) + 1
    if "\n" in header or source.text[span.start + len(header) : top].strip():
        return None
    lines = [
        f"{base}{on_postgres(batch.alias)}",
        *(f"{inner}{each}" for each in around.opened(batch.alias)),
        *(f"{inner}{unit}{each}" for each in around.off(batch.alias)),
    ]
    kept = [f"{inner}{header}"]
    places = []
    for at in moved:
        mine = python.span(source, batch.calls[at][0])
        calls = _calls(batch, at, inner, newline, by=unit)
        own = parsed(source.text[mine.start : mine.end])
        if calls is None or own is None:
            return None
        place = _with_comments(source, batch.calls[at][0], inner)
        places.append(place)
        notes = source.text[place.start : mine.start].splitlines()
        behind = source.text[mine.end : place.end].rstrip()
        lines += [f"{inner}{unit}{each.strip()}" for each in notes if each.strip()]
        lines += [f"{inner}{unit}{each}" for each in (*calls[:-1], calls[-1] + behind)]
        kept.append(f"{inner}{unit}{shifted(own, unit, newline)}")
    lines += [f"{inner}{unit}{each}" for each in around.on(batch.alias)]
    block = "".join(f"{each}{newline}" for each in (*lines, f"{base}else:", *kept))
    if len(moved) == len(batch.calls):
        rest = source.text[top : whole.end]
        told = "".join(source.text[each.start : each.end] for each in places)
        return [Edit(source.path, whole, block)] if rest.split() == told.split() else None
    at_end = batch.method(moved[0]) == "create_index"
    edge = whole.end if at_end else whole.start
    return [*(Edit(source.path, each, "") for each in places), Edit(source.path, Span(edge, edge), block)]


def _after_header(batch: _Batch) -> int:
    """The offset behind the colon of `with ...:`."""
    source = batch.source
    item = batch.statement.items[0]
    end = python.span(source, item.optional_vars or item.context_expr).end
    return source.text.index(":", end) + 1


def _with_comments(source: Source, statement: ast.stmt, inner: str) -> Span:
    """The statement's lines, with the comments right above it that belong to it."""
    first = comments_above(source, statement.lineno - 1, inner)
    return Span(source.line_starts[first], statement_lines(source, statement).end)


def _calls(batch: _Batch, at: int, inner: str, newline: str, by: str = "") -> list[str] | None:
    """A call of the batch as calls of `op`, which say the table themselves, moved to the right."""
    statement, call = batch.calls[at]
    source = batch.source
    span = python.span(source, statement)
    if newline_after(source, span.end) is None or indentation(source, span.start) != inner:
        return None
    tree = parsed(_of_op(batch, span, call))
    if tree is None:
        return None
    unit = indentation(source, python.span(source, batch.function.body[0]).start) or inner
    site = Site(source, batch.function, call, span, inner + by, unit, newline, autocommit=True, shift=by)
    if batch.method(at) == "drop_index":
        named = on_table(tree, batch.table, keywords_alone=True)
        made = with_arguments(named, DROP) if named is not None else None
        return [shifted(made, by, newline)] if made is not None else None
    drop = dropped_first(tree, batch.alias, site, batch.table)
    named = on_table(tree, batch.table)
    made = with_arguments(named, CREATE) if named is not None else None
    return [drop, shifted(made, by, newline)] if drop and made is not None else None


def _of_op(batch: _Batch, span: Span, call: ast.Call) -> str:
    """A statement with `op` wherever the batch is named."""
    text = batch.source.text[span.start : span.end]
    named = batch.statement.items[0].optional_vars
    name = named.id if isinstance(named, ast.Name) else ""
    places = [
        python.span(batch.source, each)
        for each in ast.walk(call)
        if isinstance(each, ast.Name) and each.id == name
    ]
    for place in sorted(places, reverse=True):
        text = text[: place.start - span.start] + batch.alias + text[place.end - span.start :]
    return text


def _batch_of(source: Source, span: Span) -> _Batch | None:
    for function in source.derive(python.parse).body:
        if isinstance(function, ast.FunctionDef) and function.name == "upgrade":
            for statement in _withs(function.body):
                if any(python.span(source, each) == span for each in _values(statement)):
                    return _made(source, function, statement)
    return None


def _values(statement: ast.With) -> Iterator[ast.expr]:
    return (each.value for each in statement.body if isinstance(each, ast.Expr))


def _withs(body: list[ast.stmt]) -> Iterator[ast.With]:
    for statement in body:
        if isinstance(statement, ast.With):
            yield statement
        elif isinstance(statement, ast.If):
            yield from _withs([*statement.body, *statement.orelse])


def _made(source: Source, function: ast.FunctionDef, statement: ast.With) -> _Batch | None:
    (item, *others) = statement.items
    subject, name = item.context_expr, item.optional_vars
    if others or not isinstance(name, ast.Name) or not isinstance(subject, ast.Call):
        return None
    opened = subject.func
    if not isinstance(opened, ast.Attribute) or not isinstance(opened.value, ast.Name):
        return None
    if opened.attr != "batch_alter_table" or opened.value.id not in names_of_op(source):
        return None
    table = _table(source, subject)
    calls = []
    for each in statement.body:
        call = each.value if isinstance(each, ast.Expr) else None
        if not isinstance(each, ast.Expr) or not isinstance(call, ast.Call):
            return None
        called = call.func
        if not isinstance(called, ast.Attribute) or not isinstance(called.value, ast.Name):
            return None
        if called.value.id != name.id:
            return None
        calls.append((each, call))
    return _Batch(source, function, statement, opened.value.id, table, tuple(calls)) if table else None


def _table(source: Source, opened: ast.Call) -> dict[str, str]:
    """The literals that name the batch's table, as they are written; empty where others do."""
    given: dict[str, ast.expr] = dict(zip(("table_name", "schema"), opened.args, strict=False))
    given |= {each.arg or "**": each.value for each in opened.keywords}
    recreate = given.get("recreate")
    if "**" in given or len(opened.args) > 2 or "table_name" not in given:
        return {}
    if recreate is not None and not (isinstance(recreate, ast.Constant) and recreate.value != "always"):
        return {}
    found = {}
    for name in ("table_name", "schema"):
        value = given.get(name)
        if value is None or (isinstance(value, ast.Constant) and value.value is None):
            continue
        span = python.span(source, value)
        text = source.text[span.start : span.end]
        if not isinstance(value, ast.Constant) or not isinstance(value.value, str) or "\n" in text:
            return {}
        found[name] = text
    return found
